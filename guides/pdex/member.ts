/** Who the member of a scenario is to the responding payer, and which of the exchanges are about them. */
import type { Person } from '../../harness/person.ts'
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, json, type Transcript } from '../../harness/transcript.ts'
import { isPersonal, patientsOf } from '../core/compartment.ts'
import { at, resourceOf, resourcesIn } from '../core/received.ts'
import { anyKey, asked, succeeded } from '../core/rest.ts'

/** Moves that ask for a member's data. */
export const retrieving = [
  'search',
  'next-page',
  'read',
  'vread',
  'history',
  'everything',
  'everything-page',
  'export-kick-off',
  'export-status',
  'export-file',
  'export-delete',
  'binary',
  'probe',
] as const

/**
 * Logical ids that the responding payer uses for the member: what the plan or the fixture says, what the match and the token
 * answered, what a search by the member identifier found.
 */
export function memberIds(transcript: Transcript, scene: Scene): ReadonlySet<string> {
  const ids = new Set<string>()
  if (scene.person?.patientId) ids.add(scene.person.patientId)
  for (const x of transcript.from(0)) {
    if (x.from !== scene.requester || x.to !== scene.responder || !succeeded(x)) continue
    if (x.move === 'member-match')
      for (const reference of at(resourceOf(x), 'parameter.valueReference.reference')) add(ids, String(reference))
    if (x.move === 'member-token') {
      const patient = (x.response && (json(x.response) as { patient?: unknown } | undefined))?.patient
      if (typeof patient === 'string' && patient) add(ids, patient)
    }
    if (x.move === 'search' && asked(x).type === 'Patient' && asked(x).params.has('identifier'))
      for (const { resource } of resourcesIn(x))
        if (resource.resourceType === 'Patient' && resource.id) ids.add(resource.id)
  }
  return ids
}

const add = (ids: Set<string>, reference: string): void => {
  const id = (anyKey(reference) ?? reference).replace(/^Patient\//, '')
  if (id) ids.add(id)
}

/** True for a request about one of these Patients, by its path or a parameter. */
export const names = (x: Exchange, ids: ReadonlySet<string>): boolean => {
  const { id, type, params } = asked(x)
  return (
    (type === 'Patient' && ids.has(id ?? '')) ||
    [...params.values()].some((value) => ids.has(value.replace(/^.*Patient\//, '')))
  )
}

/** A piece of an answer that belongs to somebody else. */
export interface Foreign {
  readonly exchange: Exchange
  readonly expression: string
  readonly what: string
}

/**
 * Everything in these answers that is about another member than `own`: resources whose patient is another, and, where a
 * bystander is known, whatever names that bystander. A dependent's Coverage may name its subscriber: that is no finding.
 */
export function foreignIn(exchanges: readonly Exchange[], own: ReadonlySet<string>, scene: Scene): Foreign[] {
  const theirs = marksOf(scene)
  return exchanges.flatMap((exchange) => {
    const found: Foreign[] = []
    for (const { resource, expression } of resourcesIn(exchange)) {
      const others = patientsOf(resource).filter((key) => !own.has(key.replace('Patient/', '')))
      // Without an id of the member there is nothing to compare with; the bystander's marks below still tell.
      if (own.size > 0 && others.length > 0)
        found.push({
          exchange,
          expression,
          what: `${resource.resourceType}/${resource.id ?? '?'} is about ${others.join(', ')}`,
        })
    }
    const mark = found.length === 0 ? markIn(exchange, theirs) : undefined
    if (mark)
      found.push({
        exchange,
        expression: 'body',
        what: `the body names "${mark}", which is ${scene.bystander?.name}'s alone`,
      })
    return found
  })
}

const said = ({ request }: Exchange): string =>
  `${decodeURIComponent(request.url.replaceAll(/%(?![0-9a-f]{2})/gi, ''))} ${request.body}`

/** What tells a bystander: the id of the Patient, and values of identifiers that are theirs alone. */
interface Marks {
  readonly patient: string | undefined
  readonly values: ReadonlySet<string>
  /** Finds a text that holds one of the values; undefined where there is none. */
  readonly hint: RegExp | undefined
}
const nobody: Marks = { patient: undefined, values: new Set(), hint: undefined }
/** By the bystander and the member, or the bystander again where no member is known. */
const known = new WeakMap<Person, WeakMap<Person, Marks>>()

function marksOf({ bystander, person }: Scene): Marks {
  if (!bystander) return nobody
  const beside = known.get(bystander) ?? new WeakMap<Person, Marks>()
  known.set(bystander, beside)
  const before = beside.get(person ?? bystander)
  if (before) return before
  const shared = JSON.stringify([person?.record, person?.submitted])
  const values = new Set<string>()
  if (bystander.memberIdentifier) values.add(bystander.memberIdentifier.value)
  for (const resource of bystander.record ?? [])
    if (isPersonal(resource.resourceType))
      for (const value of at(resource, 'identifier.value'))
        if (typeof value === 'string' && value.length >= 6 && !shared.includes(`"${value}"`)) values.add(value)
  const marks: Marks = {
    patient: bystander.patientId && `Patient/${bystander.patientId}`,
    values,
    hint: values.size > 0 ? new RegExp([...values].map(literally).join('|')) : undefined,
  }
  beside.set(person ?? bystander, marks)
  return marks
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')

/** A mark in an answer; one that the caller itself named may come back in a self link or an outcome, and tells it nothing. */
function markIn(exchange: Exchange, { patient, values, hint }: Marks): string | undefined {
  const body = exchange.response?.body ?? ''
  const isNews = (mark: string): boolean => !said(exchange).includes(mark)
  if (patient !== undefined && body.includes(patient) && isNews(patient)) return patient
  if (!hint?.test(body)) return undefined
  for (const [, text] of body.matchAll(/"((?:[^"\\]|\\.)*)"/g))
    if (text !== undefined && values.has(text) && isNews(text)) return text
  return undefined
}
