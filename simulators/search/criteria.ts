/**
 * A query read against the table: what it asks of a resource, what it asks of the answer, what cannot be understood and
 * what is not offered. FHIR R4 search, as far as the table goes.
 */
import type { FhirResource } from '../../harness/person.ts'
import { dateCriterion, liesSo, rangeOfElement } from './dates.ts'
import { paramOf } from './lookup.ts'
import { referenceMatches, split, stringMatches, tokenAsked, tokenMatches, tokenTextMatches } from './match.ts'
import type { SearchParam } from './params.ts'
import { valuesAt } from './path.ts'
import { searchTable } from './table.ts'

export type Pair = readonly [name: string, value: string]

/** Finds what a reference points at, as far as the caller may see it; for chains. */
export type Follow = (reference: string) => FhirResource | undefined
export type Test = (resource: FhirResource, follow: Follow) => boolean

export interface Include {
  /** Type whose references are followed. */
  readonly source: string
  /** Where they are; `*` for everywhere. */
  readonly path: string
  readonly target?: string
  readonly iterate: boolean
}

export interface Criteria {
  readonly type: string
  /** What was understood, for the self link. */
  readonly used: readonly Pair[]
  /** Names of what is not offered. */
  readonly unknown: readonly string[]
  /** What is wrong with it, in words without anybody's data. */
  readonly invalid: readonly string[]
  /** All must hold. */
  readonly tests: readonly Test[]
  readonly count?: number
  readonly includes: readonly Include[]
  readonly provenance: boolean
  readonly elements?: readonly string[]
  /** Only the number is asked for. */
  readonly onlyTotal: boolean
}

interface Context {
  /** Our own FHIR base. */
  readonly base: string
  readonly now: number
}

/** Reads a query; nothing is thrown, what is wrong is told. */
export function readCriteria(type: string, pairs: Iterable<Pair>, context: Context): Criteria {
  const used: Pair[] = []
  const unknown: string[] = []
  const invalid: string[] = []
  const tests: Test[] = []
  const includes: Include[] = []
  let count: number | undefined
  let elements: string[] | undefined
  let provenance = false
  let onlyTotal = false

  for (const [name, value] of pairs) {
    const pair: Pair = [name, value]
    if (name === '_format' || name === '_pretty') continue
    if (value === '') unknown.push(name)
    else if (name === '_count') {
      if (!/^\d{1,9}$/.test(value)) invalid.push('_count is no number')
      else {
        count = Number(value)
        if (count === 0) onlyTotal = true
        used.push(pair)
      }
    } else if (name === '_summary') {
      if (value === 'count') onlyTotal = true
      if (value === 'count' || value === 'false') used.push(pair)
      else if (['true', 'text', 'data'].includes(value)) unknown.push(name)
      else invalid.push('_summary is none of true, text, data, count, false')
    } else if (name === '_total') {
      if (['none', 'estimate', 'accurate'].includes(value)) used.push(pair)
      else invalid.push('_total is none of none, estimate, accurate')
    } else if (name === '_elements') {
      elements = split(value, ',').map((e) => e.trim())
      used.push(pair)
    } else if (name === '_include' || name === '_include:iterate') {
      const include = readInclude(value, name.endsWith(':iterate'), type)
      if (include) {
        includes.push(include)
        used.push(pair)
      } else unknown.push(name)
    } else if (name === '_revinclude') {
      if (value === 'Provenance:target' && searchTable[type]?.provenance) {
        provenance = true
        used.push(pair)
      } else unknown.push(name)
    } else {
      const test = readTest(type, name, value, context)
      if (test === undefined) unknown.push(name)
      else if (typeof test === 'string') invalid.push(test)
      else {
        tests.push(test)
        used.push(pair)
      }
    }
  }
  return {
    type,
    used,
    unknown,
    invalid,
    tests,
    includes,
    provenance,
    onlyTotal,
    ...(count === undefined ? {} : { count }),
    ...(elements === undefined ? {} : { elements }),
  }
}

/** `Type:param[:Target]`, when the table lists it. An iterating one may start from a type that was included. */
function readInclude(value: string, iterate: boolean, type: string): Include | undefined {
  const [source = '', name = '', target] = value.split(':')
  if (source !== type && !iterate) return undefined
  const includes = searchTable[source]?.includes ?? {}
  if (target !== undefined) {
    const path = includes[`${name}:${target}`] ?? includes[name]
    return path === undefined ? undefined : { source, path, target, iterate }
  }
  const path = includes[name] ?? Object.entries(includes).find(([known]) => known.startsWith(`${name}:`))?.[1]
  return path === undefined ? undefined : { source, path, iterate }
}

/** One condition; undefined when it is not offered, a sentence when it is wrong. */
function readTest(type: string, written: string, value: string, context: Context): Test | string | undefined {
  const chain = /^([\w-]+)(?::([A-Z]\w+))?\.([\w.:-]+)$/.exec(written)
  if (chain) return readChain(type, chain[1] as string, chain[2], chain[3] as string, value, context)
  const [name = '', modifier] = written.split(':')
  const param = paramOf(type, name)
  if (!param) return undefined
  if (modifier === 'missing') {
    if (value !== 'true' && value !== 'false') return `${name}:missing is neither true nor false`
    return (resource) => (valuesAt(resource, param.path).length === 0) === (value === 'true')
  }
  const choices = split(value, ',')
  const matches = readMatcher(param, modifier, choices, context)
  if (typeof matches === 'string') return matches
  // Not having the code is also true of who has none.
  if (modifier === 'not') return (resource) => !valuesAt(resource, param.path).some(matches)
  return (resource) => valuesAt(resource, param.path).some(matches)
}

