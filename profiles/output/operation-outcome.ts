/** FHIR's own form: an OperationOutcome for each resource; of several, a Bundle of them. */
import { createHash } from 'node:crypto'
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js'
import type { Finding, FindingCode } from '../finding.ts'
import { placeOf, type Report } from '../input/report.ts'
import type { Trouble } from '../input/trouble.ts'
import { nameOf, type Output } from './output.ts'

const extension = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-'
/** Where our finding codes are meant when they stand in a Coding. */
const codes = 'urn:vitruvian:finding'

/** The nearest code of http://hl7.org/fhir/issue-type. */
function issueType(code: FindingCode | Trouble['code']): OperationOutcomeIssue['code'] {
  if (code === 'invariant') return 'invariant'
  if (code.endsWith('not-decided') || code === 'profile-unknown') return 'not-supported'
  if (code === 'engine-trouble' || code === 'input-unreadable') return 'exception'
  if (code === 'cardinality-min' || code === 'slice-min') return 'required'
  if (code.startsWith('binding') || code.startsWith('code-')) return 'code-invalid'
  if (code.startsWith('extension')) return 'extension'
  if (code === 'reference-unresolved' || code === 'bundle-reference') return 'not-found'
  if (code === 'bundle-duplicate' || code === 'json-duplicate-key') return 'duplicate'
  if (
    code === 'structure-too-deep' ||
    code === 'json-too-deep' ||
    code === 'xml-too-deep' ||
    code === 'input-too-large' ||
    code === 'json-string-too-long'
  )
    return 'too-long'
  if (/^(value|primitive|type|canonical|reference|profile)-/.test(code)) return 'value'
  return 'structure'
}

/** The findings about one resource as an OperationOutcome. Nothing found is an issue of its own kind: it must have one. */
export function operationOutcome(findings: readonly Finding[], troubles: readonly Trouble[] = []): OperationOutcome {
  const issue: OperationOutcomeIssue[] = [...troubles.map(issueOfTrouble), ...findings.map(issueOf)]
  if (issue.length === 0)
    issue.push({ severity: 'information', code: 'informational', details: { text: 'Nothing was found.' } })
  return { resourceType: 'OperationOutcome', issue }
}

const placed = (line: number, column: number): OperationOutcomeIssue['extension'] => [
  { url: `${extension}issue-line`, valueInteger: line },
  { url: `${extension}issue-col`, valueString: String(column) },
]

const issueOfTrouble = ({ severity, code, message, line, column }: Trouble): OperationOutcomeIssue => ({
  extension: placed(line, column),
  severity,
  code: issueType(code),
  details: { coding: [{ system: codes, code }], text: message },
})

function issueOf({
  severity,
  code,
  key,
  message,
  expression,
  profile,
  element,
  expected,
  actual,
  nearest,
  line,
  column,
}: Finding): OperationOutcomeIssue {
  const details = [
    `demanded by ${profile}${element ? `#${element}` : ''}`,
    key === undefined ? '' : `rule ${key}`,
    expected === undefined ? '' : `expected ${textOf(expected)}`,
    actual === undefined ? '' : `actual ${textOf(actual)}`,
    nearest?.length ? `nearest ${nearest.join(', ')}` : '',
  ]
  return {
    ...(line !== undefined && column !== undefined && { extension: placed(line, column) }),
    severity,
    code: issueType(code),
    details: { coding: [{ system: codes, code }], text: message },
    diagnostics: details.filter((part) => part !== '').join('; '),
    ...(expression && { expression: [expression] }),
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** FHIR's strings are Unicode, and what we quote may not be: half of a surrogate pair is written as the replacement character. */
const unicode = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\u{fffd}') : value

/** The format. The first outcome is held back until it is known whether it is the only one. */
export function operationOutcomeOutput(): Output {
  let held: Report | undefined
  let several = false
  const entry = (report: Report): string => {
    const outcome = operationOutcome(report.findings, report.troubles)
    const about = { url: `${extension}file`, valueString: placeOf(report) }
    const name = nameOf(report)
    const text = {
      status: 'generated' as const,
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${escaped(`${placeOf(report)} ${name}`.trim())}</div>`,
    }
    const issue = outcome.issue.map((each) => ({ ...each, extension: [...(each.extension ?? []), about] }))
    return JSON.stringify(
      {
        fullUrl: uuidOf(placeOf(report)),
        resource: { resourceType: outcome.resourceType, text, issue },
      },
      unicode,
    )
  }
  return {
    take(reports) {
      let text = ''
      for (const report of reports) {
        if (!held && !several) {
          held = report
          continue
        }
        if (held) {
          text += `{"resourceType":"Bundle","type":"collection","entry":[\n${entry(held)}`
          held = undefined
          several = true
        }
        text += `,\n${entry(report)}`
      }
      return text
    },
    end() {
      if (several) return '\n]}\n'
      return `${JSON.stringify(operationOutcome(held?.findings ?? [], held?.troubles ?? []), unicode, 2)}\n`
    },
  }
}

/** The same place has the same one, so that two runs give the same Bundle. */
const uuidOf = (place: string): string => {
  const hex = createHash('sha256').update(place).digest('hex')
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
