/**
 * Who is asking for a token: a signed assertion (RFC 7523, SMART 2.2 asymmetric authentication) or the certificate of the
 * connection (RFC 8705 §2.1). The rules of an assertion are a table, asked in order.
 */

import type { KeyObject } from 'node:crypto'
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { jwsHoldsBy, readJwt, verifyingKey } from '../../certs/jws.ts'
import { alternativeNames, certificateFrom } from '../../harness/certificates.ts'
import { epochSeconds } from '../../harness/clock.ts'
import { defaults } from '../../harness/config.ts'
import { certificateFacts } from '../../harness/tls-facts.ts'
import type { Asked } from '../asked.ts'
import type { Visit } from '../simulator.ts'
import type { Client } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'
import { keyOf } from './client-keys.ts'
import { OAuthRefusal } from './oauth.ts'
import { derIn, noCertificates, skewSeconds } from './software-statement.ts'

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
/** SMART's two; UDAP adds RSA and EC with SHA-256 for its own clients. */
export const signingAlgorithms: readonly string[] = ['RS384', 'ES384']
export const udapAlgorithms: readonly string[] = ['RS256', 'ES256', 'RS384', 'ES384']

export interface Assertion {
  readonly text: string
  readonly header: ProtectedHeaderParameters & { readonly jku?: unknown }
  readonly claims: JWTPayload & Readonly<Record<string, unknown>>
  /** Registered under the issuer's name, if anybody is. */
  readonly client: Client | undefined
  /** The URLs by which this server may be meant. */
  readonly audience: readonly string[]
  /** May `sub` name a member instead of the client (PDex member token)? */
  readonly memberSubject: boolean
  readonly now: number
  readonly visit: Visit
}

export interface AssertionRule {
  readonly name: string
  /** Who asks for it, as the refusal says it. */
  readonly clause?: string
  /** Says what is wrong; undefined when the rule is kept. */
  readonly broken: (assertion: Assertion, state: PayerState) => string | undefined | Promise<string | undefined>
}

export const assertionRules: readonly AssertionRule[] = [
  {
    name: 'algorithm',
    clause: 'SMART asymmetric authentication',
    broken: ({ header, client }) => {
      const allowed = client?.udap ? udapAlgorithms : signingAlgorithms
      return allowed.includes(header.alg ?? '') ? undefined : `an assertion is signed with ${allowed.join(' or ')}`
    },
  },
  {
    name: 'client',
    clause: 'RFC 7523 section 3',
    broken: ({ client }) => (client ? undefined : 'iss is no client that is registered here'),
  },
  {
    name: 'method',
    clause: 'RFC 7591 section 2',
    broken: ({ client }) =>
      client?.metadata.token_endpoint_auth_method === 'private_key_jwt'
        ? undefined
        : 'this client is registered to authenticate in another way',
  },
  {
    name: 'subject',
    clause: 'RFC 7523 section 3',
    broken: ({ claims, memberSubject }) =>
      claims.sub === claims.iss || (memberSubject && typeof claims.sub === 'string' && claims.sub !== '')
        ? undefined
        : 'sub is not the client',
  },
  {
    name: 'audience',
    clause: 'RFC 7523 section 3',
    broken: ({ claims, audience }) =>
      [claims.aud].flat().some((meant) => audience.includes(meant ?? ''))
        ? undefined
        : `aud is not the URL of the token endpoint, ${audience.join(' or ')}`,
  },
  {
    name: 'expiry',
    clause: 'RFC 7523 section 3',
    broken: ({ claims, now }) => {
      if (typeof claims.exp !== 'number') return 'exp is missing or no number'
      return claims.exp > now
        ? undefined
        : `the assertion has expired ${now - claims.exp} seconds ago by this server's clock`
    },
  },
  {
    name: 'lifetime',
    clause: 'SMART asymmetric authentication',
    broken: ({ claims, now }) =>
      (claims.exp ?? 0) - now > defaults.assertionSeconds + skewSeconds ||
      (typeof claims.iat === 'number' && (claims.exp ?? 0) - claims.iat > defaults.assertionSeconds)
        ? `an assertion lives at most ${defaults.assertionSeconds} seconds`
        : undefined,
  },
  {
    name: 'beginning',
    clause: 'RFC 7523 section 3',
    broken: ({ claims, now }) => {
      const ahead = Math.max(claims.iat ?? 0, claims.nbf ?? 0) - now
      return ahead > skewSeconds ? `the assertion begins ${ahead} seconds from now by this server's clock` : undefined
    },
  },
  {
    name: 'jti',
    clause: 'SMART asymmetric authentication',
    broken: ({ claims }) => (typeof claims.jti === 'string' && claims.jti !== '' ? undefined : 'jti is missing'),
  },
  {
    name: 'signature',
    clause: 'RFC 7523 section 3',
    broken: signatureOf,
  },
  {
    // The connection and the assertion must speak for the same organization; a renewed certificate of it is as good.
    name: 'connection',
    clause: 'HRex security',
    broken: ({ client, visit }) => {
      if (!client || !visit.certificate) return undefined
      const names = alternativeNames(visit.certificate.subjectAltName, 'URI')
      return names.includes(client.organization.uri)
        ? undefined
        : 'the client belongs to another organization than the connection'
    },
  },
  {
    // The last one: only a good assertion uses its id up.
    name: 'replay',
    clause: 'RFC 7523 section 3',
    broken: ({ claims, now }, state) =>
      state.clients.useOnce(claims.iss ?? '', claims.jti ?? '', claims.exp ?? 0, now)
        ? undefined
        : 'an assertion with this jti was used before',
  },
]

