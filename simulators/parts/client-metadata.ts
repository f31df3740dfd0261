/**
 * What a client says of itself when it registers, read and judged (RFC 7591 §2, RFC 8705 §2.1.2). What is not understood
 * is ignored; what contradicts itself is refused.
 */
import type { JWK } from 'jose'
import { type AuthMethod, type ClientMetadata, tlsNames } from '../state/clients.ts'
import { OAuthRefusal } from './oauth.ts'
import { isGrantable, offeredScopes, scopeList } from './scopes.ts'

export const authMethods: readonly AuthMethod[] = ['private_key_jwt', 'tls_client_auth']
export const grantTypes: readonly string[] = ['client_credentials']

type Plain = Readonly<Record<string, unknown>>

const no = (text: string): never => {
  throw new OAuthRefusal('invalid_client_metadata', text)
}

export interface Terms {
  readonly jwksUriOffered: boolean
  /** UDAP clients sign with the key of their certificate and have no JWK set. */
  readonly keys: 'set' | 'certificate'
}

/** What the server will hold of this. Throws `invalid_client_metadata` or `invalid_redirect_uri`. */
export function clientMetadata(said: Plain, terms: Terms): ClientMetadata {
  // The defaults of RFC 7591 §2 are those of a web application: a client that says nothing has asked for them.
  const grants = texts(said, 'grant_types') ?? ['authorization_code']
  if (said.grant_types === undefined && said.redirect_uris === undefined)
    throw new OAuthRefusal(
      'invalid_redirect_uri',
      'without grant_types authorization_code is asked for, which needs redirect_uris (RFC 7591 section 2): ask for client_credentials',
    )
  const responses = texts(said, 'response_types') ?? (grants.includes('authorization_code') ? ['code'] : [])
  if (grants.includes('authorization_code') || grants.includes('implicit')) redirects(said)
  if (grants.includes('authorization_code') !== responses.includes('code'))
    no('grant_types and response_types do not fit each other: code goes with authorization_code')
  if (grants.includes('implicit') !== responses.includes('token'))
    no('grant_types and response_types do not fit each other: token goes with implicit')
  const other = grants.find((grant) => !grantTypes.includes(grant))
  if (other !== undefined) no(`the grant type ${other} is not offered here`)

  const method = text(said, 'token_endpoint_auth_method') ?? 'client_secret_basic'
  if (!(authMethods as readonly string[]).includes(method))
    no(
      said.token_endpoint_auth_method === undefined
        ? `without token_endpoint_auth_method client_secret_basic is asked for (RFC 7591 section 2), and ${authMethods.join(' and ')} are offered`
        : `${method} is not offered here: ${authMethods.join(', ')} are`,
    )
  const jwks = keySet(said.jwks)
  const url = text(said, 'jwks_uri')
  if (jwks && url !== undefined) no('jwks and jwks_uri are both given')
  if (url !== undefined && !terms.jwksUriOffered) no('jwks_uri is not offered here')
  if (url !== undefined && !url.startsWith('https://')) no('jwks_uri must be an https URL')

  const named = tlsNames.filter((name) => text(said, name) !== undefined)
  if (named.length > 1) no(`only one of ${tlsNames.join(', ')} may be given`)
  if (method === 'tls_client_auth' && named.length === 0)
    no('tls_client_auth needs the name that the certificate will show')
  if (method === 'private_key_jwt' && terms.keys === 'set' && !jwks && url === undefined)
    no('private_key_jwt needs jwks or jwks_uri')

  const scope = scopes(said)
  const contacts = texts(said, 'contacts')
  const redirect = texts(said, 'redirect_uris')
  return {
    ...optional(said, 'client_name'),
    ...(contacts ? { contacts } : {}),
    grant_types: grants,
    response_types: responses,
    ...(redirect ? { redirect_uris: redirect } : {}),
    token_endpoint_auth_method: method as AuthMethod,
    ...(url === undefined ? {} : { jwks_uri: url }),
    ...(jwks ? { jwks } : {}),
    scope,
    ...optional(said, 'software_id'),
    ...optional(said, 'software_version'),
    ...optional(said, 'software_statement'),
    // Tokens are bound whatever the client asks for (HRex sec-16), and the answer says so.
    tls_client_certificate_bound_access_tokens: true,
    ...(named[0] ? optional(said, named[0]) : {}),
  }
}

/** The scopes that this client may ask for later: what it asked for as far as we give it, or what we give to everybody. */
function scopes(said: Plain): string {
  const asked = text(said, 'scope')
  if (asked === undefined) return offeredScopes.join(' ')
  const list = scopeList(asked)
  if (!list) return no('scope is malformed')
  const granted = list.filter(isGrantable)
  if (granted.length === 0) return no('none of these scopes is offered here')
  return granted.join(' ')
}

function redirects(said: Plain): void {
  const uris = texts(said, 'redirect_uris') ?? []
  const bad = uris.find((uri) => !URL.canParse(uri) || uri.includes('#') || !/^https:/.test(uri))
  if (uris.length === 0 || bad !== undefined)
    throw new OAuthRefusal(
      'invalid_redirect_uri',
      bad === undefined ? 'this grant needs redirect_uris' : `${bad} cannot be redirected to`,
    )
}

function keySet(value: unknown): { keys: JWK[] } | undefined {
  if (value === undefined) return undefined
  const keys = (value as { keys?: unknown } | null)?.keys
  if (!Array.isArray(keys) || keys.length === 0) return no('jwks is no JWK set with keys')
  for (const key of keys as JWK[]) {
    if (!key || typeof key.kty !== 'string') return no('a key of jwks has no kty')
    if (typeof key.kid !== 'string') return no('a key of jwks has no kid')
    if ('d' in key || 'k' in key) return no('jwks holds a private or symmetric key')
    if (key.kty === 'RSA' && Buffer.from(String(key.n), 'base64url').length < 256)
      return no('an RSA key of jwks has less than 2048 bits (RFC 7518 section 3.3)')
  }
  return { keys: keys as JWK[] }
}

function text(said: Plain, name: string): string | undefined {
  const value = said[name]
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : no(`${name} must be a string`)
}

function texts(said: Plain, name: string): string[] | undefined {
  const value = said[name]
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? value
    : no(`${name} must be an array of strings`)
}

const optional = (said: Plain, name: string): Record<string, string> => {
  const value = text(said, name)
  return value === undefined ? {} : { [name]: value }
}
