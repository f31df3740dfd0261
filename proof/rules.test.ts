/** What must hold between checks, faults and variants, over the lists: nothing is unproven, and nothing proves what is not there. */
import { describe, expect, it } from 'vitest'
import { clientFaults } from '../flows/faults/index.ts'
import { isPlayable } from '../guides/editions.ts'
import { guides } from '../guides/index.ts'
import { faults } from '../simulators/faults/index.ts'
import { variants } from '../simulators/variants/index.ts'
import unguarded from './unguarded.json' with { type: 'json' }

const requirements = new Map(guides.flatMap((guide) => guide.requirements).map((one) => [one.id, one]))
const checked = new Set(guides.flatMap(({ checks }) => checks).map(({ requirement }) => requirement))
const wrong = [...faults, ...clientFaults]
const broken = new Set(wrong.flatMap(({ breaks }) => breaks))
const excepted = Object.keys(unguarded)

describe('no check without a fault', () => {
  it('but for those that proof/unguarded.json lists with a reason', () => {
    expect([...checked].filter((id) => !broken.has(id) && !excepted.includes(id))).toEqual([])
  })

  it('and that list only shrinks: what a fault breaks is taken off it', () => {
    expect(excepted.filter((id) => broken.has(id) || !checked.has(id))).toEqual([])
    expect(excepted.length).toBeLessThanOrEqual(2)
    for (const reason of Object.values(unguarded)) expect(reason.length).toBeGreaterThan(30)
  })
})

describe('no fault without a requirement', () => {
  it('names each fault and variant once', () => {
    const ids = [...wrong, ...variants].map(({ id }) => id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })

  it('breaks something, and only what a check judges in an edition that is played', () => {
    const loose = wrong.flatMap(({ id, breaks }) =>
      breaks
        .filter((one) => {
          const requirement = requirements.get(one)
          return !requirement || !checked.has(one) || !isPlayable(requirement)
        })
        .map((one) => `${id}: ${one}`),
    )
    expect(loose).toEqual([])
    expect(wrong.filter(({ breaks }) => breaks.length === 0).map(({ id }) => id)).toEqual([])
  })

  it('names a legal choice that exists wherever a client must face one', () => {
    const facing = clientFaults.flatMap(({ facing }) => facing ?? [])
    expect(facing.filter((id) => !variants.some((variant) => variant.id === id))).toEqual([])
  })

  it('a variant comes near requirements that exist', () => {
    const unknown = variants.flatMap(({ id, touches, mayWarn = [] }) =>
      [...touches, ...mayWarn].filter((one) => !requirements.has(one)).map((one) => `${id}: ${one}`),
    )
    expect(unknown).toEqual([])
  })
})
