/** A token request, as a client of backend services puts it (SMART 2.2, RFC 7523, RFC 8705): a draft to be spoiled. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../harness/actor.ts'
import { epochSeconds } from '../harness/clock.ts'
import { defaults } from '../harness/config.ts'
import type { Exchange, HeaderList } from '../harness/transcript.ts'
import { certificateAlgorithm, held, type JwtDraft, signed, x5c } from './jwt.ts'
import { clientIdOf, latest, said } from './tokens.ts'

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How a client is registered, as the server's answer says. */
export interface Registered {
  readonly clientId: string
  readonly method: 'private_key_jwt' | 'tls_client_auth'
  readonly udap: boolean
}

export interface TokenDraft {
  assertion: JwtDraft
  /** Set: this text is sent as the assertion. Null: none is sent. */
  assertionText?: string | null
  /** Names and values in order; the assertion comes behind them. */
  form: [string, string][]
  headers: [string, string][]
  /** Sent as JSON instead of as a form. */
  json?: boolean
  readonly about: {
    readonly client: Actor
    readonly payer: Actor
    readonly url: string
    readonly now: number
    readonly registered: Registered
  }
}

/** The registration that the client uses now. Throws `not-seen` when there is none. */
export function registeredWith(client: Actor, payer: Actor): Registered {
  const exchange = latest(client, payer, ['register', 'update-registration'])
  const clientId = clientIdOf(client, payer)
  const answer = said(exchange)
  return {
    clientId,
    method: answer.token_endpoint_auth_method === 'tls_client_auth' ? 'tls_client_auth' : 'private_key_jwt',
    udap: exchange?.intent.form === 'udap',
  }
}

/** The assertion that this client authenticates with, good for that URL. */
export function draftAssertion(client: Actor, registered: Registered, url: string): JwtDraft {
  const { identity } = client
  const now = epochSeconds(client.clock.now())
  const claims = {
    iss: registered.clientId,
    sub: registered.clientId,
    aud: url,
    iat: now,
    exp: now + defaults.assertionSeconds,
    jti: randomUUID(),
  }
  if (registered.udap) {
    const credentials = held(identity.credentials, client.name, 'certificate')
    return {
      header: { alg: certificateAlgorithm(credentials), x5c: x5c(credentials) },
      claims: { ...claims, extensions: { 'hl7-b2b': b2b(client) } },
      key: credentials.key,
    }
  }
  const { alg, kid, key } = held(identity.signing, client.name, 'signing key')
  return { header: { alg, kid, typ: 'JWT' }, claims, key }
}

/** Who asks and what for (UDAP Security 2.0 B2B). */
export const b2b = (client: Actor): Record<string, unknown> => ({
  version: '1',
  organization_name: client.identity.name,
  organization_id: client.identity.uri,
  // Health care operations: what a payer asks for a new member's record for.
  purpose_of_use: ['urn:oid:2.16.840.1.113883.5.8#HOPERAT'],
})

/** A good request for that scope. */
export function draftToken(client: Actor, payer: Actor, url: string, scope: string): TokenDraft {
  const registered = registeredWith(client, payer)
  return {
    assertion: draftAssertion(client, registered, url),
    form: [
      ['grant_type', 'client_credentials'],
      ['scope', scope],
      ...(registered.udap ? [['udap', '1'] as [string, string]] : []),
      ...(registered.method === 'tls_client_auth' ? [['client_id', registered.clientId] as [string, string]] : []),
    ],
    ...(registered.method === 'tls_client_auth' ? { assertionText: null } : {}),
    headers: [
      ['Content-Type', 'application/x-www-form-urlencoded'],
      ['Accept', 'application/json'],
    ],
    about: { client, payer, url, now: epochSeconds(client.clock.now()), registered },
  }
}

/** The body and headers to send. */
export function tokenBody(draft: TokenDraft): { readonly body: string; readonly headers: HeaderList } {
  const { form, headers, assertionText } = draft
  const text = assertionText === undefined ? signed(draft.assertion) : assertionText
  const all: [string, string][] = [...form]
  if (text !== null) {
    if (!all.some(([name]) => name === 'client_assertion_type')) all.push(['client_assertion_type', jwtBearer])
    all.push(['client_assertion', text])
  }
  if (draft.json)
    return {
      body: JSON.stringify(Object.fromEntries(all)),
      headers: headers.map(([n, v]) => (n === 'Content-Type' ? [n, 'application/json'] : [n, v])),
    }
  return { body: new URLSearchParams(all).toString(), headers }
}

/** The form of a token request that was sent. */
export const formOf = ({ request }: Exchange): ReadonlyMap<string, string> => new Map(new URLSearchParams(request.body))
