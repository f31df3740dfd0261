/** Marks are found where somebody is told of, and not where digits stand by chance. */
import { expect, test } from 'vitest'
import { mayTell, tells } from './words.ts'

test.each([
  ['the member 4711 is known', '4711', true],
  ['Patient/4711', '4711', true],
  [`token ${Buffer.from('OM-10001-7').toString('base64')}`, 'OM-10001-7', true],
  ['https://payer.example/OM%7C1', 'OM|1', true],
  ['{"lastUpdated":"2026-03-02T15:00:00.000Z"}', '2026', false],
  ['{"id":"6f3a1c52-4711-4f0e-9b3a-0123456789ab"}', '4711', false],
  ['a47110', '4711', false],
])('%s tells %s: %s', (text, mark, expected) => {
  expect(tells(text, mark)).toBe(expected)
})

test('a number in a header that counts the message is nobody', () => {
  expect(mayTell('Content-Length', '1001')).toBe(false)
  expect(mayTell('X-Correlation-Id', '1001')).toBe(false)
  expect(mayTell('X-Correlation-Id', 'OM-10001-7')).toBe(true)
  expect(mayTell('Location', '1001')).toBe(true)
})
