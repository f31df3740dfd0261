/**
 * What a search parameter looks at, and whether a resource answers to a value of it: our own reading of FHIR R4 search and
 * of the parameters of US Core and PDex, independent of whoever answers. Used to choose a value to search by, and to judge.
 */
import { once } from '../../harness/once.ts'
import { at, type Coding, type Resource } from './received.ts'
import { anyKey } from './rest.ts'

export type ParameterKind = 'token' | 'reference' | 'date' | 'string' | 'uri'
export interface SearchParameter {
  readonly kind: ParameterKind
  /** Dotted paths; a value at any of them counts. */
  readonly paths: readonly string[]
}

const token = (...paths: string[]): SearchParameter => ({ kind: 'token', paths })
const reference = (...paths: string[]): SearchParameter => ({ kind: 'reference', paths })
const date = (...paths: string[]): SearchParameter => ({ kind: 'date', paths })
const string = (...paths: string[]): SearchParameter => ({ kind: 'string', paths })
const uri = (...paths: string[]): SearchParameter => ({ kind: 'uri', paths })

/** Parameters of every type. */
const common: Readonly<Record<string, SearchParameter>> = {
  _id: token('id'),
  _lastUpdated: date('meta.lastUpdated'),
}

const parameters: Readonly<Record<string, Readonly<Record<string, SearchParameter>>>> = {
  AllergyIntolerance: { patient: reference('patient'), 'clinical-status': token('clinicalStatus') },
  CarePlan: {
    patient: reference('subject'),
    category: token('category'),
    status: token('status'),
    date: date('period'),
  },
  CareTeam: { patient: reference('subject'), status: token('status'), role: token('participant.role') },
  Condition: {
    patient: reference('subject'),
    category: token('category'),
    'clinical-status': token('clinicalStatus'),
    code: token('code'),
    encounter: reference('encounter'),
    'recorded-date': date('recordedDate'),
    'onset-date': date('onsetDateTime', 'onsetPeriod'),
    'abatement-date': date('abatementDateTime', 'abatementPeriod'),
  },
  Coverage: { patient: reference('beneficiary') },
  Device: { patient: reference('patient'), type: token('type'), status: token('status') },
  DiagnosticReport: {
    patient: reference('subject'),
    category: token('category'),
    code: token('code'),
    date: date('effectiveDateTime', 'effectivePeriod'),
    status: token('status'),
  },
  DocumentReference: {
    patient: reference('subject'),
    type: token('type'),
    category: token('category'),
    date: date('date'),
    period: date('context.period'),
    status: token('status'),
  },
  Encounter: {
    patient: reference('subject'),
    date: date('period'),
    identifier: token('identifier'),
    type: token('type'),
    class: token('class'),
    status: token('status'),
    location: reference('location.location'),
    'discharge-disposition': token('hospitalization.dischargeDisposition'),
  },
  ExplanationOfBenefit: {
    patient: reference('patient'),
    type: token('type'),
    identifier: token('identifier'),
    use: token('use'),
    'service-date': date('billablePeriod', 'item.servicedDate', 'item.servicedPeriod'),
  },
  Goal: {
    patient: reference('subject'),
    'target-date': date('target.dueDate'),
    description: token('description'),
    'lifecycle-status': token('lifecycleStatus'),
  },
  Immunization: { patient: reference('patient'), date: date('occurrenceDateTime'), status: token('status') },
  Location: {
    name: string('name', 'alias'),
    address: string('address'),
    'address-city': string('address.city'),
    'address-state': string('address.state'),
    'address-postalcode': string('address.postalCode'),
  },
  MedicationDispense: { patient: reference('subject'), status: token('status'), type: token('type') },
  MedicationRequest: {
    patient: reference('subject'),
    intent: token('intent'),
    status: token('status'),
    encounter: reference('encounter'),
    authoredon: date('authoredOn'),
  },
  Observation: {
    patient: reference('subject'),
    category: token('category'),
    code: token('code'),
    date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
    status: token('status'),
  },
  Organization: { name: string('name', 'alias'), address: string('address') },
  Patient: {
    identifier: token('identifier'),
    name: string('name'),
    family: string('name.family'),
    given: string('name.given'),
    birthdate: date('birthDate'),
    gender: token('gender'),
    'death-date': date('deceasedDateTime'),
  },
  Practitioner: { name: string('name'), identifier: token('identifier') },
  PractitionerRole: { specialty: token('specialty'), practitioner: reference('practitioner') },
  Procedure: {
    patient: reference('subject'),
    date: date('performedDateTime', 'performedPeriod'),
    code: token('code'),
    status: token('status'),
  },
  Provenance: { target: reference('target'), patient: reference('target') },
  QuestionnaireResponse: {
    patient: reference('subject'),
    questionnaire: uri('questionnaire'),
    authored: date('authored'),
    status: token('status'),
  },
  RelatedPerson: { patient: reference('patient'), name: string('name') },
  ServiceRequest: {
    patient: reference('subject'),
    category: token('category'),
    code: token('code'),
    authored: date('authoredOn'),
    status: token('status'),
  },
  Specimen: { patient: reference('subject') },
}

