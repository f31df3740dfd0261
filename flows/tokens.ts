/** What earlier exchanges left behind: endpoints, client ids and tokens, found in the transcript and nowhere else. */
import type { Actor } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { MatchAnswer } from '../harness/fixture.ts'
import type { Move } from '../harness/move.ts'
import type { Person } from '../harness/person.ts'
import { type Exchange, json } from '../harness/transcript.ts'

/** An object of JSON in an answer; `{}` where there is none. */
export const said = (exchange: Exchange | undefined): Readonly<Record<string, unknown>> => {
  const value = exchange?.response ? json(exchange.response) : undefined
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

const succeeded = ({ response, intent }: Exchange): boolean =>
  response !== undefined && response.status >= 200 && response.status < 300 && intent.mistake === undefined

/** The latest good exchange of that kind between the two; undefined when there was none. */
export const latest = (
  from: Actor,
  to: Actor,
  moves: Move | readonly Move[],
  where: (exchange: Exchange) => boolean = () => true,
): Exchange | undefined =>
  from.transcript.latest(moves, {
    from: from.name,
    to: to.name,
    where: (exchange) => succeeded(exchange) && where(exchange),
  })

export type EndpointName =
  | 'token_endpoint'
  | 'registration_endpoint'
  | 'introspection_endpoint'
  | 'revocation_endpoint'
  | 'jwks_uri'

/**
 * Where that endpoint is, as discovery says: the alias for mutual TLS where there is one (RFC 8705 §5), a relative URL
 * against the FHIR base (SMART). What the plan says of the place goes before, and what was said when the client was registered
 * by hand comes last. Undefined when nobody says.
 */
export function endpointOf(client: Actor, payer: Actor, name: EndpointName): string | undefined {
  const planned = { token_endpoint: payer.places.token, registration_endpoint: payer.places.registration }
  if (name in planned) {
    const place = planned[name as keyof typeof planned]
    if (place) return place
  }
  // Metadata of RFC 8414 whose issuer is not the one that was asked for is not believed (§3.3).
  const document = said(
    latest(client, payer, ['smart-configuration', 'authorization-server'], (exchange) =>
      exchange.move === 'smart-configuration' ? true : isOf(exchange.intent.issuer, said(exchange).issuer),
    ),
  )
  const aliases = document.mtls_endpoint_aliases
  const alias = typeof aliases === 'object' && aliases !== null ? (aliases as Record<string, unknown>)[name] : undefined
  const url = typeof alias === 'string' ? alias : document[name]
  if (typeof url !== 'string') return name === 'token_endpoint' ? client.tokenEndpointAt(payer.name) : undefined
  const base = payer.places.fhir ?? payer.places.open
  return URL.canParse(url) ? url : base && URL.canParse(url, `${base}/`) ? new URL(url, `${base}/`).href : undefined
}

/**
 * That address of the payer, for what must stay between the two: an assertion, a token. Throws `not-seen` where it is not one of
 * https, since whoever listens on the way would have it (RFC 6749 §3.2).
 */
export function guarded(url: string, payer: Actor): string {
  if (/^https:/i.test(url)) return url
  throw new HarnessError('not-seen', `the ${payer.name} names ${url}, which is not https: nothing secret is sent there`)
}

/** The issuer that was asked for; with and without a slash at its end it stands at the same address (RFC 8414 §3.1). */
const isOf = (asked: string | undefined, told: unknown): boolean =>
  typeof told === 'string' && told.replace(/\/$/, '') === asked?.replace(/\/$/, '')

/** The id that `client` has at `payer`. Throws `not-seen` when it is not registered. */
export function clientIdOf(client: Actor, payer: Actor, where?: (exchange: Exchange) => boolean): string {
  const id =
    said(latest(client, payer, ['register', 'update-registration'], where)).client_id ?? client.clientIdAt(payer.name)
  if (typeof id !== 'string')
    throw new HarnessError('not-seen', `the ${client.name} is not registered with the ${payer.name}`)
  return id
}

/** How the payer named a member to the client, in the answer to a match: that person's, or whoever's came last. */
export function namedAs(
  client: Actor,
  payer: Actor,
  person?: Person,
): { readonly id?: string; readonly identifier?: { readonly system?: string; readonly value: string } } {
  const about = (x: Exchange): boolean => person === undefined || x.intent.person === person.name
  const exchange = latest(client, payer, 'member-match', (x) => about(x) && x.response?.status === 200)
  const { parameter = [] } = exchange
    ? (said(exchange) as MatchAnswer)
    : (client.matchAt(payer.name, person?.name) ?? {})
  const reference = parameter.find(({ name }) => name === 'MemberId')?.valueReference?.reference
  const id = /(?:^|\/)([A-Za-z0-9.-]+)(?:\/_history\/[A-Za-z0-9.-]+)?$/.exec(reference ?? '')?.[1]
  const { system, value } = parameter.find(({ name }) => name === 'MemberIdentifier')?.valueIdentifier ?? {}
  return { ...(id ? { id } : {}), ...(value ? { identifier: { ...(system ? { system } : {}), value } } : {}) }
}

export type TokenKind = 'match' | 'member'

/** The latest token of that kind. Throws `not-seen` when none was granted. */
export function tokenOf(client: Actor, payer: Actor, kind: TokenKind, person?: string): string {
  const granted = latest(
    client,
    payer,
    `${kind}-token`,
    (exchange) => exchange.response?.status === 200 && (person === undefined || exchange.intent.person === person),
  )
  const token = said(granted).access_token
  if (typeof token !== 'string')
    throw new HarnessError(
      'not-seen',
      `the ${payer.name} granted no token ${kind === 'match' ? 'to match with' : 'for the data of a member'}`,
    )
  return token
}

/** FHIR base of the payer. Throws `cannot-set-up` when nobody knows it. */
export function fhirBase(payer: Actor): string {
  const { fhir } = payer.places
  if (!fhir) throw new HarnessError('cannot-set-up', `nobody knows where the FHIR base of the ${payer.name} is`)
  return fhir
}
