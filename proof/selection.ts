/**
 * What of a proof is made after a change: what the change touches. Where that is more than a short proof can play, a sample
 * is drawn, another one for every change, and the proof says of how many.
 */
import { createHash } from 'node:crypto'
import { type Touched, touchedFacts } from './changed.ts'
import type { Fact } from './facts.ts'
import type { Memory } from './memory.ts'
import type { Trial } from './trial.ts'

/** Exchanges that one process plays in a few seconds: at most half for scenarios as they are, the rest for trials. */
export const shortProof = 500

export interface Sample<T> {
  readonly taken: readonly T[]
  readonly of: number
}

/** An order that the salt alone decides. */
const chance =
  (salt: string) =>
  ({ id }: { readonly id: string }): string =>
    createHash('sha1').update(`${salt} ${id}`).digest('hex')

/** As much of it as the price allows, in the order of rank; at least one. */
export function sample<T>(
  list: readonly T[],
  rankOf: (one: T) => string | number,
  priceOf: (one: T) => number,
  most: number,
): Sample<T> {
  const ranked = list.map((one) => ({ one, rank: rankOf(one) })).toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
  let spent = 0
  const taken = new Set<T>()
  for (const { one } of ranked) {
    const price = priceOf(one)
    if (taken.size > 0 && spent + price > most) continue
    spent += price
    taken.add(one)
  }
  return { taken: list.filter((one) => taken.has(one)), of: list.length }
}

/** Remembered scenarios to play again as they are; those of changed features are all played anyway, and are not among them. */
export function scenariosAfter(memory: Memory, touched: Touched, salt: string, jobs: number): Sample<Fact> {
  const again = touchedFacts(memory.facts, touched).filter(({ uri }) => !touched.features.has(uri))
  return sample(again, chance(salt), ({ cost }) => cost, (shortProof * jobs) / 2)
}

/** Trials that the change may make come out otherwise, each with what caught it last time in front. */
export function trialsAfter(
  trials: readonly Trial[],
  facts: ReadonlyMap<string, Fact>,
  { killers, open }: Memory,
  { features, requirements, subjects, shared }: Touched,
  salt: string,
  most: number,
): Sample<Trial> {
  const byKey = new Map([...facts.values()].map((fact) => [fact.key, fact.id]))
  const inFeature = (key: string): boolean => [...features].some((uri) => key.startsWith(`${uri}:`))
  const isTouched = ({ id, goals, subjects: own }: Trial): boolean =>
    open.includes(id) ||
    own.some((one) => subjects.has(one)) ||
    goals.some((goal) => goal.some((one) => requirements.has(one))) ||
    (killers[id] ?? []).some(inFeature)
  const hinted = trials.map((trial) => ({
    ...trial,
    hints: (killers[trial.id] ?? []).flatMap((key) => byKey.get(key) ?? []),
  }))
  const price = ({ hints, candidates, goals, kind }: Trial): number => {
    const likely =
      hints && hints.length > 0 ? hints : candidates.slice(0, kind === 'variant' ? undefined : goals.length)
    return likely.reduce((sum, id) => sum + (facts.get(id)?.cost ?? 0) + 3, 0)
  }
  // Of what is touched as many as can be; of what only uses something shared, whatever chance draws.
  const near = sample(hinted.filter(isTouched), price, price, most)
  if (shared.length === 0) return near
  const spent = near.taken.reduce((sum, trial) => sum + price(trial), 0)
  const rest = hinted.filter((trial) => !isTouched(trial))
  const far = spent < most ? sample(rest, chance(salt), price, most - spent) : { taken: [], of: rest.length }
  return { taken: [...near.taken, ...far.taken], of: near.of + far.of }
}
