/** Findings that say the same are told once, with every place where they were seen. */
import type { Finding, Verdict, VerdictCode } from '../harness/verdict.ts'
import type { JudgedRequirement, PlayedScenario, RollUp } from './run.ts'

export interface Place {
  readonly scenario: PlayedScenario
  readonly step: number
  /** Id of the exchange in that scenario. */
  readonly exchange?: string
}
export interface FindingGroup {
  readonly judged: JudgedRequirement
  readonly verdict: Verdict
  /** The first one that says why; absent when a verdict came without one. */
  readonly finding?: Finding
  readonly places: readonly Place[]
}

/** `s12-x3` where an exchange shows it, else `s12`. */
export const placeId = ({ scenario, exchange }: Place): string =>
  exchange ? `${scenario.id}-${exchange}` : scenario.id

/** The findings behind every verdict of these codes, grouped by check and message, in the order of the requirements. */
export function findingGroups(sums: RollUp, wanted: readonly VerdictCode[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup & { readonly places: Place[] }>()
  for (const judged of sums.judged)
    for (const { scenario, step, verdict } of judged.verdicts) {
      if (!wanted.includes(verdict.code)) continue
      const finding = whyOf(verdict)
      const exchange = finding?.exchange ?? (finding ? undefined : verdict.evidence.at(-1))
      const place: Place = { scenario, step, ...(exchange ? { exchange } : {}) }
      const key = `${verdict.code}\0${verdict.check}\0${finding?.message ?? ''}`
      const known = groups.get(key)
      if (known) known.places.push(place)
      else groups.set(key, { judged, verdict, ...(finding ? { finding } : {}), places: [place] })
    }
  return [...groups.values()]
}

/** The finding that decided a verdict: the gravest, the first of them. */
export const whyOf = ({ findings }: Verdict): Finding | undefined =>
  (['error', 'warning', 'information'] as const)
    .map((severity) => findings.find((one) => one.severity === severity))
    .find(Boolean)
