/** What the honest run teaches: for each scenario what it judged, whom it called, what was said, and what it costs. */
import type { VerdictCode } from '../harness/verdict.ts'

/** One check in one scenario; a check that several sentences judge stands here several times, in their order. */
export interface Judged {
  readonly requirement: string
  readonly check: string
  readonly code: VerdictCode
}

/** One exchange as the comparison sees it. */
export interface Said {
  /** Who asked what of whom, and the how-manieth time: the same in two plays of one scenario. */
  readonly key: string
  /** Of question and answer, without what is new in every play. */
  readonly digest: string
  /** Something was left out of the digest: keys, signatures, random ids. */
  readonly blind: boolean
}

export interface Fact {
  /** Name of the tenant as well: the same scenario in the same edition has the same chances whenever it is played. */
  readonly id: string
  /** To read: `features/a.feature: name (example), PDex 2.2.0`. */
  readonly key: string
  readonly uri: string
  readonly line: number
  /** Which of the sets of editions. */
  readonly edition: number
  readonly code: VerdictCode
  readonly judged: readonly Judged[]
  readonly said: readonly Said[]
  /** Rows of the simulated systems that it reached, by name. */
  readonly rows: readonly string[]
  /** Who made which moves: `requesting payer: search`. */
  readonly moves: readonly string[]
  /** Exchanges, and one for opening: the same on every machine, unlike time. */
  readonly cost: number
}

/** Codes that say that something is not as it should be. */
export const unmetCodes: readonly VerdictCode[] = ['fail', 'warning', 'error']

/** Finding without a fault: the honest systems must pass. */
export interface Alarm {
  readonly scenario: string
  readonly requirement: string
  readonly check: string
  readonly code: VerdictCode
  readonly message: string
}

/** The how-manieth judgement of each check: what a second play is compared with. */
export function inOrder(judged: readonly Judged[]): ReadonlyMap<string, VerdictCode> {
  const counts = new Map<string, number>()
  return new Map(judged.map(({ check, code }) => [`${check}#${next(counts, check)}`, code] as const))
}

/** Counts on: 1 for the first. */
export function next(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}
