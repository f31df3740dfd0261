/** A matrix of every state, with hostile text, for the tests of the matrix and of its page. */
import { sampleCatalogue } from '../sample-data.ts'
import type { Matrix, MatrixRow } from './rows.ts'

const hostile = '</script><script>alert(1)</script> | =1+1 "x"'
const none = { checks: [], scenarios: 0, faults: 0, variants: 0 }
const rows = sampleCatalogue.map((requirement, at): MatrixRow => {
  if (at === 0)
    return { ...none, requirement: { ...requirement, statement: hostile }, state: 'untested', because: hostile }
  if (at === 1) return { ...none, requirement, state: 'attested', because: 'Only a person can show it.' }
  const judged = { checks: ['It holds'], scenarios: 2, faults: 1, variants: 1 }
  return { ...judged, requirement, state: 'judged', verdict: { code: at === 2 ? 'fail' : 'pass', scenarios: 2 } }
})
const keys = [...new Set(rows.map(({ requirement }) => requirement.guide))]
/** What the tests draw: the first row is untested and hostile, the second attested, the third fails. */
export const sampleMatrix: Matrix = {
  version: '0.0.0',
  guides: keys.map((key) => ({ key, title: `Guide ${key}`, versions: ['1.0.0', '2.0.0'] })),
  rows,
  run: { id: 'run-1', startedAt: '2026-03-02T15:00:00.000Z' },
}
