/** What can be wrong or unusual with a registration: an English phrase, and what it does to a good one. Each does one thing. */
import { createPublicKey } from 'node:crypto'
import { exportJWK } from 'jose'
import { throwAway } from '../certs/throw-away.ts'
import { HarnessError } from '../harness/errors.ts'
import { json } from '../harness/transcript.ts'
import { altered, held, signed, unsigned, x5c } from './jwt.ts'
import { matchScope, type RegistrationDraft, scopesOnOffer } from './registration-request.ts'
import { strangersKey } from './strangers-key.ts'

export type SpoilRegistration = (draft: RegistrationDraft) => void | Promise<void>

const complete = (draft: RegistrationDraft): RegistrationDraft['statement'] => ({
  ...draft.statement,
  claims: { ...draft.metadata, ...draft.statement.claims },
})

/** The software statement does not hold. */
export const statementMistakes = {
  'with a statement that is not signed': (draft) => {
    draft.statementText = unsigned(complete(draft))
  },
  'with a statement that is no JWT': (draft) => {
    draft.statementText = 'this is no software statement'
  },
  'with a statement that was altered after signing': (draft) => {
    draft.statementText = altered(signed(complete(draft)), (claims) => ({ ...claims, scope: 'system/*.cruds' }))
  },
  'with a statement signed by another key than its certificate': async (draft) => {
    draft.statement.key = await strangersKey(draft.about.client, draft.statement.header.alg)
  },
  'with a statement that has expired': ({ statement, about }) => {
    // Longer ago than any clock is wrong.
    Object.assign(statement.claims, { iat: about.now - 7200, exp: about.now - 6900 })
  },
  'with a statement that lives an hour': ({ statement, about }) => {
    statement.claims.exp = about.now + 3600
  },
  'with a statement for another server': ({ statement }) => {
    statement.claims.aud = 'https://registration.elsewhere.example/register'
  },
  'with a statement whose issuer is not in its certificate': ({ statement }) => {
    Object.assign(statement.claims, {
      iss: 'https://somebody-else.example/payer',
      sub: 'https://somebody-else.example/payer',
    })
  },
  'with a statement about another subject': ({ statement }) => {
    statement.claims.sub = 'https://somebody-else.example/payer'
  },
  'with a statement without a jti': ({ statement }) => {
    delete statement.claims.jti
  },
  'with a statement that was used before': (draft) => {
    draft.statementText = earlierStatement(draft)
  },
} satisfies Record<string, SpoilRegistration>

/** The statement is sound, and nobody in the community stands behind it. */
export const standingMistakes = {
  'with a statement whose certificate is signed by itself': async ({ statement, about }) => {
    const { name, uri } = about.client.identity
    const own = await throwAway({ subject: `CN=${name}`, uris: [uri] })
    Object.assign(statement, { key: own.key, header: { ...statement.header, alg: 'ES256', x5c: x5c(own) } })
  },
  'with a statement whose certificate nobody trusts': async ({ statement, about }) => {
    const rogue = await about.client.identity.mistaken?.('signed by an authority that nobody trusts')
    const own = held(rogue ?? undefined, about.client.name, 'certificate of an authority that nobody trusts')
    Object.assign(statement, { key: own.key, header: { ...statement.header, alg: 'ES256', x5c: x5c(own) } })
  },
} satisfies Record<string, SpoilRegistration>

