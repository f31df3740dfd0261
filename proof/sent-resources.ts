/** Every FHIR resource that was sent in a conversation, and what the guides demand of it: the simulators are references, so they hold to the guides themselves. */
import type { Editions } from '../harness/edition.ts'
import type { Exchange, HeaderList } from '../harness/transcript.ts'
import { validatorFor } from '../profiles/validate.ts'

type Json = Readonly<Record<string, unknown>>
export interface SentResource {
  /** `x3 response`, `x3 response, line 7` */
  readonly where: string
  readonly exchange: Exchange
  readonly resource: Json
}

const typed = (headers: HeaderList): string =>
  headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].toLowerCase() ?? ''
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The FHIR bodies of the exchanges: of every answer, and of every request that was not meant to be wrong. What says that it is FHIR
 * and cannot be read is an empty object, which no validator takes for a resource.
 */
export function sentResources(exchanges: readonly Exchange[]): SentResource[] {
  return exchanges.flatMap((exchange) => {
    const { id, request, response, intent } = exchange
    const asked = intent.mistake === undefined ? bodies(`${id} request`, request.headers, request.body) : []
    const answered = response ? bodies(`${id} response`, response.headers, response.body) : []
    return [...asked, ...answered].map((each) => ({ ...each, exchange }))
  })
}

function bodies(where: string, headers: HeaderList, body: string): Pick<SentResource, 'where' | 'resource'>[] {
  const type = typed(headers)
  if (body === '' || !type.includes('fhir+')) return []
  if (!type.includes('ndjson')) return [{ where, resource: read(body) }]
  return body
    .split('\n')
    .flatMap((line, at) => (line.trim() === '' ? [] : [{ where: `${where}, line ${at + 1}`, resource: read(line) }]))
}

function read(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

const core = 'http://hl7.org/fhir/us/core/StructureDefinition/'
const hrex = 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/'

/** Types of which the guides name one profile for all that a payer hands on (PDex "Data Payload": US Core, HRex Coverage). */
const oneProfile: Readonly<Record<string, string>> = {
  AllergyIntolerance: `${core}us-core-allergyintolerance`,
  CarePlan: `${core}us-core-careplan`,
  CareTeam: `${core}us-core-careteam`,
  Coverage: `${hrex}hrex-coverage`,
  Device: `${core}us-core-implantable-device`,
  DocumentReference: `${core}us-core-documentreference`,
  Encounter: `${core}us-core-encounter`,
  Goal: `${core}us-core-goal`,
  Immunization: `${core}us-core-immunization`,
  Location: `${core}us-core-location`,
  Medication: `${core}us-core-medication`,
  MedicationRequest: `${core}us-core-medicationrequest`,
  Organization: `${core}us-core-organization`,
  Patient: `${core}us-core-patient`,
  Practitioner: `${core}us-core-practitioner`,
  PractitionerRole: `${core}us-core-practitionerrole`,
  Procedure: `${core}us-core-procedure`,
  Provenance: `${core}us-core-provenance`,
}
/** Types with several profiles: the resource itself must say which is its. */
const severalProfiles = new Set(['Condition', 'DiagnosticReport', 'ExplanationOfBenefit', 'Observation'])

/** The profiles of an operation's Parameters, by its name in the URL. */
const operations: Readonly<Record<string, readonly [request: string, response: string]>> = {
  '$member-match': [`${hrex}hrex-parameters-member-match-in`, `${hrex}hrex-parameters-member-match-out`],
}

/** What is wrong with a resource, as sentences: by its type, by every profile that it claims, and by the one that its guide demands. */
export function errorsOf({ where, exchange, resource }: SentResource, editions: Editions): string[] {
  const validator = validatorFor(editions)
  const said = (at: string, found: ReturnType<typeof validator.validate>): string[] =>
    found
      .filter(({ severity }) => severity === 'error')
      .map(({ code, expression, message, profile }) => `${where} ${at} ${expression} ${code}: ${message} [${profile}]`)
  const name = /\/(\$[a-z-]+)(?:\?|$)/.exec(exchange.request.url)?.[1] ?? ''
  const operation = operations[name]?.[where.includes('request') ? 0 : 1]
  const profiles = operation !== undefined && resource.resourceType === 'Parameters' ? [operation] : []
  const found = validator.validate(resource, { profiles }).filter((finding) => !isOfSubset(resource, finding))
  const whole = said(String(resource.resourceType), found)
  return [
    ...whole,
    ...within(resource).flatMap((each) => {
      const type = String(each.resourceType)
      const claimed = (each.meta as Json | undefined)?.profile
      if (isSubset(each)) return []
      if (severalProfiles.has(type) && !(Array.isArray(claimed) && claimed.length > 0))
        return [`${where} ${type}/${each.id}: claims none of the profiles that its type has`]
      const profile = oneProfile[type]
      if (profile === undefined || !validator.knows(profile)) return []
      return said(`${type}/${each.id}`, validator.validate(each, { profiles: [profile] }))
    }),
  ]
}

/** A summary, or a choice of elements: it leaves out what its profile demands, and says so (R4 search, _summary and _elements). */
function isSubset({ meta }: Json): boolean {
  const tag = isObject(meta) ? meta.tag : undefined
  return Array.isArray(tag) && tag.some((each) => isObject(each) && each.code === 'SUBSETTED')
}

/** What a profile says of a subset; what its type says of it still counts. */
function isOfSubset(resource: Json, { expression, profile }: { expression: string; profile: string }): boolean {
  const at = /^Bundle\.entry\[(\d+)\]\.resource/.exec(expression)?.[1]
  const entry = at === undefined ? undefined : (resource.entry as unknown[])[Number(at)]
  const inner = at === undefined ? resource : isObject(entry) ? entry.resource : undefined
  if (!isObject(inner) || !isSubset(inner)) return false
  return profile !== `http://hl7.org/fhir/StructureDefinition/${inner.resourceType}`
}

/** The resource, and those of a Bundle. What is contained, or a parameter, is held to what its container's profile demands. */
function within(resource: Json): Json[] {
  const entries = Array.isArray(resource.entry) ? resource.entry.filter(isObject) : []
  return [resource, ...entries.flatMap((each) => (isObject(each.resource) ? within(each.resource) : []))]
}
