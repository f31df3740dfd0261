/** The lists hold together: ids, verbs, reasons, and no check that passes on nothing. */
import { describe, expect, it } from 'vitest'
import { verdictOf } from '../harness/check.ts'
import { holdsAt } from '../harness/edition.ts'
import type { Scene } from '../harness/scene.ts'
import { Transcript } from '../harness/transcript.ts'
import { editionSets } from './editions.ts'
import { guides } from './index.ts'

const requirements = guides.flatMap((guide) => guide.requirements)
const checks = guides.flatMap((guide) => guide.checks)

/** Flows of the exchange of one member between payers: what is automatic in them is judged, or says why not. */
const playedFlows: Readonly<Record<string, readonly string[] | 'all'>> = {
  pdex: ['TF', 'MTLS', 'DCR', 'TOK', 'MM', 'RET', 'PROV', 'DATA', 'CAP', 'GEN'],
  hrex: ['MTLS', 'DCR', 'TOK', 'MM', 'RET', 'PROV', 'GEN'],
  auth: 'all',
  ndh: 'all',
  core: 'all',
  bulk: [],
}

describe('the ledger', () => {
  it('has unique ids and an address for each statement', () => {
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length)
    expect(requirements.filter(({ url }) => !url.startsWith('https://'))).toEqual([])
  })

  it('has version notes that can be read', () => {
    for (const { versions } of requirements)
      for (const set of editionSets) expect(() => holdsAt(versions, set.pdex ?? '')).not.toThrow()
  })

  it('has a check or a written reason for every automatic statement of the flows that are played', () => {
    const silent = guides.flatMap((guide) => {
      const flows = playedFlows[guide.key] ?? []
      const judged = new Set(guide.checks.map((check) => check.requirement))
      return guide.requirements
        .filter((r) => r.testability.startsWith('automatic') && (flows === 'all' || flows.includes(r.flow)))
        .filter((r) => !judged.has(r.id) && !r.untested)
        .map((r) => r.id)
    })
    expect(silent).toEqual([])
  })

  it('gives no reason for what is judged, and none for what does not exist', () => {
    const judged = new Set(checks.map((check) => check.requirement))
    const ids = new Set(requirements.map(({ id }) => id))
    const reasons = guides.flatMap((guide) => Object.keys(guide.untested))
    expect(reasons.filter((id) => judged.has(id) || !ids.has(id))).toEqual([])
  })
})

describe('the checks', () => {
  const levels = new Map(requirements.map(({ id, level }) => [id, level]))

  it('have unique names, and the verb of their statement', () => {
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
    expect(checks.filter(({ requirement, verb }) => levels.get(requirement) !== verb).map(({ id }) => id)).toEqual([])
  })

  it.each(editionSets.map((editions) => [editions.pdex, editions] as const))(
    'pass nothing on an empty transcript (%s)',
    (_version, editions) => {
      const scene: Scene = {
        editions,
        now: '2026-03-02T15:00:00.000Z',
        facts: {},
        requester: 'requesting payer',
        responder: 'responding payer',
      }
      const others = checks.filter((check) => verdictOf(check, new Transcript(), scene).code !== 'skip')
      expect(others.map(({ id }) => id)).toEqual([])
    },
  )
})
