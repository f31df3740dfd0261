/** HRex $member-match: what the payer that asks sends (mm-3, mm-6; member-match-in, patient-demographics). Requests that were spoiled on purpose are left out. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { json } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { at, extensionsOf } from '../../core/received.ts'
import { type Asked, answeredParts, isMatch, onRequests, order } from '../match.ts'
import { birthSexExtension, profile } from '../names.ts'
import { conformance } from '../profiled.ts'
import { isFirst } from '../versions.ts'

/** The closed list of parameters, each with a resource. */
const parametersOf =
  (consent: 0 | 1) =>
  ({ exchange, parts }: Asked): Finding[] => {
    const expected: Readonly<Record<string, readonly [min: number, type: string]>> = {
      MemberPatient: [1, 'Patient'],
      CoverageToMatch: [1, 'Coverage'],
      CoverageToLink: [0, 'Coverage'],
      Consent: [consent, 'Consent'],
    }
    const findings: Finding[] = []
    for (const { name, resource } of parts) {
      const known = Object.hasOwn(expected, String(name)) ? expected[String(name)] : undefined
      const type = (resource as { resourceType?: unknown } | undefined)?.resourceType
      if (!known)
        findings.push(
          unmet(exchange, 'unknown-parameter', 'the request has a parameter that its profile leaves no room for', {
            expected: Object.keys(expected),
            actual: name,
            expression: 'Parameters.parameter.name',
          }),
        )
      else if (type !== known[1])
        findings.push(
          unmet(exchange, 'wrong-type', `${name} is not a ${known[1]}`, {
            expected: known[1],
            actual: type,
            expression: `Parameters.parameter.where(name='${name}').resource`,
          }),
        )
    }
    for (const [name, [min]] of Object.entries(expected)) {
      const actual = parts.filter((part) => part.name === name).length
      if (actual < min || actual > 1)
        findings.push(
          unmet(exchange, 'cardinality', `${name} is there ${actual} times`, {
            expected: `${min}..1`,
            actual,
            expression: 'Parameters.parameter',
          }),
        )
    }
    return findings
  }

export const asksAsIn10 = check(
  'HREX-016',
  'SHALL',
  'The request has the three or four parameters of HRex 1.0',
  onRequests(parametersOf(1)),
)
export const asksAsIn11 = check(
  'HREX-017',
  'SHALL',
  'The request has at most the four parameters of HRex 1.1',
  onRequests(parametersOf(0)),
)
export const requestConforms = check(
  'HREX-017',
  'SHALL',
  'The request conforms to hrex-parameters-member-match-in',
  onRequests(({ exchange }, { editions }) =>
    conformance(exchange, validate(json(exchange.request), profile('hrex-parameters-member-match-in'), editions)),
  ),
)

export const sendsCoverageToLink = check(
  'HREX-018',
  'SHALL',
  'A payer sends its own coverage to link',
  onRequests(({ exchange, toLink }) =>
    toLink
      ? []
      : [
          unmet(exchange, 'missing-element', 'the request has no CoverageToLink', {
            expression: 'Parameters.parameter',
          }),
        ],
  ),
)

export const refersLocally = check(
  'HREX-006',
  'SHALL',
  'Coverages and Consent refer to MemberPatient by one relative reference',
  onRequests(({ exchange, patient, toMatch, toLink, consent }) => {
    if (!patient?.id)
      return [unmet(exchange, 'missing-element', 'MemberPatient has no id to refer to', { expression: 'Patient.id' })]
    const expected = `Patient/${patient.id}`
    const references = [
      ['CoverageToMatch.beneficiary', toMatch, 'beneficiary'],
      ['CoverageToLink.beneficiary', toLink, 'beneficiary'],
      ['Consent.patient', consent, 'patient'],
    ] as const
    return references.flatMap(([expression, resource, element]) => {
      if (!resource) return []
      const [actual] = at(resource, `${element}.reference`)
      return actual === expected
        ? []
        : [
            unmet(exchange, 'wrong-reference', `${expression} does not refer to MemberPatient by ${expected}`, {
              expected,
              actual,
              expression,
            }),
          ]
    })
  }),
)

export const tellsDemographics = check(
  'HREX-021',
  'SHALL',
  'MemberPatient has family and given name, birth date, and gender or birth sex',
  onRequests(({ exchange, patient }, { editions }) => {
    if (!patient)
      return [unmet(exchange, 'missing-element', 'there is no MemberPatient', { expression: 'Parameters.parameter' })]
    const missing = (message: string, expression: string): Finding =>
      unmet(exchange, 'missing-element', message, { expression })
    const names = at(patient, 'name')
    const findings: Finding[] = names.length ? [] : [missing('MemberPatient has no name', 'Patient.name')]
    for (const [i, name] of names.entries())
      for (const part of ['family', 'given'])
        if (at(name, part).length === 0)
          findings.push(missing(`a name has no ${part} part`, `Patient.name[${i}].${part}`))
    if (at(patient, 'birthDate').length !== 1)
      findings.push(missing('MemberPatient has no birth date', 'Patient.birthDate'))
    const birthSex = !isFirst(editions.hrex) && extensionsOf(patient, birthSexExtension).length > 0
    if (at(patient, 'gender').length === 0 && !birthSex)
      findings.push(missing('MemberPatient has neither gender nor birth sex (hrex-pat-1)', 'Patient.gender'))
    return findings
  }),
)

export const goesOnByUniqueIdentifier = check(
  'HREX-003',
  'SHALL',
  'After a match the member is asked for by the identifier that it brought',
  (transcript, scene) => {
    const matched = transcript.last('member-match', { from: scene.requester, to: scene.responder, where: isMatch })
    const { system, value } = answeredParts(matched, 'MemberIdentifier')[0]?.valueIdentifier ?? {}
    const asked = transcript
      .all('search', { from: scene.requester, to: scene.responder })
      .filter((x) => order(x) > order(matched) && x.intent.mistake === undefined)
      .flatMap((exchange) =>
        identifiersIn(exchange.request.url, exchange.request.body).map((actual) => ({ exchange, actual })),
      )
    if (asked.length === 0) return [undecided(matched, 'the client never named the member by an identifier afterwards')]
    // `|value` is how a search says that there is no system.
    const whole = `${typeof system === 'string' ? system : ''}|${value}`
    return asked.flatMap(({ exchange, actual }) =>
      actual === whole || actual === String(value)
        ? typeof system === 'string' && actual === value
          ? [noted(exchange, 'no-system', 'the identifier was sent without its system')]
          : []
        : [
            unmet(
              exchange,
              'other-identifier',
              'the client named the member by another identifier than the match brought',
              { expected: whole, actual, expression: 'Patient?identifier' },
            ),
          ],
    )
  },
)

/** Values of `identifier` in a search of Patient, and of `patient.identifier` in any other. */
function identifiersIn(address: string, form: string): string[] {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    return []
  }
  const ofPatient = /\/Patient(\/_search)?$/.test(url.pathname)
  return [...url.searchParams, ...new URLSearchParams(form)]
    .filter(
      ([name]) =>
        (ofPatient && name === 'identifier') || /^(patient|subject|beneficiary)(:Patient)?[.:]identifier$/.test(name),
    )
    .map(([, value]) => value)
}

export const matchRequestChecks: readonly Check[] = [
  goesOnByUniqueIdentifier,
  refersLocally,
  asksAsIn10,
  asksAsIn11,
  requestConforms,
  sendsCoverageToLink,
  tellsDemographics,
]
