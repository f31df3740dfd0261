/** The numbers in the README are those of today: nobody typed them, and nobody forgot them. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { countsBlock, readmePath, withCounts } from './counts.ts'

it('are in the README as `npm run counts` writes them', async () => {
  const readme = readFileSync(readmePath, 'utf8').replaceAll('\r\n', '\n')
  expect(readme, 'stale: npm run counts').toBe(withCounts(readme, await countsBlock()))
})

it('change nothing outside of their marks', () => {
  const text = 'before\n<!-- counts -->\nold\n<!-- /counts -->\nafter\n'
  expect(withCounts(text, 'new')).toBe('before\n<!-- counts -->\nnew\n<!-- /counts -->\nafter\n')
  expect(() => withCounts('no marks', 'new')).toThrow(RangeError)
})
