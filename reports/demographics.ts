/**
 * A run without the people in it: for shareable reports of a run against a system that may hold real members. In FHIR
 * bodies only what is known to be no personal datum stays; what was masked is then hunted through all other text.
 */
import { randomBytes } from 'node:crypto'
import { type Exchange, type HeaderList, mediaType } from '../harness/transcript.ts'
import type { Finding } from '../harness/verdict.ts'
import { editJsonStrings, jsonValues, tryParse } from './json-text.ts'
import { fromBase64url, jwtPattern, toBase64url } from './jwt.ts'
import type { WholeRun } from './run.ts'
import { SecretRegister } from './secrets.ts'

/** Members of FHIR resources whose strings say nothing about a person. Everything else is masked. */
const harmless = new Set(
  `resourceType id system code use status url profile fullUrl versionId type mode method intent category criticality
  severity unit currency language version fhirVersion kind format relation reference contentType definition policy uri
  valueCode valueUri valueCanonical valueUrl valueOid clinicalStatus verificationStatus gender interaction expression
  canonical instantiatesCanonical instantiatesUri priority outcome disposition role purpose class action rel search
  connectionType payloadMimeType comparator relationship mimeType hash errorCode error scope timezone location`.split(
    /\s+/,
  ),
)
/** Instants of the system, not of the person. */
const technical = new Set(['lastUpdated', 'timestamp', 'recorded', 'issued', 'transactionTime', 'when'])
const personalDates = new Set(['birthDate', 'deceasedDateTime'])
/** Definitions are about nobody. */
const definitions = new Set(
  `CapabilityStatement OperationDefinition StructureDefinition SearchParameter ValueSet CodeSystem ImplementationGuide
  ConceptMap NamingSystem`.split(/\s+/),
)
/** In a fragment (a value that a finding quotes) we do not know the resource: these members are masked. */
const personal = new Set(
  `family given prefix suffix birthDate deceasedDateTime line city district postalCode value text div display data
  subscriberId comment note title description patientInstruction name diagnostics details patient`.split(/\s+/),
)
const personalExpression =
  /\b(name|birthDate|deceased|address|telecom|identifier|text|div|note|comment|subscriberId|photo|contact|diagnostics|display|data)\b/
/** Search parameters that say who somebody is. */
const personalParameter =
  /^(_id|_text|_content|name|family|given|phonetic|birthdate|death-date|address(-\w+)?|phone|email|telecom|identifier|patient|subject|beneficiary|subscriber|member)(:[\w-]+)?$/
/** Masked where they stand, but far too common to be hunted. */
const common =
  /^(patient|member|test|tester|unknown|none|null|self|person|subject|coverage|consent|home|work|phone|email|name|family|given|old|new|plan|payer|main|street|error|value|type|status|\d{1,4})$/i

const labels: Readonly<Record<string, string>> = {
  family: 'name',
  given: 'name',
  prefix: 'name',
  suffix: 'name',
  name: 'name',
  display: 'name',
  birthDate: 'date',
  deceasedDateTime: 'date',
  line: 'address',
  city: 'address',
  district: 'address',
  state: 'address',
  country: 'address',
  postalCode: 'address',
  value: 'identifier',
  subscriberId: 'identifier',
  div: 'narrative',
  data: 'attachment',
  patient: 'patient',
}

