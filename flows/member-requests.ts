/** What requests for a member's data have in common: whose data, with which token, with which headers; and what came of earlier ones. */
import type { Actor, Message } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Move } from '../harness/move.ts'
import type { FhirResource, Person } from '../harness/person.ts'
import { type Exchange, type HeaderList, header, json, jsonLines, type SentResponse } from '../harness/transcript.ts'
import { fhirBase, latest, namedAs, said, tokenOf } from './tokens.ts'

/** How a request departs from the plain one. Everything that is left out is as it should be. */
export interface Manner {
  /** Accept; null sends none. */
  readonly accept?: string | null
  readonly prefer?: string
  /** Instead of the client's own latest token for the member; null sends none. */
  readonly token?: string | null
  /** Further headers. */
  readonly headers?: HeaderList
  /** Another certificate; null shows none. */
  readonly as?: Message['as']
  readonly intent?: Readonly<Record<string, string>>
  /** Whose token, where the client holds several. */
  readonly person?: Person
}

export type Pairs = readonly (readonly [name: string, value: string])[]

/** Sends a request for data, with the token of the member unless the manner says otherwise. */
export function ask(
  client: Actor,
  payer: Actor,
  move: Move,
  message: Pick<Message, 'method' | 'url' | 'body'> & { readonly type?: string },
  manner: Manner = {},
): Promise<Exchange> {
  const { accept = 'application/fhir+json', prefer, token, headers = [], as, intent, person } = manner
  const bearer = token === undefined ? tokenOf(client, payer, 'member', person?.name) : token
  const { type, ...rest } = message
  const all: [string, string][] = []
  if (accept !== null) all.push(['Accept', accept])
  if (prefer !== undefined) all.push(['Prefer', prefer])
  if (type !== undefined) all.push(['Content-Type', type])
  for (const [name, value] of headers) all.push([name, value])
  // Never in the clear (RFC 6750 §5.3), whatever an answer says of where to go on.
  if (bearer !== null && !message.url.toLowerCase().startsWith('http:')) all.push(['Authorization', `Bearer ${bearer}`])
  return client.send(move, payer, {
    ...rest,
    headers: all,
    ...(as === undefined ? {} : { as }),
    intent: { ...(person ? { person: person.name } : {}), ...intent },
  })
}

/** An operation by POST, with these as its Parameters. */
export const posted = (url: string, parameter: readonly object[]): Parameters<typeof ask>[3] => ({
  method: 'POST',
  url,
  type: 'application/fhir+json',
  // An empty list is no JSON of FHIR.
  body: JSON.stringify({ resourceType: 'Parameters', ...(parameter.length > 0 && { parameter }) }),
})

/** A URL with its query. */
export const withQuery = (url: string, pairs: Pairs): string =>
  pairs.length === 0
    ? url
    : `${url}?${pairs.map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(v)}`).join('&')}`

/**
 * Logical id of the member's Patient at the payer: what the token says, what the match said (MemberId), what a search by
 * identifier found. Throws `not-seen` when nobody said it.
 */
export function patientIdOf(client: Actor, payer: Actor, person?: Person): string {
  const about = (x: Exchange): boolean => person === undefined || x.intent.person === person.name
  const { patient } = said(latest(client, payer, 'member-token', about))
  if (typeof patient === 'string') return patient.replace(/^Patient\//, '')
  const { id } = namedAs(client, payer, person)
  if (id) return id
  const searched = latest(client, payer, 'search', (x) => /\/Patient(\?|\/_search)/.test(x.request.url) && about(x))
  const patientFound = searched
    ? resourcesIn(searched).find(({ resourceType }) => resourceType === 'Patient')
    : undefined
  if (patientFound?.id) return patientFound.id
  throw new HarnessError('not-seen', `the ${payer.name} has not said the Patient id of the member`)
}

/** The unique member identifier that a match gave. Throws `not-seen` when none did. */
export function memberIdentifierOf(client: Actor, payer: Actor, person?: Person): { system?: string; value: string } {
  const { identifier } = namedAs(client, payer, person)
  if (!identifier) throw new HarnessError('not-seen', `the ${payer.name} has given no identifier of the member`)
  return identifier
}

const carried = new WeakMap<object, readonly FhirResource[]>()

/** Resources in an answer: a resource, the entries of a Bundle, the lines of a file. None where the answer was a refusal. */
export function resourcesIn({ response }: Exchange): readonly FhirResource[] {
  if (response?.status !== 200) return []
  const known = carried.get(response)
  if (known) return known
  const found = carriedBy(response)
  carried.set(response, found)
  return found
}

function carriedBy(response: SentResponse): FhirResource[] {
  if (/ndjson/i.test(header(response, 'content-type') ?? ''))
    return jsonLines(response).flatMap(({ value }) => (isResource(value) ? [value] : []))
  const body = json(response)
  if (!isResource(body)) return []
  if (body.resourceType !== 'Bundle') return [body]
  const entries: readonly ({ resource?: unknown } | null)[] = Array.isArray(body.entry) ? body.entry : []
  return entries.flatMap((entry) => (isResource(entry?.resource) ? [entry.resource] : []))
}

const isResource = (value: unknown): value is FhirResource =>
  typeof value === 'object' && value !== null && typeof (value as { resourceType?: unknown }).resourceType === 'string'

const retrieving = ['search', 'next-page', 'read', 'everything', 'everything-page', 'export-file'] as const

/** What the client has got from that payer so far, newest version of each last known, in the order of first sight. */
export function received(client: Actor, payer: Actor, type?: string): FhirResource[] {
  const found = new Map<string, FhirResource>()
  for (const exchange of client.transcript.all(retrieving, { from: client.name, to: payer.name }))
    for (const resource of resourcesIn(exchange))
      if (resource.id && (type === undefined || resource.resourceType === type))
        found.set(`${resource.resourceType}/${resource.id}`, resource)
  return [...found.values()]
}

/** The first resource of that type that the client got. Throws `not-seen` when there was none. */
export function oneReceived(client: Actor, payer: Actor, type: string): FhirResource & { id: string } {
  const [resource] = received(client, payer, type)
  if (!resource?.id) throw new HarnessError('not-seen', `the ${client.name} has got no ${type} from the ${payer.name}`)
  return resource as FhirResource & { id: string }
}

/** An absolute URL of ours or of a relative reference. */
export const absoluteUrl = (payer: Actor, url: string): string =>
  URL.canParse(url) ? url : `${fhirBase(payer)}/${url.replace(/^\//, '')}`
