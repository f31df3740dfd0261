/** What doctor makes of how a member of the cast was matched. */
import { expect, test } from 'vitest'
import { symptomOf } from './doctor-members.ts'

const matched = { names: true, status: 200, says: 'answers 200' }
const unmatched = { names: false, status: 422, says: 'answers 422' }

test.each([
  ['Ana Adams', matched, false, 'well', /200$/],
  ['Ana Adams', unmatched, false, 'ill', /does not find/],
  ['Ana Adams', { ...matched, names: false }, false, 'ill', /names nobody/],
  ['Cara Cruz', unmatched, false, 'well', /demands/],
  ['Cara Cruz', matched, false, 'ill', /to be refused/],
  ['Dev Desai', matched, false, 'well', /200$/],
  ['Dev Desai', unmatched, false, 'ill', /"blocked: true"/],
  ['Dev Desai', unmatched, 'blocked', 'well', /demands/],
  ['Dev Desai', matched, 'blocked', 'ill', /leave the word out/],
  ['Ben Brown', unmatched, false, 'ill', /"twins: true"/],
  ['Ben Brown', unmatched, 'twins', 'well', /demands/],
  ['Ben Brown', matched, 'twins', 'ill', /leave the word out/],
] as const)('%s: %o, by the plan %s, is %s', (name, came, because, state, words) => {
  const symptom = symptomOf(name, came, because || undefined)
  expect(symptom.state).toBe(state)
  expect(`${symptom.says} ${symptom.remedy ?? ''}`.trim()).toMatch(words)
})
