/** The one sentence that says how a run ended claims no more than was seen. */
import { expect, test } from 'vitest'
import { codes, type Tally } from './run.ts'
import { headline } from './wording.ts'

const tallied = (text: string): Tally => {
  const counts = text.split(' ').map(Number)
  return Object.fromEntries(codes.map((code, i) => [code, counts[i] ?? 0])) as Tally
}

// Scenarios, as pass, warning, fail, skip, error; requirements of which something is undecided.
test.each([
  ['0 0 0 0 0', 0, 'Nothing was played.'],
  ['9 0 0 0 0', 0, 'Every requirement that was judged is met.'],
  ['9 1 0 0 0', 0, 'No requirement failed; 1 scenario shows what should be better.'],
  ['9 2 0 0 0', 0, 'No requirement failed; 2 scenarios show what should be better.'],
  ['9 0 0 1 0', 1, 'No requirement failed; of 1 requirement something was left undecided.'],
  // A scenario passes by what it judged, and its other requirements are undecided all the same.
  ['9 0 0 0 0', 4, 'No requirement failed; of 4 requirements something was left undecided.'],
  [
    '9 2 0 3 0',
    5,
    'No requirement failed; 2 scenarios show what should be better, of 5 requirements something was left undecided.',
  ],
  ['0 0 0 3 0', 3, 'Nothing could be judged.'],
  ['9 2 0 3 1', 3, 'No requirement failed, but 1 scenario could not be played.'],
  ['9 2 1 3 1', 3, '1 of 16 scenarios shows a requirement that is not met.'],
])('%s, undecided %i: %s', (counts, skip, sentence) => {
  const sums = { scenarios: tallied(counts), requirements: tallied(`0 0 0 ${skip} 0`) }
  expect(headline(sums)).toBe(sentence)
  expect(headline(sums, 'it was interrupted')).toBe(`Incomplete. ${sentence}`)
})
