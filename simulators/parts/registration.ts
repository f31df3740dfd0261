/**
 * Dynamic client registration and its management, reachable over mutual TLS alone (RFC 7591, RFC 7592, PDex "Dynamic
 * Client Registration"). Takes plain JSON, JSON with a software statement, a bare signed statement, and UDAP's body.
 */

import { epochSeconds } from '../../harness/clock.ts'
import type { Asked } from '../asked.ts'
import type { Handler, Visit } from '../simulator.ts'
import type { Client, ClientMetadata, Organization } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'
import { clientMetadata, type Terms } from './client-metadata.ts'
import { answering, bearerOf, OAuthRefusal, secretJson } from './oauth.ts'
import { type StatementRule, statementRules, verifyStatement } from './software-statement.ts'

export const registrationUrl = (state: PayerState): string => `${state.base}/auth/register`

/** How the rules of one kind of request may be loosened by whoever bends this row: each table is asked in order. */
export interface RegistrationRules {
  readonly statement: readonly StatementRule[]
}
const honest: RegistrationRules = { statement: statementRules }

type Plain = Readonly<Record<string, unknown>>

/** POST: a new client, or in the UDAP way another form of the one that this issuer has. */
export const register =
  (state: PayerState, rules: RegistrationRules = honest): Handler =>
  (request, visit) =>
    answering(async () => {
      const said = await bodyOf(request)
      const { metadata, organization, udap } = await understand(state, said, visit, rules)
      const now = epochSeconds(state.clock.now())
      const known = udap ? state.clients.byUdapIssuer(organization.uri) : undefined
      if (known && metadata.grant_types.length === 0) {
        state.clients.delete(known.id)
        state.tokens.revokeAllOf(known.id)
        return secretJson({ client_id: known.id, ...metadata })
      }
      if (metadata.grant_types.length === 0)
        throw new OAuthRefusal('invalid_client_metadata', 'there is no registration to cancel')
      if (known) return secretJson(document(state, state.clients.update(known.id, metadata) as Client))
      const client = state.clients.register({
        organization,
        metadata,
        issuedAt: now,
        udap,
        ...(visit.certificate ? { thumbprint: visit.certificate.thumbprint } : {}),
      })
      return secretJson(document(state, client), 201)
    })

/** GET registration_client_uri */
export const readRegistration =
  (state: PayerState): Handler =>
  (request, visit) =>
    answering(async () => secretJson(document(state, await owned(state, request, visit))))

/** PUT: the whole document again, without what the server alone may say (RFC 7592 §2.2). */
export const updateRegistration =
  (state: PayerState, rules: RegistrationRules = honest): Handler =>
  (request, visit) =>
    answering(async () => {
      const client = await owned(state, request, visit)
      const said = await bodyOf(request)
      if (said.client_id !== client.id)
        throw new OAuthRefusal('invalid_client_metadata', 'client_id is not that of this registration')
      const forbidden = serversOwn.find((name) => name in said)
      if (forbidden) throw new OAuthRefusal('invalid_client_metadata', `${forbidden} is the server's to say`)
      const { metadata, organization } = await understand(state, said, visit, rules)
      if (organization.uri !== client.organization.uri)
        throw new OAuthRefusal('invalid_client_metadata', 'a registration stays with its organization')
      return secretJson(document(state, state.clients.update(client.id, metadata) as Client))
    })

