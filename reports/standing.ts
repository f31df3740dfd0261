/** Where a requirement of the catalogue stands after a run: judged, or why not. Unknown is never shown as met. */
import type { Requirement } from '../harness/requirement.ts'
import type { VerdictCode } from '../harness/verdict.ts'
import type { RollUp } from './run.ts'

export interface Standing {
  readonly requirement: Requirement
  /** Its worst verdict; absent when the run did not judge it. */
  readonly code?: VerdictCode
  /** Why it was not judged, in one sentence. */
  readonly reason?: string
}

export type Unjudged = 'untested' | 'attestation' | 'not testable' | 'not played'

/** Why the run has no verdict on it. */
export const unjudgedBecause = (requirement: Requirement): Unjudged => {
  if (requirement.testability === 'needs-attestation') return 'attestation'
  if (requirement.testability === 'not-testable') return 'not testable'
  return requirement.untested ? 'untested' : 'not played'
}

const sentences: Readonly<Record<Unjudged, string>> = {
  untested: 'There is no check for it.',
  attestation: 'Only a person can attest it.',
  'not testable': 'No test can see it.',
  'not played': 'No scenario of this run came to it.',
}

/** Every requirement of the catalogue with its verdict, or with the reason why there is none. */
export function standings(catalogue: readonly Requirement[], sums: RollUp): Standing[] {
  const codes = new Map(sums.judged.map(({ id, code }) => [id, code]))
  return catalogue.map((requirement) => {
    const code = codes.get(requirement.id)
    if (code) return { requirement, code }
    return { requirement, reason: requirement.untested ?? sentences[unjudgedBecause(requirement)] }
  })
}