type Matcher = (value: unknown) => boolean

function readMatcher(
  param: SearchParam,
  modifier: string | undefined,
  choices: readonly string[],
  { base, now }: Context,
): Matcher | string {
  const refused = `${param.name} has no modifier :${modifier}`
  switch (param.kind) {
    case 'token': {
      if (modifier === 'text') return (value) => choices.some((asked) => tokenTextMatches(value, asked, param))
      if (modifier !== undefined && modifier !== 'not') return refused
      const asked = choices.map(tokenAsked)
      if (asked.some((a) => !a.code && !a.system)) return `${param.name} has an empty code`
      return (value) => asked.some((one) => tokenMatches(value, one, param))
    }
    case 'string':
      if (modifier !== undefined && modifier !== 'exact' && modifier !== 'contains') return refused
      return (value) => choices.some((asked) => stringMatches(value, asked, modifier))
    case 'date': {
      if (modifier !== undefined) return refused
      const criteria = choices.map(dateCriterion)
      if (criteria.includes(undefined)) return `${param.name} is no date`
      return (value) => {
        const range = rangeOfElement(value)
        return range !== undefined && criteria.some((c) => c !== undefined && liesSo(range, c, now))
      }
    }
    case 'reference': {
      if (modifier === 'identifier') {
        const asked = choices.map(tokenAsked)
        return (value) => asked.some((one) => tokenMatches((value as { identifier?: unknown })?.identifier, one, param))
      }
      if (modifier !== undefined && !/^[A-Z]/.test(modifier)) return refused
      if (choices.some((asked) => !/^[^\s]+$/.test(asked))) return `${param.name} is no reference`
      return (value) => choices.some((asked) => referenceMatches(value, asked, param, base, modifier))
    }
  }
}

/** `practitioner.name=x`: one step, to a type that the parameter may point at. */
function readChain(
  type: string,
  name: string,
  target: string | undefined,
  rest: string,
  value: string,
  context: Context,
): Test | string | undefined {
  const param = paramOf(type, name)
  const at = target ?? (param?.targets?.length === 1 ? param.targets[0] : undefined)
  if (param?.kind !== 'reference' || !at || rest.includes('.') || !param.targets?.includes(at)) return undefined
  const inner = readTest(at, rest, value, context)
  if (inner === undefined || typeof inner === 'string') return inner
  return (resource, follow) =>
    valuesAt(resource, param.path).some((held) => {
      const found = follow((held as { reference?: string }).reference ?? '')
      return found?.resourceType === at && inner(found, follow)
    })
}

/** Does the resource meet every condition? */
export const meets = (resource: FhirResource, { tests }: Pick<Criteria, 'tests'>, follow: Follow): boolean =>
  tests.every((test) => test(resource, follow))

/** Mandatory elements of the types here: what a trimmed resource keeps beside what was asked. */
const mandatory: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['patient'],
  CarePlan: ['status', 'intent', 'subject'],
  Condition: ['subject'],
  Consent: ['status', 'scope', 'category'],
  Coverage: ['status', 'beneficiary', 'payor'],
  DiagnosticReport: ['status', 'code'],
  DocumentReference: ['status', 'content'],
  Encounter: ['status', 'class'],
  Endpoint: ['status', 'connectionType', 'payloadType', 'address'],
  ExplanationOfBenefit: ['status', 'type', 'use', 'patient', 'created', 'insurer', 'provider', 'outcome', 'insurance'],
  Goal: ['lifecycleStatus', 'description', 'subject'],
  Group: ['type', 'actual'],
  Immunization: ['status', 'vaccineCode', 'patient', 'occurrenceDateTime', 'occurrenceString'],
  MedicationDispense: ['status', 'medicationCodeableConcept', 'medicationReference'],
  MedicationRequest: ['status', 'intent', 'medicationCodeableConcept', 'medicationReference', 'subject'],
  Observation: ['status', 'code'],
  Procedure: ['status', 'subject'],
  Provenance: ['target', 'recorded', 'agent'],
  Questionnaire: ['status'],
  QuestionnaireResponse: ['status'],
  RelatedPerson: ['patient'],
  ServiceRequest: ['status', 'intent', 'subject'],
}

/** The resource with the named root elements, what it must have, and the label that says that it is a part. */
export function trimmed(resource: FhirResource, elements: readonly string[] | undefined): FhirResource {
  if (!elements) return resource
  const { resourceType: type } = resource
  const names = elements.flatMap((e) =>
    e.includes('.') ? (e.startsWith(`${type}.`) ? [e.slice(type.length + 1)] : []) : [e],
  )
  if (names.length === 0) return resource
  const keep = new Set(['resourceType', 'id', 'meta', 'implicitRules', ...(mandatory[type] ?? []), ...names])
  const entries = Object.entries(resource).filter(([name]) => keep.has(name.replace(/^_/, '')))
  const subsetted = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }
  const part = Object.fromEntries(entries) as unknown as FhirResource
  return { ...part, meta: { ...resource.meta, tag: [...(resource.meta?.tag ?? []), subsetted] } }
}
