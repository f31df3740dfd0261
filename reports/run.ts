/** A run as its record tells it: scenarios with their steps, exchanges and verdicts, and the sums over them. */
import { editionsText } from '../harness/edition.ts'
import type { CompleteLine, RunLine, ScenarioLine, StepLine } from '../harness/journal.ts'
import type { Requirement } from '../harness/requirement.ts'
import type { Exchange } from '../harness/transcript.ts'
import { type Verb, type Verdict, type VerdictCode, verbs, worst } from '../harness/verdict.ts'
import { flowOf, flowOrder } from './flow-names.ts'

/** In the order in which every table shows them. */
export const codes: readonly VerdictCode[] = ['pass', 'warning', 'fail', 'skip', 'error']
export type Tally = Readonly<Record<VerdictCode, number>>

export interface PlayedStep {
  readonly number: number
  readonly keyword: string
  readonly text: string
  readonly status: StepLine['status']
  readonly message?: string
  /** What was made true in it off the wire. */
  readonly setUp: readonly string[]
  readonly milliseconds: number
}

export interface PlayedScenario {
  readonly id: string
  readonly line: ScenarioLine
  readonly steps: readonly PlayedStep[]
  readonly verdicts: readonly { readonly step: number; readonly verdict: Verdict }[]
  /** Names of those who said something or were spoken to. */
  readonly actors: readonly string[]
  readonly code: VerdictCode
  readonly reason?: string
  readonly milliseconds: number
  /** False when the record ends in its middle. */
  readonly ended: boolean
}

/** With everything that was said. Nobody keeps more than one of these for long: they are most of a run. */
export interface WholeScenario extends PlayedScenario {
  readonly exchanges: readonly { readonly step: number; readonly exchange: Exchange }[]
}
/** Is given each scenario of a run when it has ended, in their order. */
export type TakeScenario = (scenario: WholeScenario, run: RunLine) => void

export interface Run {
  readonly line: RunLine
  readonly scenarios: readonly PlayedScenario[]
  readonly complete?: CompleteLine
  /** Why the record is not that of a whole run; absent when it is. */
  readonly incomplete?: string
}

export interface WholeRun extends Run {
  readonly scenarios: readonly WholeScenario[]
}

/** How many of each. */
export function tally(seen: Iterable<VerdictCode>): Tally {
  const counts = { pass: 0, warning: 0, fail: 0, skip: 0, error: 0 }
  for (const code of seen) counts[code]++
  return counts
}

export const sum = (counts: Tally): number => codes.reduce((total, code) => total + counts[code], 0)

/** One line of a table: what it is about, the verdicts, and the requirements at their worst. */
export interface Row {
  readonly name: string
  readonly verdicts: Tally
  readonly requirements: Tally
}

export interface JudgedRequirement {
  readonly id: string
  /** Absent when the catalogue at hand does not know it. */
  readonly requirement?: Requirement
  readonly level: Verb
  /** As reports divide them, which is coarser than some ledgers do. */
  readonly flow: string
  readonly code: VerdictCode
  readonly verdicts: readonly { readonly scenario: PlayedScenario; readonly step: number; readonly verdict: Verdict }[]
}

/** The sums of a run. Every report shows these and counts nothing itself, so that their totals agree. */
export interface RollUp {
  readonly scenarios: Tally
  readonly verdicts: Tally
  readonly requirements: Tally
  readonly byFlow: readonly Row[]
  readonly byLevel: readonly Row[]
  readonly byEdition: readonly (Row & { readonly scenarios: Tally })[]
  readonly byFeature: readonly { readonly name: string; readonly uri: string; readonly scenarios: Tally }[]
  readonly judged: readonly JudgedRequirement[]
}

/** PDEX-9 before PDEX-10. */
const inOrder = new Intl.Collator('en', { numeric: true })

/** Requirements that no catalogue lists are put under this flow. */
export const unlisted = 'unlisted'

/** Sums a run by requirement, flow, level, edition and feature; the worst verdict speaks for a requirement. */
export function rollUp(run: Run, catalogue: readonly Requirement[]): RollUp {
  const known = new Map(catalogue.map((requirement) => [requirement.id, requirement]))
  const flows = [...new Set([...flowOrder, ...catalogue.map(({ flow }) => flowOf(flow))])]
  const all = run.scenarios.flatMap((scenario) => scenario.verdicts.map((given) => ({ scenario, ...given })))
  const judged = [...group(all, ({ verdict }) => verdict.requirement)]
    .map(([id, verdicts]): JudgedRequirement => {
      const requirement = known.get(id)
      return {
        id,
        ...(requirement ? { requirement } : {}),
        level: requirement?.level ?? (verdicts[0]?.verdict.verb as Verb),
        flow: requirement ? flowOf(requirement.flow) : unlisted,
        code: worst(verdicts.map(({ verdict }) => verdict.code)),
        verdicts,
      }
    })
    .sort((a, b) => rank(flows, a.flow) - rank(flows, b.flow) || inOrder.compare(a.id, b.id))
  const rows = (names: readonly string[], of: (judged: JudgedRequirement) => string): Row[] =>
    names.flatMap((name) => {
      const here = judged.filter((one) => of(one) === name)
      if (here.length === 0) return []
      const verdicts = here.flatMap(({ verdicts }) => verdicts.map(({ verdict }) => verdict.code))
      return [{ name, verdicts: tally(verdicts), requirements: tally(here.map(({ code }) => code)) }]
    })
  return {
    scenarios: tally(run.scenarios.map(({ code }) => code)),
    verdicts: tally(all.map(({ verdict }) => verdict.code)),
    requirements: tally(judged.map(({ code }) => code)),
    byFlow: rows([...flows, unlisted], ({ flow }) => flow),
    byLevel: rows(verbs, ({ level }) => level),
    byEdition: [...group(run.scenarios, ({ line }) => editionsText(line.editions))].map(([name, scenarios]) => {
      const verdicts = scenarios.flatMap((scenario) => scenario.verdicts.map(({ verdict }) => verdict))
      const requirements = [...group(verdicts, ({ requirement }) => requirement).values()]
      return {
        name,
        scenarios: tally(scenarios.map(({ code }) => code)),
        verdicts: tally(verdicts.map(({ code }) => code)),
        requirements: tally(requirements.map((of) => worst(of.map(({ code }) => code)))),
      }
    }),
    byFeature: [...group(run.scenarios, ({ line }) => line.uri)].map(([uri, scenarios]) => ({
      name: scenarios[0]?.line.feature ?? uri,
      uri,
      scenarios: tally(scenarios.map(({ code }) => code)),
    })),
    judged,
  }
}

function group<T>(items: Iterable<T>, by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = by(item)
    const here = groups.get(key)
    if (here) here.push(item)
    else groups.set(key, [item])
  }
  return groups
}

const rank = (names: readonly string[], name: string): number => {
  const at = names.indexOf(name)
  return at < 0 ? names.length : at
}