/** The definition of a type's parameter, as far as we know it; Condition's asserted-date reads its extension. */
export const parameterOf = (type: string, name: string): SearchParameter | undefined =>
  common[name] ?? (name === 'asserted-date' ? date('#asserted') : parameters[type]?.[name])

const assertedDate = 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate'

/** The values that a parameter sees in a resource. */
export function valuesOf(resource: Resource, name: string): unknown[] {
  const definition = parameterOf(resource.resourceType, name)
  if (!definition) return []
  return definition.paths.flatMap((path) =>
    path === '#asserted'
      ? (at(resource, 'extension') as { url?: string; valueDateTime?: string }[])
          .filter(({ url }) => url === assertedDate)
          .flatMap(({ valueDateTime }) => valueDateTime ?? [])
      : at(resource, path),
  )
}

/** Dates that are days and no instants: there a search names a day, too. */
export const isDay = (type: string, name: string): boolean =>
  (type === 'Patient' && (name === 'birthdate' || name === 'death-date')) || (type === 'Goal' && name === 'target-date')

/** A value by which that resource must be found; undefined when it has none to search by. */
export function seedOf(resource: Resource, name: string): string | undefined {
  const kind = parameterOf(resource.resourceType, name)?.kind
  for (const value of valuesOf(resource, name)) {
    if (kind === 'date' && isDay(resource.resourceType, name) && typeof value === 'string') return value.slice(0, 10)
    const seed = kind && seeds[kind](value)
    if (seed) return seed
  }
  return undefined
}

const shielded = (text: string): string => text.replace(/[\\,|$]/g, '\\$&')

const seeds: Readonly<Record<ParameterKind, (value: unknown) => string | undefined>> = {
  token: (value) => {
    const [first] = tokensOf(value)
    if (!first?.code) return undefined
    return first.system ? `${first.system}|${shielded(first.code)}` : shielded(first.code)
  },
  reference: (value) => anyKey((value as { reference?: string }).reference ?? ''),
  // From the first instant on, to the second: every server that knows the resource must find it. Days where FHIR has days.
  date: (value) => {
    const from = rangeOf(value)?.[0]
    if (from === undefined || !Number.isFinite(from)) return undefined
    const instant = new Date(from).toISOString()
    return `ge${instant.slice(0, 19)}Z`
  },
  string: (value) => {
    const [first] = stringsOf(value)
    return first === undefined ? undefined : shielded(first)
  },
  uri: (value) => (typeof value === 'string' ? value : undefined),
}

