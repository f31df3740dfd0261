/** What becomes of a statement here. Derived from what there is: from checks, scenarios and written reasons, never typed. */
import type { Check } from '../harness/check.ts'
import { flowsOf, isAutomatic, type Requirement } from '../harness/requirement.ts'
import { isPlayable } from './editions.ts'

/**
 * `judged`: a scenario promises it and a check judges it. `attested`: only a person can show it. `not testable`: nobody can.
 * `untested`: it could be judged, and a written reason says why it is not. `not yet`: its flow, or its edition, is not played.
 */
export type State = 'judged' | 'attested' | 'not testable' | 'untested' | 'not yet'
export const states: readonly State[] = ['judged', 'attested', 'not testable', 'untested', 'not yet']

/** What checks and scenarios there are, as far as states depend on it. */
export interface Played {
  readonly judged: ReadonlySet<string>
  /** `pdex MM`: flows of which some scenario judges something. */
  readonly flows: ReadonlySet<string>
}

const flowKeys = (requirement: Requirement): string[] =>
  flowsOf(requirement).map((flow) => `${requirement.guide} ${flow}`)

/** `promised`: ids that scenarios are tagged with. */
export function playedOf(
  requirements: readonly Requirement[],
  checks: readonly Check[],
  promised: ReadonlySet<string>,
): Played {
  const checked = new Set(checks.map(({ requirement }) => requirement))
  const judged = requirements.filter((one) => checked.has(one.id) && promised.has(one.id) && isPlayable(one))
  return { judged: new Set(judged.map(({ id }) => id)), flows: new Set(judged.flatMap(flowKeys)) }
}

/** Every state whose condition holds: exactly one, unless the ledger is not whole. */
export function statesHolding(requirement: Requirement, { judged, flows }: Played): State[] {
  const open = !judged.has(requirement.id)
  const automatic = isAutomatic(requirement)
  const played = isPlayable(requirement) && flowKeys(requirement).some((flow) => flows.has(flow))
  const conditions: Readonly<Record<State, boolean>> = {
    judged: !open,
    attested: open && requirement.testability === 'needs-attestation',
    'not testable': open && requirement.testability === 'not-testable',
    untested: requirement.untested !== undefined,
    'not yet': open && automatic && !played && requirement.untested === undefined,
  }
  return states.filter((state) => conditions[state])
}

export interface Standing {
  readonly state: State
  /** Why it is not judged; absent when it is. */
  readonly because?: string
}

/** Its state with the reason. A row that nobody has accounted for counts as untested and says so. */
export function standingOf(requirement: Requirement, played: Played): Standing {
  const [state = 'untested'] = statesHolding(requirement, played)
  if (state === 'judged') return { state }
  const what = isPlayable(requirement) ? `flow (${requirement.flow})` : `edition (${requirement.versions})`
  if (state === 'not yet') return { state, because: `Its ${what} is not played yet.` }
  return { state, because: requirement.reason ?? requirement.untested ?? 'Nobody has said why.' }
}
