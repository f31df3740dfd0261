/** A registration request, as a payer's client puts it (RFC 7591, PDex "Dynamic Client Registration"): a draft to be spoiled. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../harness/actor.ts'
import { epochSeconds } from '../harness/clock.ts'
import { defaults } from '../harness/config.ts'
import type { HeaderList } from '../harness/transcript.ts'
import { certificateAlgorithm, held, type JwtDraft, signed, x5c } from './jwt.ts'
import { latest, said } from './tokens.ts'

/** HRex $member-match as a scope, and reading the data of the member who was matched. */
export const matchScope = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'
export const dataScope = 'patient/*.rs'

export interface RegistrationDraft {
  /** What is registered: in the signed statement, and beside it. */
  metadata: Record<string, unknown>
  /** Said beside the statement and not in it, or otherwise than in it. */
  beside: Record<string, unknown>
  /** The statement; its claims are completed with the metadata. */
  statement: JwtDraft
  /** Set: this text is sent as the statement. */
  statementText?: string
  form: 'json' | 'plain' | 'jwt' | 'udap'
  headers: [string, string][]
  /** Set: sent as it is. */
  body?: string
  /** No client certificate. */
  uncertified?: boolean
  readonly about: { readonly client: Actor; readonly payer: Actor; readonly url: string; readonly now: number }
}

/** What a client of this payer is registered with: keys inline, everything stated. */
export const metadataOf = ({ identity, name }: Actor): Record<string, unknown> => ({
  client_name: `${identity.name} payer-to-payer exchange`,
  contacts: [`mailto:interoperability@${new URL(identity.uri).hostname}`],
  grant_types: ['client_credentials'],
  response_types: [],
  token_endpoint_auth_method: 'private_key_jwt',
  // Without it a server owes nobody bound tokens (RFC 8705 §3.4), which HRex wants of both sides.
  tls_client_certificate_bound_access_tokens: true,
  jwks: { keys: [held(identity.signing, name, 'signing key').publicJwk] },
  scope: `${matchScope} ${dataScope}`,
  software_id: 'vitruvian',
  software_version: '1',
})

/** A good one: JSON with a signed software statement, keys inline, everything stated. */
export function draftRegistration(client: Actor, payer: Actor, url: string): RegistrationDraft {
  const { identity } = client
  const credentials = held(identity.credentials, client.name, 'certificate')
  const now = epochSeconds(client.clock.now())
  return {
    metadata: { ...metadataOf(client), scope: `${matchScope} ${dataScopeAt(client, payer)}` },
    beside: {},
    statement: {
      header: { alg: certificateAlgorithm(credentials), typ: 'JWT', x5c: x5c(credentials) },
      claims: {
        iss: identity.uri,
        sub: identity.uri,
        aud: url,
        iat: now,
        exp: now + defaults.assertionSeconds,
        jti: randomUUID(),
      },
      key: credentials.key,
    },
    form: 'json',
    headers: [
      ['Content-Type', 'application/json'],
      ['Accept', 'application/json'],
    ],
    about: { client, payer, url, now },
  }
}

/** UDAP clients have no key set and state nothing of redirects. */
const notInUdap = [
  'jwks',
  'jwks_uri',
  'response_types',
  'software_id',
  'software_version',
  'tls_client_certificate_bound_access_tokens',
]

/** The body and headers to send. */
export function registrationBody(draft: RegistrationDraft): { readonly body: string; readonly headers: HeaderList } {
  const { metadata, beside, statement, form, headers } = draft
  if (draft.body !== undefined) return { body: draft.body, headers }
  if (form === 'plain') return { body: JSON.stringify({ ...metadata, ...beside }), headers }
  const signedMetadata =
    form === 'udap'
      ? Object.fromEntries(Object.entries(metadata).filter(([name]) => !notInUdap.includes(name)))
      : metadata
  const text = draft.statementText ?? signed({ ...statement, claims: { ...signedMetadata, ...statement.claims } })
  if (form === 'jwt')
    return { body: text, headers: headers.map(([n, v]) => (n === 'Content-Type' ? [n, 'application/jwt'] : [n, v])) }
  if (form === 'udap')
    return { body: JSON.stringify({ udap: '1', software_statement: text, certifications: [] }), headers }
  return { body: JSON.stringify({ ...metadata, ...beside, software_statement: text }), headers }
}

const dataScopes = [dataScope, 'patient/*.read', 'system/*.rs', 'system/*.read']

/** How that payer calls the reading of a member's data, as far as its SMART configuration was read: not all know both syntaxes. */
export function dataScopeAt(client: Actor, payer: Actor): string {
  const { scopes_supported: listed, capabilities } = said(latest(client, payer, 'smart-configuration'))
  const found = dataScopes.find((scope) => Array.isArray(listed) && listed.includes(scope))
  const speaks = (version: string): boolean => Array.isArray(capabilities) && capabilities.includes(version)
  return found ?? (speaks('permission-v1') && !speaks('permission-v2') ? 'patient/*.read' : dataScope)
}

/** The scopes that discovery lists, or ours where it lists none. */
export const scopesOnOffer = (client: Actor, payer: Actor): string => {
  const document = said(client.transcript.all('smart-configuration', { to: payer.name }).at(-1))
  const listed = document.scopes_supported
  return Array.isArray(listed) && listed.length ? listed.join(' ') : `${matchScope} ${dataScope}`
}