/** Does the resource answer to `name=value`? undefined where we cannot tell (unknown parameter, modifier or chain). */
export function answersTo(resource: Resource, name: string, value: string): boolean | undefined {
  const [bare = '', modifier] = name.split(':')
  const definition = parameterOf(resource.resourceType, bare)
  if (!definition || bare.includes('.') || name.startsWith('_has')) return undefined
  // Provenance.target is of any type, so only a reference to a Patient can be judged by its `patient`.
  if (resource.resourceType === 'Provenance' && bare === 'patient') return undefined
  const values = valuesOf(resource, bare)
  if (modifier === 'missing') return (values.length === 0) === (value === 'true')
  const judge = tests[definition.kind]
  if (modifier !== undefined && !(definition.kind === 'string' && /^(exact|contains)$/.test(modifier))) return undefined
  const answers = split(value, ',').flatMap((choice) => values.map((found) => judge(found, choice, modifier)))
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false
}

/** Does the resource answer to every parameter that we can judge? */
export const answersToAll = (resource: Resource, params: Iterable<readonly [string, string]>): boolean =>
  [...params].every(([name, value]) => answersTo(resource, name, value) !== false)

/** Splits at a separator that is not escaped. */
export function split(value: string, separator: string): string[] {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < value.length; i++) {
    const letter = value[i]
    if (letter === '\\' && i + 1 < value.length) part += `\\${value[++i]}`
    else if (letter === separator) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part]
}
const opened = (text: string): string => text.replace(/\\([\\,|$])/g, '$1')

type Test = (found: unknown, value: string, modifier?: string) => boolean | undefined
const tests: Readonly<Record<ParameterKind, Test>> = {
  token: (found, value) => {
    const parts = split(value, '|').map(opened)
    const [system, code] = parts.length > 1 ? [parts[0], parts[1]] : [undefined, parts[0]]
    return tokensOf(found).some(
      (coding) =>
        (system === undefined || (system === '' ? !coding.system : coding.system === system)) &&
        (!code ||
          coding.code?.toLowerCase() === code.toLowerCase() ||
          coding.text?.toLowerCase() === code.toLowerCase()),
    )
  },
  reference: (found, value) => {
    const points = (found as { reference?: string }).reference ?? ''
    const key = anyKey(points) ?? points
    const wanted = anyKey(value) ?? value
    return wanted.includes('/') ? key === wanted : key.slice(key.indexOf('/') + 1) === wanted
  },
  date: (found, value) => dateAnswersAnywhere(found, value),
  string: (found, value, modifier) => {
    const wanted = opened(value)
    return stringsOf(found).some((text) => {
      if (modifier === 'exact') return text === wanted
      const [a, b] = [fold(text), fold(wanted)]
      // A server may match any word of a name or address, and the parts may be asked for together.
      return modifier === 'contains'
        ? a.includes(b)
        : a.split(/[\s,]+/).some((word) => word.startsWith(b)) || a.startsWith(b)
    })
  },
  uri: (found, value) => found === value,
}

interface Token extends Coding {
  readonly text?: string
}

/** Codings, identifiers, codes, booleans and contact points as tokens. */
function tokensOf(value: unknown): Token[] {
  if (typeof value === 'string' || typeof value === 'boolean') return [{ code: String(value) }]
  const { coding, text, code, value: identifier, system } = value as Record<string, unknown>
  if (Array.isArray(coding)) return [...(coding as Coding[]), ...(typeof text === 'string' ? [{ text }] : [])]
  if (typeof text === 'string') return [{ text, code: text }]
  const found = typeof code === 'string' ? code : typeof identifier === 'string' ? identifier : undefined
  return found === undefined ? [] : [{ ...(typeof system === 'string' ? { system } : {}), code: found }]
}