async function signatureOf({ text, header, client }: Assertion, state: PayerState): Promise<string | undefined> {
  if (!client) return 'nobody could have signed it'
  const key = client.udap ? await certified(state, client, header) : await registered(state, client, header)
  if (typeof key === 'string') return key
  if (jwsHoldsBy(text, key, udapAlgorithms)) return undefined
  return header.alg?.startsWith('ES') && isDer(text)
    ? 'an ECDSA signature is r and s side by side (RFC 7518 section 3.4), and this one is DER, as OpenSSL writes it'
    : "the signature was not made with the client's key"
}

/** A SEQUENCE of two INTEGERs in place of a JWS's own form. */
const isDer = (text: string): boolean => {
  const bytes = Buffer.from(text.split('.')[2] ?? '', 'base64url')
  return bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && bytes[2] === 0x02
}

async function registered(state: PayerState, client: Client, header: Assertion['header']): Promise<KeyObject | string> {
  const found = await keyOf(state, client, {
    ...(header.alg ? { alg: header.alg } : {}),
    ...(header.kid ? { kid: header.kid } : {}),
    ...(header.jku === undefined ? {} : { jku: header.jku }),
  })
  if ('problem' in found) return found.problem
  try {
    return verifyingKey(found.key)
  } catch {
    return 'the registered key cannot be used with that algorithm'
  }
}

/** UDAP: the key of the certificate in the header, which must be the issuer's and stand in the community. */
async function certified(state: PayerState, client: Client, header: Assertion['header']): Promise<KeyObject | string> {
  if (!header.x5c?.length) return 'the header has no certificate (x5c)'
  try {
    const facts = certificateFacts(derIn(header.x5c))
    const standing = await state.directory.standing(facts)
    if (!standing.ok) return standing.text
    if (standing.member.uri !== client.organization.uri)
      return 'the certificate in x5c is not the one of the registration'
    return publicKey(facts.chain[0] as string)
  } catch {
    return noCertificates
  }
}
const publicKey = (der: string): KeyObject => certificateFrom(Buffer.from(der, 'base64')).publicKey

export interface Authenticated {
  readonly client: Client
  /** Claims of the assertion; absent where the certificate alone spoke. */
  readonly claims?: Assertion['claims']
}