/** The run as it may be shared. A run with synthetic people is returned as it is. */
export function withoutDemographics(run: WholeRun, key: Uint8Array | string = randomBytes(32)): WholeRun {
  if (run.line.synthetic) return run
  const register = new SecretRegister(key, { shortest: 3, wholeWords: true })
  const mask = (value: string, kind: string): string => {
    if (value.trim() === '' || value.startsWith('«')) return value
    return register.nameOf(value, kind, { hunt: !common.test(value) && !(kind === 'free text' && value.length < 12) })
  }
  const patientPath = (text: string): string =>
    text.replace(
      /(\b(?:Patient|RelatedPerson|Person)(?:\/|%2F))(?!\$|_|%24|metadata\b)([A-Za-z0-9.-]{1,64})/g,
      (_, start: string, id: string) => `${start}${mask(id, 'patient')}`,
    )
  const address = (text: string): string =>
    patientPath(text).replace(/([?&])([\w:.-]+)=([^&#\s"']*)/g, (all, start: string, name: string, value: string) => {
      if (!personalParameter.test(name) || value === '') return all
      const [system, ...rest] = value.split(/\||%7C/i)
      const plain = unescaped(rest.length > 0 ? rest.join('|') : value).replace(/^(Patient|RelatedPerson)\//, '')
      return `${start}${name}=${rest.length > 0 ? `${system}|` : ''}${mask(plain, name === 'identifier' ? 'identifier' : 'search')}`
    })

  const fhirText = (text: string): string =>
    editJsonStrings(text, (value, key = '', outer) => {
      const owner = outer.at(-1)
      if (key === 'id' || key === 'reference' || key === 'fullUrl' || key === 'url') return patientPath(value)
      if (key === 'display' && outer.includes('coding')) return undefined
      if (key === 'name' && owner === 'parameter') return undefined
      if (technical.has(key)) return undefined
      if (personalDates.has(key)) return mask(value, 'date')
      if (/^\d{4}(-\d\d){0,2}(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/.test(value))
        return value.length > 4 ? `${value.slice(0, 4)}-«date»` : value
      if (harmless.has(key)) return undefined
      return mask(value, labels[key] ?? 'free text')
    })
  const fragment = (text: string): string =>
    editJsonStrings(text, (value, key = '', outer) =>
      personal.has(key) && !outer.includes('coding') ? mask(value, labels[key] ?? 'free text') : patientPath(value),
    )

  /** First half: what is personal where it stands. Second half: the same words wherever else they are. */
  const body = (message: { readonly headers: HeaderList; readonly body: string }): string => {
    const text = message.body
    if (text.trim() === '') return text
    const values = jsonValues(text)
    if (values.length === 0) {
      if (mediaType(message) === 'application/x-www-form-urlencoded') return address(`?${text}`).slice(1)
      return `«${text.length} characters of ${mediaType(message) || 'no declared type'}, withheld»`
    }
    const types = values.map((value) => (value as { resourceType?: unknown } | null)?.resourceType)
    if (types.every((type) => definitions.has(String(type)))) return text
    if (types.some((type) => typeof type === 'string')) {
      for (const value of values) patients(value)
      return fhirText(text)
    }
    return editJsonStrings(text, (value, key) => (key === 'patient' ? mask(value, 'patient') : patientPath(value)))
  }
  /** The ids of Patient resources: they stand in `id`, which other resources use harmlessly. */
  const patients = (value: unknown): void => {
    if (!value || typeof value !== 'object') return
    const { resourceType, id } = value as { resourceType?: unknown; id?: unknown }
    if (/^(Patient|RelatedPerson|Person)$/.test(String(resourceType)) && typeof id === 'string') mask(id, 'patient')
    for (const part of Object.values(value)) patients(part)
  }
  const quotedValue = (value: unknown, expression: string | undefined): unknown => {
    if (typeof value === 'string') {
      if (tryParse(value) !== undefined) return fragment(value)
      return expression && personalExpression.test(expression) ? mask(value, 'value') : patientPath(value)
    }
    if (!value || typeof value !== 'object') return value
    const text = JSON.stringify(value)
    return JSON.parse('resourceType' in value ? fhirText(text) : fragment(text)) as unknown
  }

  const hunted = (text: string): string => {
    const plain = text.includes('e') ? text.replace(jwtPattern, inToken) : text
    return register.replaceIn(plain)
  }
  const inToken = (token: string): string => {
    const [head = '', payload = '', ...rest] = token.split('.')
    const plain = fromBase64url(payload)
    if (!plain) return token
    const clean = register.replaceIn(plain)
    return clean === plain ? token : [head, toBase64url(clean), ...rest].join('.')
  }
  const huntedDeep = <T>(value: T): T => {
    if (typeof value === 'string') return hunted(value) as T
    if (Array.isArray(value)) return value.map(huntedDeep) as T
    if (!value || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, huntedDeep(part)])) as T
  }

  const structured = (x: Exchange): Exchange => ({
    ...x,
    request: { ...x.request, url: address(x.request.url), headers: headers(x.request.headers), body: body(x.request) },
    ...(x.response
      ? { response: { ...x.response, headers: headers(x.response.headers), body: body(x.response) } }
      : {}),
  })
  const headers = (list: HeaderList): HeaderList => list.map(([name, value]) => [name, address(value)] as const)
  const said = (x: Exchange): Exchange => {
    const { intent, request, response, failure } = x
    return {
      ...x,
      intent: huntedDeep(intent),
      request: { ...huntedDeep(request), method: request.method },
      ...(response ? { response: { ...huntedDeep(response), status: response.status } } : {}),
      ...(failure ? { failure: { ...failure, message: hunted(failure.message) } } : {}),
    }
  }
  const finding = (one: Finding): Finding => ({
    ...one,
    message: patientPath(one.message),
    ...(one.expected === undefined ? {} : { expected: quotedValue(one.expected, one.expression) }),
    ...(one.actual === undefined ? {} : { actual: quotedValue(one.actual, one.expression) }),
  })
  const saidFinding = (one: Finding): Finding => ({
    ...one,
    message: hunted(one.message),
    ...(one.expected === undefined ? {} : { expected: huntedDeep(one.expected) }),
    ...(one.actual === undefined ? {} : { actual: huntedDeep(one.actual) }),
    ...(one.expression === undefined ? {} : { expression: hunted(one.expression) }),
  })

  // The whole run is read for names first: a name may be quoted before the body that shows it to be one.
  const once = run.scenarios.map((scenario) => ({
    ...scenario,
    exchanges: scenario.exchanges.map((one) => ({ ...one, exchange: structured(one.exchange) })),
    verdicts: scenario.verdicts.map((one) => ({
      ...one,
      verdict: { ...one.verdict, findings: one.verdict.findings.map(finding) },
    })),
  }))
  const scenarios = once.map((scenario) => ({
    ...scenario,
    ...(scenario.reason === undefined ? {} : { reason: hunted(patientPath(scenario.reason)) }),
    steps: scenario.steps.map((step) => ({
      ...step,
      setUp: step.setUp.map(hunted),
      ...(step.message === undefined ? {} : { message: hunted(patientPath(step.message)) }),
    })),
    exchanges: scenario.exchanges.map((one) => ({ ...one, exchange: said(one.exchange) })),
    verdicts: scenario.verdicts.map((one) => ({
      ...one,
      verdict: { ...one.verdict, findings: one.verdict.findings.map(saidFinding) },
    })),
  }))
  return { ...run, scenarios }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