/** The texts of a string, a HumanName or an Address. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  const parts = value as Record<string, unknown>
  return [
    'family',
    'given',
    'prefix',
    'suffix',
    'text',
    'line',
    'city',
    'district',
    'state',
    'postalCode',
    'country',
  ].flatMap((name) => at(parts, name).filter((text) => typeof text === 'string'))
}

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()

type Range = readonly [from: number, to: number]

/** First and last millisecond of a date, a dateTime, an instant or a Period; open ends are infinite. */
export function rangeOf(value: unknown): Range | undefined {
  if (typeof value === 'string') return textRange(value)
  const { start, end } = (value ?? {}) as { start?: string; end?: string }
  if (start === undefined && end === undefined) return undefined
  const from = start === undefined ? Number.NEGATIVE_INFINITY : textRange(start)?.[0]
  const to = end === undefined ? Number.POSITIVE_INFINITY : textRange(end)?.[1]
  return from === undefined || to === undefined ? undefined : [from, to]
}

const ranges = new Map<string, Range | 'none'>()

/** Read once: a search compares the same few texts with every resource. */
function textRange(text: string): Range | undefined {
  const range = once(ranges, text, () => readRange(text) ?? 'none', 5000)
  return range === 'none' ? undefined : range
}

function readRange(text: string): Range | undefined {
  const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, , second, fraction, zone] = found
  if (hour !== undefined) {
    const from = Date.parse(zone ? text : `${text}Z`)
    if (Number.isNaN(from)) return undefined
    return [from, from + (second === undefined ? 60_000 : fraction ? 1 : 1000) - 1]
  }
  const from = Date.UTC(Number(year), month ? Number(month) - 1 : 0, day ? Number(day) : 1)
  const to = day
    ? from + 86_400_000
    : month
      ? Date.UTC(Number(year), Number(month), 1)
      : Date.UTC(Number(year) + 1, 0, 1)
  return [from, to - 1]
}

/** A day, a month, a year: without a zone, in the place of whoever wrote it. */
const isPlaceless = (text: string): boolean => !/T/.test(text)
const hour = 3_600_000
/** Where a server may be: its own zone counts where a date names none (FHIR R4 search#date). */
const placesEast = [-14 * hour, 0, 12 * hour]

/**
 * A date without a zone against a moment that has one: what counts is the server's own zone, which nobody here knows. Told
 * only where it makes no difference.
 */
function dateAnswersAnywhere(found: unknown, value: string): boolean | undefined {
  const range = rangeOf(found)
  const asked = value.replace(/^(eq|ne|gt|ge|lt|le|sa|eb|ap)/, '')
  const texts = typeof found === 'string' ? [found] : Object.values((found ?? {}) as object).map(String)
  const mixed = texts.some((text) => isPlaceless(text) !== isPlaceless(asked))
  if (!range || !mixed) return dateAnswers(range, value)
  const answers = placesEast.map((east) => dateAnswers([range[0] + east, range[1] + east], value))
  return answers.every((answer) => answer === answers[0]) ? answers[0] : undefined
}

/** The rules of date prefixes: a precision is a range, and so is what is found. */
function dateAnswers(found: Range | undefined, value: string): boolean | undefined {
  const [, prefix = '', text = ''] = /^(eq|ne|gt|ge|lt|le|sa|eb|ap)?(.*)$/.exec(value) ?? []
  const wanted = textRange(text)
  if (!found || !wanted) return false
  const [from, to] = found
  const [low, high] = wanted
  switch (prefix) {
    case 'ne':
      return !(low <= from && to <= high)
    case 'gt':
      return to > high
    case 'ge':
      return to > high || (low <= from && to <= high) || (from <= high && to >= low)
    case 'lt':
      return from < low
    case 'le':
      return from < low || (low <= from && to <= high) || (from <= high && to >= low)
    case 'sa':
      return from > high
    case 'eb':
      return to < low
    case 'ap':
      return from <= high && to >= low
    default:
      // Equal is what the precision holds wholly; a Period that only overlaps is found by some servers and not by others.
      return low <= from && to <= high ? true : from <= high && to >= low ? undefined : false
  }
}
