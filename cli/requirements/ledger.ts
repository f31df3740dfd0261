/** What the verbs about requirements know of each: its state, its checks, its scenarios, and what proves and tries them. */

import type { Guide } from '../../guides/guide.ts'
import type { State } from '../../guides/state.ts'
import type { Check } from '../../harness/check.ts'
import { HarnessError } from '../../harness/errors.ts'
import { nearest } from '../../harness/nearest.ts'
import type { Requirement } from '../../harness/requirement.ts'
import type { WrittenScenario } from '../../steps/features.ts'

/** A requirement with what becomes of it here. */
export interface Entry {
  readonly guide: Guide
  readonly requirement: Requirement
  readonly state: State
  /** Why it is not judged. */
  readonly because?: string
  readonly checks: readonly Check[]
  readonly scenarios: readonly WrittenScenario[]
}

/** Every requirement of every guide. */
export async function entries(): Promise<readonly Entry[]> {
  const [{ guides }, { playedOf, standingOf }, { promisedBy, writtenScenarios }] = await Promise.all([
    import('../../guides/index.ts'),
    import('../../guides/state.ts'),
    import('../../steps/features.ts'),
  ])
  const written = writtenScenarios()
  const all = guides.flatMap(({ requirements }) => requirements)
  const judging = guides.flatMap(({ checks }) => checks)
  const played = playedOf(all, judging, promisedBy(written))
  const checks = grouped(judging, ({ requirement }) => [requirement])
  const scenarios = grouped(written, ({ promises }) => promises)
  return guides.flatMap((guide) =>
    guide.requirements.map((requirement) => ({
      guide,
      requirement,
      ...standingOf(requirement, played),
      checks: checks.get(requirement.id) ?? [],
      scenarios: scenarios.get(requirement.id) ?? [],
    })),
  )
}

/** A fault or a variant, as far as a requirement is concerned. */
export interface Subject {
  readonly id: string
  readonly title: string
}

/** What breaks each requirement, and what legal choices come near it. */
export async function subjects(): Promise<{
  readonly faults: ReadonlyMap<string, readonly Subject[]>
  readonly variants: ReadonlyMap<string, readonly Subject[]>
  readonly totals: { readonly faults: number; readonly variants: number }
}> {
  const [{ faults }, { clientFaults }, { variants }] = await Promise.all([
    import('../../simulators/faults/index.ts'),
    import('../../flows/faults/index.ts'),
    import('../../simulators/variants/index.ts'),
  ])
  const wrong = [...faults, ...clientFaults]
  return {
    faults: grouped<Subject & { readonly breaks: readonly string[] }>(wrong, ({ breaks }) => breaks),
    variants: grouped(variants, ({ touches }) => touches),
    totals: { faults: wrong.length, variants: variants.length },
  }
}

function grouped<T>(items: readonly T[], by: (item: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items)
    for (const key of by(item)) {
      const here = groups.get(key)
      if (here) here.push(item)
      else groups.set(key, [item])
    }
  return groups
}

/** The one with that id, or that key of its guide. Throws `bad-input` with those that come nearest. */
export function entryOf(all: readonly Entry[], wanted: string): Entry {
  const text = wanted.toLowerCase().replace(/^[@§]/, '')
  const found = all.find(({ requirement }) => requirement.id.toLowerCase() === text)
  if (found) return found
  const keyed = all.filter(({ requirement }) => hasKey(requirement, text))
  if (keyed.length === 1) return keyed[0] as Entry
  if (keyed.length > 1)
    throw new HarnessError('bad-input', `"${wanted}" is a key of several statements`, {
      remedy: `one of: ${keyed.map(({ requirement }) => requirement.id).join(', ')}`,
    })
  const ids = all.map(({ requirement }) => requirement.id)
  throw new HarnessError('bad-input', `no guide has a statement "${wanted}"`, {
    remedy: `the nearest are ${nearest(wanted.toUpperCase(), ids).join(', ')}; "npx vitruvian requirements --text word" finds by words`,
  })
}

/** `pdex-199`, and with its guide `hrex:mm-9`, in lower case. */
const keysOf = ({ guide, keys = {} }: Requirement): string[] =>
  Object.values(keys).flatMap((list) => list.flatMap((key) => [key.toLowerCase(), `${guide}:${key.toLowerCase()}`]))

/** Does its guide call it that, in whatever case? */
export const hasKey = (requirement: Requirement, key: string): boolean =>
  keysOf(requirement).includes(key.toLowerCase())