/** What is registered contradicts itself or is not offered by anybody. */
export const metadataMistakes = {
  'with both a key set and the URL of one': ({ metadata }) => {
    metadata.jwks_uri = 'https://keys.elsewhere.example/jwks.json'
  },
  'with two names for its certificate': ({ metadata, about }) => {
    delete metadata.jwks
    Object.assign(metadata, {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_uri: about.client.identity.uri,
      tls_client_auth_san_dns: new URL(about.client.identity.uri).hostname,
    })
  },
  'with an authentication method that nobody knows': ({ metadata }) => {
    metadata.token_endpoint_auth_method = 'carrier_pigeon'
  },
  'with response types that do not fit the grant types': ({ metadata }) => {
    Object.assign(metadata, { grant_types: ['client_credentials'], response_types: ['code'] })
  },
  'with a private key in its key set': ({ metadata }) => {
    const { keys } = metadata.jwks as { keys: Record<string, unknown>[] }
    // A real private part would betray the key: any number shows that it is there.
    metadata.jwks = { keys: keys.map((key) => ({ ...key, d: 'AQAB' })) }
  },
  'with a body that is no JSON': (draft) => {
    draft.body = 'client_name=payer&grant_types=client_credentials'
  },
  'with a list in place of the JSON object': (draft) => {
    draft.body = '["client_credentials"]'
  },
} satisfies Record<string, SpoilRegistration>

/** A user agent has nowhere to go. */
export const redirectMistakes = {
  'with a login and nowhere to return to': ({ metadata }) => {
    Object.assign(metadata, { grant_types: ['authorization_code'], response_types: ['code'] })
  },
  'with a login that returns to no address': ({ metadata }) => {
    Object.assign(metadata, {
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: ['not an address'],
    })
  },
} satisfies Record<string, SpoilRegistration>

/** Not over mutual TLS. */
export const connectionMistakes = {
  'without a certificate': (draft) => {
    draft.uncertified = true
  },
} satisfies Record<string, SpoilRegistration>

export const registrationMistakes: Readonly<Record<string, SpoilRegistration>> = {
  ...statementMistakes,
  ...standingMistakes,
  ...metadataMistakes,
  ...redirectMistakes,
  ...connectionMistakes,
}

/** Unusual, and right. */
export const registrationVariations: Readonly<Record<string, SpoilRegistration>> = {
  'with plain JSON': (draft) => {
    draft.form = 'plain'
  },
  'with a signed statement alone': (draft) => {
    draft.form = 'jwt'
  },
  'with the URL of its key set': ({ metadata, about }) => {
    const { jwks } = about.client.places
    if (!jwks) throw new HarnessError('cannot-set-up', `the ${about.client.name} publishes no JWK set`)
    delete metadata.jwks
    metadata.jwks_uri = jwks
  },
  'with its certificate as its credential': ({ metadata, about }) => {
    delete metadata.jwks
    Object.assign(metadata, {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_uri: about.client.identity.uri,
    })
  },
  'with a member that nobody knows': ({ metadata, beside }) => {
    metadata['x-favourite-colour'] = 'green'
    beside['x-favourite-colour'] = 'green'
  },
  'with another name beside the statement than in it': ({ beside }) => {
    beside.client_name = 'A name that nobody signed'
  },
  'with every scope on offer': ({ metadata, about }) => {
    metadata.scope = scopesOnOffer(about.client, about.payer)
  },
  'with the scope of the operation alone': ({ metadata }) => {
    metadata.scope = matchScope
  },
  // UDAP: no grant at all ends the registration.
  'with no grant types': ({ metadata }) => {
    metadata.grant_types = []
  },
  // Two keys: the same one twice would still be one key.
  'with two keys of the same id': async ({ metadata, about }) => {
    const { keys } = metadata.jwks as { keys: Record<string, unknown>[] }
    const { alg, kid } = held(about.client.identity.signing, about.client.name, 'signing key')
    const other = await exportJWK(createPublicKey(await strangersKey(about.client, alg)))
    metadata.jwks = { keys: [...keys, { ...other, kid, alg, use: 'sig' }] }
  },
}

/** The statement of an earlier good registration of the same client. Throws `not-seen` when there is none. */
function earlierStatement({ about }: RegistrationDraft): string {
  const earlier = about.client.transcript
    .all('register', {
      from: about.client.name,
      to: about.payer.name,
      where: ({ response, intent }) => response?.status === 201 && intent.mistake === undefined,
    })
    .at(-1)
  const { software_statement: text } = (earlier && (json(earlier.request) as { software_statement?: unknown })) || {}
  if (typeof text !== 'string') throw new HarnessError('not-seen', 'no software statement was used before')
  return text
}
