/** Who tries what: only what reaches the faulty part, cheapest first, every check of a legal choice's neighbourhood. */
import { expect, it } from 'vitest'
import type { Fault } from '../simulators/faults/fault.ts'
import type { Fact } from './facts.ts'
import { samplePairs } from './pairs.ts'
import { covering, faultTrial, nextCandidate, variantTrial } from './plan.ts'

const fact = (id: string, cost: number, rows: readonly string[], ...requirements: readonly string[]): Fact => ({
  id,
  key: id,
  uri: `${id}.feature`,
  line: 1,
  edition: 0,
  code: 'pass',
  judged: requirements.map((requirement) => ({ requirement, check: `${requirement}/a`, code: 'pass' })),
  said: [],
  rows,
  moves: [],
  cost,
})
const fault = (id: string, route: string, ...breaks: readonly string[]): Fault => ({
  id,
  title: id,
  actor: 'responding payer',
  route,
  breaks,
  spoil: (honest) => honest,
})
const facts = [
  fact('long', 30, ['GET /a', 'POST /b'], 'PDEX-001', 'PDEX-002', 'PDEX-003'),
  fact('short', 3, ['GET /a'], 'PDEX-001'),
  fact('other', 2, ['GET /c'], 'PDEX-001'),
]
const planning = { facts, all: false }

it('plays only what reaches the faulty row and judges what it breaks', () => {
  expect(faultTrial(planning, fault('x', 'GET /a', 'PDEX-001')).candidates).toEqual(['short', 'long'])
  expect(faultTrial(planning, fault('x', 'POST *', 'PDEX-002')).candidates).toEqual(['long'])
  expect(faultTrial(planning, fault('x', 'GET /nowhere', 'PDEX-001')).candidates).toEqual([])
  expect(faultTrial({ facts, all: true }, fault('x', 'GET /a', 'PDEX-009')).candidates).toEqual(['short', 'long'])
})

it('takes the scenario that judges most for its cost', () => {
  expect(nextCandidate(facts, new Set(), [['PDEX-001']])?.id).toBe('other')
  expect(nextCandidate(facts, new Set(['other', 'short']), [['PDEX-001'], ['PDEX-002']])?.id).toBe('long')
  expect(nextCandidate(facts, new Set(), [['PDEX-009']])).toBeUndefined()
})

it('covers every check with few scenarios, each in one of its editions', () => {
  const every = new Set(['PDEX-001', 'PDEX-002', 'PDEX-003'])
  expect(covering(facts, every, 'v').map(({ id }) => id)).toEqual(['other', 'long'])
  const later = facts.map((one) => ({ ...one, id: `${one.id}-later`, edition: 1 }))
  const both = covering([...facts, ...later], every, 'v')
  expect(both.flatMap(({ judged }) => judged.map(({ check }) => check))).toEqual(
    expect.arrayContaining(['PDEX-001/a', 'PDEX-002/a', 'PDEX-003/a']),
  )
  expect(both.length).toBeLessThan(5)
  const editions = ['a', 'b', 'c', 'd', 'e', 'f'].map((salt) => covering([...facts, ...later], every, salt)[0]?.edition)
  expect(new Set(editions).size).toBe(2)
  const variant = { id: 'v', title: 'v', source: 's', touches: ['PDEX-003'] }
  expect(variantTrial(planning, variant).candidates).toEqual(['long'])
})

it('draws the same pairs by the same seed, and none that names the same requirement', () => {
  const list = ['a', 'b', 'c', 'd', 'e'].map((id, i) => fault(id, '*', `PDEX-00${i % 3}`))
  const drawn = samplePairs(list, 5, 'seed')
  expect(drawn).toEqual(samplePairs(list, 5, 'seed'))
  expect(drawn).toHaveLength(5)
  for (const [one, other] of drawn) expect(one.breaks).not.toEqual(other.breaks)
})
