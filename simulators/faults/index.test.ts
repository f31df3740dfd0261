/** The list of faults holds together: unique names, rows that exist, requirements that exist and have a check. */
import { expect, it } from 'vitest'
import { clientFaults } from '../../flows/faults/index.ts'
import { guides } from '../../guides/index.ts'
import { faults } from './index.ts'

const checks = new Set(guides.flatMap((guide) => guide.checks).map(({ requirement }) => requirement))

it('names each fault once', () => {
  expect(faults.length).toBeGreaterThan(150)
  const ids = faults.map(({ id }) => id)
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
})

it('breaks only what a check judges', () => {
  const empty = faults.filter(({ breaks }) => breaks.length === 0).map(({ id }) => id)
  const unjudged = faults.flatMap(({ id, breaks }) => breaks.filter((b) => !checks.has(b)).map((b) => `${id}: ${b}`))
  expect({ empty, unjudged }).toEqual({ empty: [], unjudged: [] })
})

/** Why a check has no fault of its own. */
const withoutFault: Readonly<Record<string, string>> = {
  'BULK-087': 'shows at a payer whose files need no token: a variant and a client fault together',
  'CORE-066': 'shows at a payer that sends extensions of its own: a variant and a client fault together',
  'HREX-016': 'holds in HRex 1.0 alone, and no set of editions has it',
  'HREX-019': 'holds in HRex 1.0 alone, and no set of editions has it',
}

it('has a fault for every requirement that a check judges', () => {
  const broken = new Set([...faults, ...clientFaults].flatMap(({ breaks }) => breaks))
  const open = [...checks].filter((id) => !broken.has(id))
  expect(open.filter((id) => !(id in withoutFault))).toEqual([])
})
