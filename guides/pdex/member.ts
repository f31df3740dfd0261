/** Who the member of a scenario is to the responding payer, and which of the exchanges are about them. */
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, json, type Transcript } from '../../harness/transcript.ts'
import { patientsOf } from '../core/compartment.ts'
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
    const body = exchange.response?.body ?? ''
    // A mark that the caller itself named may come back in a self link or an outcome: that tells it nothing.
    const mark = theirs.find((text) => body.includes(text) && !said(exchange).includes(text.replaceAll('"', '')))
    if (mark && found.length === 0)
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

/** Texts that only a bystander's record holds: ids and identifiers of what is theirs. */
function marksOf({ bystander, person }: Scene): string[] {
  if (!bystander) return []
  const known = JSON.stringify([person?.record, person?.submitted])
  const marks = new Set<string>()
  if (bystander.patientId) marks.add(`Patient/${bystander.patientId}`)
  if (bystander.memberIdentifier) marks.add(`"${bystander.memberIdentifier.value}"`)
  for (const resource of bystander.record ?? [])
    for (const value of at(resource, 'identifier.value'))
      if (typeof value === 'string' && value.length >= 6 && !known.includes(`"${value}"`)) marks.add(`"${value}"`)
  return [...marks]
}
