/** The lists hold together: ids, verbs, reasons, and no check that passes on nothing. */
import { describe, expect, it } from 'vitest'
import { verdictOf } from '../harness/check.ts'
import { holdsAt, majorMinor } from '../harness/edition.ts'
import { isAutomatic, isRequirementId } from '../harness/requirement.ts'
import type { Scene } from '../harness/scene.ts'
import { Transcript } from '../harness/transcript.ts'
import { promisedBy, writtenScenarios } from '../steps/features.ts'
import corrections from './corrections.json' with { type: 'json' }
import { editionSets } from './editions.ts'
import { guides } from './index.ts'
import { playedOf, statesHolding } from './state.ts'

const requirements = guides.flatMap((guide) => guide.requirements)
const checks = guides.flatMap((guide) => guide.checks)

const scenarios = writtenScenarios()
const played = playedOf(requirements, checks, promisedBy(scenarios))

describe('the ledger', () => {
  it('is whole: every statement that was collected', () => {
    expect(requirements).toHaveLength(1292)
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length)
    expect(requirements.filter(({ id }) => !isRequirementId(id))).toEqual([])
  })

  it('opens an address for each statement, in every edition in which it holds', () => {
    const shut = guides.flatMap((guide) =>
      guide.requirements.flatMap((r) =>
        guide.versions
          .filter((version) => holdsAt(r.versions, version))
          .map((version) => guide.pageOf(r.where, version, r.keys?.[majorMinor(version)]?.[0]))
          .filter((url) => !URL.canParse(url) || !url.startsWith('https://') || /undefined|null/.test(url)),
      ),
    )
    expect(shut).toEqual([])
  })

  it('names editions that the guide has, and holds in one of them', () => {
    const wrong = guides.flatMap((guide) => {
      const known = guide.versions.map(majorMinor)
      return guide.requirements
        .filter(
          (r) =>
            !guide.versions.some((version) => holdsAt(r.versions, version)) ||
            [...Object.keys(r.levels ?? {}), ...Object.keys(r.keys ?? {})].some(
              (edition) => !known.includes(edition),
            ) ||
            Object.keys(r.levels ?? {}).some((edition) => holdsAt(r.versions, edition)),
        )
        .map(({ id }) => id)
    })
    expect(wrong).toEqual([])
  })

  it('seats every actor, but the authors of guides', () => {
    const unseated = requirements.filter(({ seats, actor }) => seats.length === 0 && actor !== 'ig-author')
    expect(unseated.map(({ id }) => id)).toEqual([])
  })

  it('says why exactly what is not automatic is not', () => {
    const wrong = requirements.filter((r) => isAutomatic(r) === (r.reason !== undefined))
    expect(wrong.map(({ id }) => id)).toEqual([])
  })

  it('has every statement in exactly one state', () => {
    const wrong = requirements
      .map((r) => ({ id: r.id, states: statesHolding(r, played) }))
      .filter((one) => one.states.length !== 1)
    expect(wrong).toEqual([])
  })

  it('gives no reason for what does not exist', () => {
    const ids = new Set(requirements.map(({ id }) => id))
    expect(guides.flatMap((guide) => Object.keys(guide.untested)).filter((id) => !ids.has(id))).toEqual([])
  })

  it('lists each correction once, and stands as corrected', () => {
    const rows = new Map<string, Record<string, unknown>>(requirements.map((r) => [r.id, { ...r }]))
    expect(new Set(corrections.map(({ id, field }) => `${id} ${field}`)).size).toBe(corrections.length)
    for (const { id, field, from, to, because } of corrections) {
      expect(rows.get(id)?.[field], `${id} ${field}`).toEqual(to)
      expect(from).not.toEqual(to)
      expect(because.length).toBeGreaterThan(30)
    }
  })
})

describe('the promise of tags, over the lists', () => {
  const checked = new Set(checks.map((check) => check.requirement))

  it('promises nothing that no check judges', () => {
    expect([...promisedBy(scenarios)].filter((id) => !checked.has(id))).toEqual([])
  })

  it('leaves no check without a scenario that promises its statement', () => {
    const promised = promisedBy(scenarios)
    expect([...checked].filter((id) => !promised.has(id))).toEqual([])
  })

  it('promises something in every scenario', () => {
    expect(scenarios.filter(({ promises }) => promises.length === 0).map(({ uri, name }) => `${uri}: ${name}`)).toEqual(
      [],
    )
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
