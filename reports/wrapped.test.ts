import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import pc from 'picocolors'
import { expect, test } from 'vitest'
import { flowing, wrapped } from './wrapped.ts'

const paint = pc.createColors(true)

test('a line that fits stays as it is', () => {
  expect(wrapped('  ✓ pass    A name  1 verdict', 40)).toBe('  ✓ pass    A name  1 verdict')
  expect(wrapped(paint.bold('x'.repeat(40)), 40)).toBe(paint.bold('x'.repeat(40)))
})

test('a longer one goes on further in, and keeps what set its words apart', () => {
  expect(wrapped('  ✓ pass    A token to match members  7 verdicts, 79 ms', 40)).toBe(
    '  ✓ pass  A token to match members  7\n    verdicts, 79 ms',
  )
  expect(stripVTControlCharacters(wrapped(paint.dim('  what is told, in one colour'), 16))).toBe(
    '  what is told,\n    in one\n    colour',
  )
})

test('pieces are never cut', () => {
  expect(flowing(['✓ 12 pass', '  ✗ 3 fail', '  ! 1 error'], 20, '')).toBe('✓ 12 pass  ✗ 3 fail\n! 1 error')
  expect(wrapped('  html  reports/out/of-some-length/report.html', 20)).toBe(
    '  html\n    reports/out/of-some-length/report.html',
  )
})

test('property: no word is lost, and a line is too long only where a word is', () => {
  const word = fc.stringMatching(/^[a-z✓·]{1,12}$/)
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), fc.integer({ min: 20, max: 79 }), (words, width) => {
      const lines = wrapped(`  ${words.join(' ')}`, width).split('\n')
      expect(lines.join(' ').trim().split(/ +/)).toEqual(words)
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
    }),
  )
})