/** Authenticates the sender of a form. Throws an OAuth refusal. */
export async function authenticate(
  state: PayerState,
  request: Asked,
  form: ReadonlyMap<string, string>,
  part: { readonly visit: Visit; readonly audience: readonly string[]; readonly memberSubject: boolean },
  rules: readonly AssertionRule[] = assertionRules,
): Promise<Authenticated> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null)
    throw new OAuthRefusal('invalid_client', 'clients authenticate with private_key_jwt or tls_client_auth', 401, {
      'www-authenticate': /^Basic /i.test(authorization) ? 'Basic realm="token"' : 'Bearer',
    })
  const text = form.get('client_assertion')
  if (text === undefined && form.get('client_assertion_type') === undefined)
    return byCertificate(state, form, part.visit)
  if (form.get('client_assertion_type') !== jwtBearer)
    throw new OAuthRefusal('invalid_request', `client_assertion_type must be ${jwtBearer}`)
  if (text === undefined) throw new OAuthRefusal('invalid_request', 'client_assertion is missing')
  const assertion = read(state, text, part)
  const named = form.get('client_id')
  if (named !== undefined && named !== assertion.claims.iss)
    throw new OAuthRefusal('invalid_client', 'client_id and the assertion name different clients')
  for (const rule of rules) {
    const problem = await rule.broken(assertion, state)
    if (problem) throw new OAuthRefusal('invalid_client', rule.clause ? `${problem} (${rule.clause})` : problem)
  }
  // A rule saw to it, unless somebody took the rule away.
  if (!assertion.client) throw new OAuthRefusal('invalid_client', 'iss is no client that is registered here')
  return { client: assertion.client, claims: assertion.claims }
}

function read(
  state: PayerState,
  text: string,
  part: { readonly visit: Visit; readonly audience: readonly string[]; readonly memberSubject: boolean },
): Assertion {
  try {
    const { header, claims }: Pick<Assertion, 'header' | 'claims'> = readJwt(text)
    return {
      text,
      header,
      claims,
      client: typeof claims.iss === 'string' ? state.clients.find(claims.iss) : undefined,
      now: epochSeconds(state.clock.now()),
      ...part,
    }
  } catch {
    throw new OAuthRefusal(
      'invalid_client',
      'the assertion is no signed JWT: three parts in base64url without padding, with dots between them',
    )
  }
}

/** tls_client_auth: the client says who it is, and the certificate of its connection proves it. */
function byCertificate(state: PayerState, form: ReadonlyMap<string, string>, { certificate }: Visit): Authenticated {
  const id = form.get('client_id')
  if (id === undefined) throw new OAuthRefusal('invalid_client', 'the request names no client')
  const client = state.clients.find(id)
  if (client?.metadata.token_endpoint_auth_method !== 'tls_client_auth')
    throw new OAuthRefusal('invalid_client', 'this client does not authenticate with its certificate')
  if (!certificate) throw new OAuthRefusal('invalid_client', 'the connection shows no certificate')
  const { metadata } = client
  const names = (kind: Parameters<typeof alternativeNames>[1]): string[] =>
    alternativeNames(certificate.subjectAltName, kind)
  const fits =
    (metadata.tls_client_auth_san_uri !== undefined && names('URI').includes(metadata.tls_client_auth_san_uri)) ||
    (metadata.tls_client_auth_san_dns !== undefined &&
      names('DNS').some((name) => name.toLowerCase() === metadata.tls_client_auth_san_dns?.toLowerCase())) ||
    (metadata.tls_client_auth_san_ip !== undefined && names('IP Address').includes(metadata.tls_client_auth_san_ip)) ||
    (metadata.tls_client_auth_san_email !== undefined && names('email').includes(metadata.tls_client_auth_san_email)) ||
    (metadata.tls_client_auth_subject_dn !== undefined &&
      sameName(metadata.tls_client_auth_subject_dn, certificate.subject))
  if (!fits)
    throw new OAuthRefusal(
      'invalid_client',
      'the certificate is not the one that this client is registered with (RFC 8705 section 2.1)',
    )
  return { client }
}

/** Distinguished names, whichever end they begin with, however they are spaced, in capitals or not (RFC 4517 caseIgnoreMatch). */
const sameName = (one: string, other: string): boolean => {
  const parts = (name: string): string =>
    name
      .toLowerCase()
      .split(/(?<!\\),|\n/)
      .map((part) => part.trim())
      .sort()
      .join('\n')
  return parts(one) === parts(other)
}
