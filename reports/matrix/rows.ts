/** What the matrix shows: every requirement of every guide, what becomes of it here, and how it was last judged. */
import { type State, states } from '../../guides/state.ts'
import type { Requirement } from '../../harness/requirement.ts'
import { type Verb, type VerdictCode, verbs } from '../../harness/verdict.ts'

export interface LastVerdict {
  /** The worst of the run. */
  readonly code: VerdictCode
  /** Scenarios that judged it. */
  readonly scenarios: number
}

export interface MatrixRow {
  readonly requirement: Requirement
  readonly state: State
  /** Why it is not judged; absent when it is. */
  readonly because?: string
  /** Titles of the checks. */
  readonly checks: readonly string[]
  /** How many scenarios promise it, rows of examples counted. */
  readonly scenarios: number
  readonly faults: number
  readonly variants: number
  readonly verdict?: LastVerdict
}

/** The run that the verdicts are from. */
export interface MatrixRun {
  readonly id: string
  readonly startedAt: string
  /** Why it is not a whole run. */
  readonly incomplete?: string
}

export interface Matrix {
  readonly version: string
  readonly guides: readonly { readonly key: string; readonly title: string; readonly versions: readonly string[] }[]
  readonly rows: readonly MatrixRow[]
  readonly run?: MatrixRun
}

export type Counts = Readonly<Record<State, number>>

/** How many rows are in each state. */
export function countStates(rows: readonly { readonly state: State }[]): Counts {
  const counts = Object.fromEntries(states.map((state) => [state, 0])) as Record<State, number>
  for (const { state } of rows) counts[state] += 1
  return counts
}

/** One line for each level that occurs, in the order of their weight. */
export const byLevel = (rows: readonly MatrixRow[]): readonly { readonly level: Verb; readonly counts: Counts }[] =>
  verbs.flatMap((level) => {
    const here = rows.filter(({ requirement }) => requirement.level === level)
    return here.length > 0 ? [{ level, counts: countStates(here) }] : []
  })

/** The guide's own keys, each with the edition that gives it: `pdex-199 (2.2)`. */
export const keysText = ({ keys = {} }: Requirement): string =>
  Object.entries(keys)
    .map(([edition, list]) => `${list.join(', ')} (${edition})`)
    .join('; ')

/** `judged` or `not yet: its flow ...`: the state with its reason, as a sentence shows it. */
export const stateText = ({ state, because }: Pick<MatrixRow, 'state' | 'because'>): string =>
  because ? `${state}: ${because}` : state