/** DELETE: the client and its tokens are gone. */
export const deleteRegistration =
  (state: PayerState): Handler =>
  (request, visit) =>
    answering(async () => {
      const client = await owned(state, request, visit)
      state.clients.delete(client.id)
      state.tokens.revokeAllOf(client.id)
      return new Response(null, { status: 204, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
    })

const serversOwn = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
]

/** What the client is told, and told again: everything that is registered, as it is registered. */
const document = (state: PayerState, client: Client): object => ({
  client_id: client.id,
  client_id_issued_at: client.issuedAt,
  ...client.metadata,
  registration_access_token: client.registrationToken,
  registration_client_uri: `${registrationUrl(state)}/${client.id}`,
})

/** The client whose registration token this is, asked for by its own organization. */
async function owned(state: PayerState, request: Asked, visit: Visit): Promise<Client> {
  const token = bearerOf(request)
  const client = state.clients.find(visit.params.clientId ?? '')
  if (!token || !client || client.registrationToken !== token)
    throw new OAuthRefusal('invalid_token', 'the registration access token does not open this registration', 401, {
      'www-authenticate': token ? 'Bearer error="invalid_token"' : 'Bearer',
    })
  const caller = await callerOf(state, visit)
  if (caller && caller.uri !== client.organization.uri)
    throw new OAuthRefusal('invalid_token', 'the registration belongs to another organization', 403)
  return client
}

/** JSON, or a signed JWT alone. */
async function bodyOf(request: Asked): Promise<Plain> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  const text = await request.text()
  if (type === 'application/jwt') return { software_statement: text.trim() }
  if (type !== 'application/json')
    throw new OAuthRefusal('invalid_client_metadata', 'a registration is application/json or application/jwt')
  try {
    const said = JSON.parse(text) as unknown
    if (typeof said === 'object' && said !== null && !Array.isArray(said)) return said as Plain
  } catch {
    // Told below.
  }
  throw new OAuthRefusal('invalid_client_metadata', 'the body is no JSON object')
}

/** The organization that the connection shows; undefined where there was no mutual TLS. */
async function callerOf(state: PayerState, visit: Visit): Promise<Organization | undefined> {
  if (!visit.certificate) return undefined
  const standing = await state.directory.standing(visit.certificate)
  return standing.ok ? standing.member : undefined
}

/** Claims of a JWT that are not metadata. */
const jwtClaims = ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti']

async function understand(
  state: PayerState,
  said: Plain,
  visit: Visit,
  rules: RegistrationRules,
): Promise<{ metadata: ClientMetadata; organization: Organization; udap: boolean }> {
  if (said.udap !== undefined && said.udap !== '1')
    throw new OAuthRefusal('invalid_client_metadata', 'udap must be the string 1 (UDAP registration)')
  const udap = said.udap === '1'
  const text = said.software_statement
  if (text !== undefined && typeof text !== 'string')
    throw new OAuthRefusal('invalid_software_statement', 'software_statement must be a string')
  if (udap && text === undefined)
    throw new OAuthRefusal('invalid_software_statement', 'UDAP needs a software statement')
  if (text === undefined) {
    const organization = await callerOf(state, visit)
    if (!organization) throw new OAuthRefusal('unapproved_software_statement', 'nobody vouches for this client')
    return { metadata: clientMetadata(said, offers(state)), organization, udap: false }
  }
  const { claims, organization } = await verifyStatement(
    state,
    text,
    { audience: registrationUrl(state), now: epochSeconds(state.clock.now()), visit },
    rules.statement,
  )
  // What was signed outranks what was only said (RFC 7591 §2.3).
  const signed = Object.fromEntries(Object.entries(claims).filter(([name]) => !jwtClaims.includes(name)))
  const all = udap ? { ...signed, software_statement: text } : { ...said, ...signed, software_statement: text }
  return { metadata: udap ? udapMetadata(all) : clientMetadata(all, offers(state)), organization, udap }
}

const offers = (state: PayerState): Terms => ({ jwksUriOffered: state.fetch !== undefined, keys: 'set' })

/** What UDAP wants stated. No grant at all cancels the registration. */
function udapMetadata(said: Plain): ClientMetadata {
  for (const name of ['client_name', 'contacts', 'grant_types', 'token_endpoint_auth_method', 'scope'])
    if (said[name] === undefined)
      throw new OAuthRefusal('invalid_client_metadata', `a UDAP software statement must state ${name}`)
  if (said.token_endpoint_auth_method !== 'private_key_jwt')
    throw new OAuthRefusal('invalid_client_metadata', 'UDAP clients authenticate with private_key_jwt')
  return clientMetadata(said, { jwksUriOffered: false, keys: 'certificate' })
}
