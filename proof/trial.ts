/** The nouns of the proof: what is tried, and what came of it. */
import type { VerdictCode } from '../harness/verdict.ts'
import type { Pointing } from './pointing.ts'

/** A system wrong in one way, a client wrong in one way, a legal choice, two faults at once. */
export type TrialKind = 'fault' | 'client fault' | 'variant' | 'pair'

export interface Trial {
  readonly id: string
  readonly kind: TrialKind
  /** Ids of the faults or of the variant. */
  readonly subjects: readonly string[]
  readonly title: string
  /** Each is a set of requirements of which one must be found unmet; a fault has one of one for each that it names. */
  readonly goals: readonly (readonly string[])[]
  /** Requirements that a legal choice may leave at a warning, because the guide only says SHOULD. */
  readonly mayWarn: readonly string[]
  /** Ids of the scenarios that can show it, cheapest first. */
  readonly candidates: readonly string[]
  /** Ids of those that caught it the last time: played first. */
  readonly hints?: readonly string[]
  /** Go on when every goal is reached. */
  readonly all: boolean
}

/** One check found a requirement unmet that it finds met without the fault. */
export interface Catch {
  readonly requirement: string
  readonly check: string
  readonly code: VerdictCode
  readonly scenario: string
  readonly pointing: Pointing
  readonly message: string
}

export interface Outcome {
  readonly id: string
  readonly kind: TrialKind
  readonly subjects: readonly string[]
  readonly title: string
  readonly goals: readonly (readonly string[])[]
  /** Of requirements that the trial names, at the right exchange. */
  readonly caught: readonly Catch[]
  /** Of requirements that the trial names, at another exchange: these do not count. */
  readonly misplaced: readonly Catch[]
  /** Of requirements that it does not name: a consequence for a fault, an alarm for a variant. */
  readonly collateral: readonly Catch[]
  /** Checks that the legal choice keeps from being decided. */
  readonly undecided: readonly string[]
  /** Keys of the scenarios played, in order. */
  readonly played: readonly string[]
}

export type State = 'caught' | 'masked' | 'survived' | 'quiet' | 'alarm'

/** What came of it, in a word. */
export function stateOf({ kind, goals, caught, collateral }: Outcome): State {
  if (kind === 'variant') return collateral.length > 0 ? 'alarm' : 'quiet'
  const reached = goals.filter((goal) => caught.some(({ requirement }) => goal.includes(requirement)))
  if (reached.length === goals.length) return 'caught'
  return kind === 'pair' && reached.length > 0 ? 'masked' : 'survived'
}

/** Requirements that nobody found unmet at the right exchange. */
export const missedOf = ({ goals, caught }: Outcome): string[] =>
  goals.filter((goal) => !caught.some(({ requirement }) => goal.includes(requirement))).map((goal) => goal.join(' or '))
