/** The one sentence that says how a run ended claims no more than was seen. */
import { expect, test } from 'vitest'
import { codes, type Tally } from './run.ts'
import { headline } from './wording.ts'

const tallied = (text: string): Tally => {
  const counts = text.split(' ').map(Number)
  return Object.fromEntries(codes.map((code, i) => [code, counts[i] ?? 0])) as Tally
}

// pass, warning, fail, skip, error
test.each([
  ['0 0 0 0 0', 'Nothing was played.'],
  ['9 0 0 0 0', 'Every requirement that was judged is met.'],
  ['9 1 0 0 0', 'No requirement failed; 1 scenario shows what should be better.'],
  ['9 2 0 0 0', 'No requirement failed; 2 scenarios show what should be better.'],
  ['9 0 0 1 0', 'No requirement failed; 1 scenario left something undecided.'],
  ['9 2 0 3 0', 'No requirement failed; 2 scenarios show what should be better, 3 left something undecided.'],
  ['0 0 0 3 0', 'Nothing could be judged.'],
  ['9 2 0 3 1', 'No requirement failed, but 1 scenario could not be played.'],
  ['9 2 1 3 1', '1 of 16 scenarios shows a requirement that is not met.'],
])('%s: %s', (counts, sentence) => {
  expect(headline(tallied(counts))).toBe(sentence)
  expect(headline(tallied(counts), 'it was interrupted')).toBe(`Incomplete. ${sentence}`)
})
