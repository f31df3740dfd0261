/** The list of faults holds together: unique names, rows that exist, requirements that exist and have a check. */
import { expect, it } from 'vitest'
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
