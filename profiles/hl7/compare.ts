/** Two opinions about one resource: do they agree, and where one sees an error that the other does not. */
import type { OperationOutcome } from 'fhir/r4.js'
import type { Finding } from '../finding.ts'

export interface Opinion {
  readonly severity: 'error' | 'warning' | 'information'
  readonly message: string
  readonly expression: string
}
export type Agreement = 'both accept' | 'both refuse' | 'only ours refuses' | 'only HL7 refuses'
export const agreements: readonly Agreement[] = ['both accept', 'both refuse', 'only ours refuses', 'only HL7 refuses']

/** Opinions of one severity, sorted by who has them. */
export interface Meeting {
  /** What both see at one place, by ours and theirs. */
  readonly shared: readonly { readonly ours: Opinion; readonly theirs: Opinion }[]
  readonly onlyOurs: readonly Opinion[]
  readonly onlyTheirs: readonly Opinion[]
}
/** Agreement is on errors alone; warnings are compared beside. */
export interface Comparison extends Meeting {
  readonly agreement: Agreement
  readonly warnings: Meeting
}

/** HL7's outcome as opinions. A fatal issue is an error like any other; its "All OK" is none. */
export const opinionsOf = (outcome: OperationOutcome): Opinion[] =>
  outcome.issue.map(({ severity, details, diagnostics, expression }) => ({
    severity:
      severity === 'fatal' || severity === 'error' ? 'error' : severity === 'warning' ? 'warning' : 'information',
    message: details?.text ?? diagnostics ?? '',
    expression: placeOf(expression?.[0] ?? ''),
  }))

// HL7 writes the resource into the path of a Bundle's entry, as a comment between slashes and stars.
const placeOf = (expression: string): string => expression.replace(/\/\*.*?\*\//g, '').replace(/\.ofType\(\w+\)/g, '')

/** Compares errors, and warnings, by place. HL7 reports what is missing at the element that lacks it, so a place above counts as the same. */
export function compare(findings: readonly (Finding | Opinion)[], outcome: OperationOutcome): Comparison {
  const theirs = opinionsOf(outcome)
  const errors = meet('error', findings, theirs)
  const ours = errors.shared.length + errors.onlyOurs.length > 0
  const others = errors.shared.length + errors.onlyTheirs.length > 0
  const agreement: Agreement = ours
    ? others
      ? 'both refuse'
      : 'only ours refuses'
    : others
      ? 'only HL7 refuses'
      : 'both accept'
  return { agreement, ...errors, warnings: meet('warning', findings, theirs) }
}

function meet(
  severity: Opinion['severity'],
  findings: readonly (Finding | Opinion)[],
  opinions: readonly Opinion[],
): Meeting {
  const theirs = opinions.filter((each) => each.severity === severity)
  const left = new Set(theirs)
  const shared: { ours: Opinion; theirs: Opinion }[] = []
  const onlyOurs: Opinion[] = []
  for (const each of findings) {
    if (each.severity !== severity) continue
    const own: Opinion = { severity, message: each.message, expression: each.expression }
    const place = placeOf(each.expression)
    const near = theirs.filter(({ expression }) => nested(place, expression))
    const match = near.find((one) => left.has(one)) ?? near[0]
    if (match) {
      left.delete(match)
      shared.push({ ours: own, theirs: match })
    } else onlyOurs.push(own)
  }
  // HL7 says some things twice at one place, once for itself and once for the code in it.
  const agreed = new Set(shared.map((each) => each.theirs.expression))
  return { shared, onlyOurs, onlyTheirs: theirs.filter((each) => left.has(each) && !agreed.has(each.expression)) }
}

/** The same place, or one step apart. */
const nested = (a: string, b: string): boolean => a === b || above(a) === b || above(b) === a

/** The element above; HL7 leaves the index out where it names what is missing, so it does not count. */
const above = (place: string): string => place.slice(0, Math.max(0, place.lastIndexOf('.')))
