/** What the outcomes say together: the kill matrix, survivors, alarms, and which checks, scenarios and faults stand alone. */
import type { Requirement } from '../harness/requirement.ts'
import type { Verb } from '../harness/verdict.ts'
import type { Alarm, Fact } from './facts.ts'
import { missedOf, type Outcome, type State, stateOf } from './trial.ts'

/** An outcome with its word, and what nobody found. */
export interface Row extends Outcome {
  readonly state: State
  readonly missed: readonly string[]
}

/** Where a requirement stands after the proof. */
export type Standing = 'proven' | 'survived' | 'no fault' | 'not judged'

export interface Level {
  readonly level: Verb
  readonly proven: number
  readonly survived: number
  readonly noFault: number
  readonly notJudged: number
}

export interface Matrix {
  /** Without any fault, and under legal choices. */
  readonly alarms: readonly Alarm[]
  readonly rows: readonly Row[]
  readonly counts: Readonly<Record<State, number>>
  /** Faults for requirements of that level: how many were caught of how many. */
  readonly kills: readonly { readonly level: Verb; readonly caught: number; readonly of: number }[]
  readonly levels: readonly Level[]
  /** Checks that no fault trips, among those that judge something in the honest run. */
  readonly untripped: readonly string[]
  /** Scenarios that catch nothing. Only a proof that plays all knows them. */
  readonly idle: readonly string[]
  /** Requirements of which one fault alone says that their checks can fail. */
  readonly soleGuards: readonly { readonly requirement: string; readonly fault: string }[]
  /** Requirements with a check and without a fault. */
  readonly unguarded: readonly string[]
  /** Requirements found unmet although no fault of theirs was there. */
  readonly collateral: readonly { readonly trial: string; readonly requirements: readonly string[] }[]
}

const levels: readonly Verb[] = ['SHALL', 'SHALL NOT', 'SHOULD', 'SHOULD NOT', 'IMPLIED', 'DESC', 'MAY']

/** The matrix. `facts`: what the honest run taught. */
export function matrixOf(
  facts: readonly Fact[],
  alarms: readonly Alarm[],
  outcomes: readonly Outcome[],
  requirements: ReadonlyMap<string, Requirement>,
): Matrix {
  const rows = outcomes.map((outcome) => ({ ...outcome, state: stateOf(outcome), missed: missedOf(outcome) }))
  const single = rows.filter(({ kind }) => kind === 'fault' || kind === 'client fault')
  const judged = new Set(facts.flatMap((fact) => fact.judged.map(({ requirement }) => requirement)))
  const named = new Map<string, Row[]>()
  for (const row of single) for (const id of row.goals.flat()) named.set(id, [...(named.get(id) ?? []), row])
  const catches = ({ caught }: Row, id: string): boolean => caught.some(({ requirement }) => requirement === id)
  const standing = (id: string): Standing => {
    const guards = named.get(id)
    if (!guards) return judged.has(id) ? 'no fault' : 'not judged'
    return guards.every((row) => catches(row, id)) ? 'proven' : 'survived'
  }
  const tripped = new Set(
    rows.flatMap(({ caught, collateral }) => [...caught, ...collateral]).map(({ check }) => check),
  )
  const killing = new Set(rows.flatMap(({ caught }) => caught.map(({ scenario }) => scenario)))
  const counts = { caught: 0, masked: 0, survived: 0, quiet: 0, alarm: 0 }
  for (const { state } of rows) counts[state] += 1
  return {
    alarms,
    rows,
    counts,
    kills: levels.flatMap((level) => {
      const tries = single.flatMap((row) => row.goals.flat().map((id) => ({ row, id })))
      const here = tries.filter(({ id }) => requirements.get(id)?.level === level)
      const caught = here.filter(({ row, id }) => catches(row, id)).length
      return here.length > 0 ? [{ level, caught, of: here.length }] : []
    }),
    levels: levels.map((level) => {
      const ids = [...requirements.values()].filter(isAutomatic).filter((r) => r.level === level)
      const count = (wanted: Standing): number => ids.filter(({ id }) => standing(id) === wanted).length
      return {
        level,
        proven: count('proven'),
        survived: count('survived'),
        noFault: count('no fault'),
        notJudged: count('not judged'),
      }
    }),
    untripped: [
      ...new Set(facts.flatMap((fact) => fact.judged.filter(({ code }) => code !== 'skip').map(({ check }) => check))),
    ]
      .filter((check) => !tripped.has(check))
      .toSorted(),
    idle: facts
      .filter(({ key }) => !killing.has(key))
      .map(({ key }) => key)
      .toSorted(),
    soleGuards: [...named]
      .flatMap(([requirement, guards]) => {
        const [fault, ...others] = guards.filter((row) => catches(row, requirement))
        return fault && others.length === 0 ? [{ requirement, fault: fault.id }] : []
      })
      .toSorted((a, b) => (a.requirement < b.requirement ? -1 : 1)),
    unguarded: [...judged].filter((id) => !named.has(id)).toSorted(),
    collateral: rows
      .filter(({ kind, collateral }) => kind !== 'variant' && collateral.length > 0)
      .map(({ id, collateral }) => ({
        trial: id,
        requirements: [...new Set(collateral.map(({ requirement }) => requirement))].toSorted(),
      })),
  }
}

const isAutomatic = ({ testability }: Requirement): boolean => testability.startsWith('automatic')

/** Nothing survived, nobody cried wolf, and where all was tried no check was left that nothing trips. */
export const holds = ({
  alarms,
  counts,
  untripped,
  whole = false,
}: Pick<Matrix, 'alarms' | 'counts' | 'untripped'> & { readonly whole?: boolean }): boolean =>
  alarms.length === 0 && counts.survived === 0 && counts.alarm === 0 && !(whole && untripped.length > 0)
