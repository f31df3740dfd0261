/** What was found, and what it costs. */

/** The five answers of FHIR TestReport.action (report-action-result-codes). */
export type VerdictCode = 'pass' | 'fail' | 'warning' | 'skip' | 'error'

/**
 * The verb of a statement. IMPLIED is text that binds without a keyword, DESC a step that a guide describes:
 * both are expected behaviour, so an unmet one is a warning and never a failure.
 */
export type Verb = 'SHALL' | 'SHALL NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'IMPLIED' | 'DESC'
export const verbs: readonly Verb[] = ['SHALL', 'SHALL NOT', 'SHOULD', 'SHOULD NOT', 'MAY', 'IMPLIED', 'DESC']

/** One observation against one exchange; shaped as OperationOutcome.issue. */
export interface Finding {
  /** `error`: the statement is not met. `warning`: met, but a reader should look. `information`: worth knowing. */
  readonly severity: 'error' | 'warning' | 'information'
  /** Short and stable: `wrong-status`, `missing-element`, `not-decided` ... */
  readonly code: string
  /** One sentence: what was expected, what came. */
  readonly message: string
  readonly expected?: unknown
  readonly actual?: unknown
  /** FHIRPath of the element, or the header or claim, that it is about. */
  readonly expression?: string
  /** Id of the exchange that shows it. */
  readonly exchange?: string
}

/** One requirement weighed in one scenario. */
export interface Verdict {
  readonly requirement: string
  /** Name of the check: `pdex/member-match#answers-422`. */
  readonly check: string
  readonly verb: Verb
  readonly title: string
  readonly code: VerdictCode
  readonly findings: readonly Finding[]
  /** Exchanges that the check looked at, in order: the evidence of a pass as well. */
  readonly evidence: readonly string[]
}

/** What an unmet statement costs, by its verb. */
export const costOf: Readonly<Record<Verb, VerdictCode>> = {
  SHALL: 'fail',
  'SHALL NOT': 'fail',
  SHOULD: 'warning',
  'SHOULD NOT': 'warning',
  MAY: 'skip',
  IMPLIED: 'warning',
  DESC: 'warning',
}

/** Several verdicts on one requirement roll up to the worst. */
export const worstFirst: readonly VerdictCode[] = ['error', 'fail', 'warning', 'skip', 'pass']

export const worst = (codes: Iterable<VerdictCode>): VerdictCode => {
  const seen = new Set(codes)
  return worstFirst.find((code) => seen.has(code)) ?? 'skip'
}
