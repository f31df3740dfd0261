/** Discovery that is nearly right: a key of one document, a date or a certificate of the signed one, half of an introspection. */
import { readJwt, signJws } from '../../certs/jws.ts'
import { certificatesIn } from '../../certs/keys.ts'
import { secretJson } from '../parts/oauth.ts'
import { type Body, payerFault as f, type PayerFault, rewritten } from './authorization-spoiling.ts'
import { recast } from './spoiling.ts'

const smartRow = 'GET /fhir/.well-known/smart-configuration'
const serverRow = 'GET /.well-known/oauth-authorization-server/auth'
const udapRow = 'GET /fhir/.well-known/udap'
const introspectRow = 'POST /auth/introspect'

/** A good UDAP document whose signed claims are changed and soundly signed again. */
const resigned =
  (change: (claims: Body) => Body): PayerFault['spoil'] =>
  (honest, state) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status !== 200 || !state.udap) return answer
    const body = (await answer.json()) as Body
    const { header, claims } = readJwt(String(body.signed_metadata))
    const { cert, key } = await state.udap.credentials()
    const x5c = certificatesIn(cert).map((der) => der.toString('base64'))
    const signed = signJws({ ...header, alg: 'RS256', x5c }, change(claims as Body), key)
    return recast(answer, JSON.stringify({ ...body, signed_metadata: signed }))
  }
const year = 365 * 86_400

/** Told of an active token alone. */
const ofActive = (change: (body: Body) => Body): PayerFault['spoil'] =>
  rewritten((body) => (body.active === true ? change(body) : body))

const documents: readonly PayerFault[] = [
  f(
    'aliases-are-relative',
    'names its endpoints for mutual TLS by relative URLs',
    smartRow,
    ['AUTH-003'],
    rewritten((body) => ({ ...body, mtls_endpoint_aliases: { token_endpoint: '/auth/token' } })),
  ),
  f(
    'issuer-without-tls',
    'names its issuer with http in the place of https',
    serverRow,
    ['AUTH-010'],
    rewritten((body) => ({ ...body, issuer: String(body.issuer).replace('https:', 'http:') })),
  ),
  f(
    'binding-said-in-words',
    'says in a word that tokens are bound, where a boolean belongs',
    '*',
    ['AUTH-012', 'HREX-048'],
    rewritten((body) =>
      'tls_client_certificate_bound_access_tokens' in body
        ? { ...body, tls_client_certificate_bound_access_tokens: 'true' }
        : body,
    ),
  ),
]

const udap: readonly PayerFault[] = [
  f('udap-as-text', 'labels its UDAP metadata as text', udapRow, ['AUTH-100'], (honest) => async (request, visit) => {
    const answer = await honest(request, visit)
    return answer.status === 200 ? recast(answer, await answer.text(), { 'content-type': 'text/plain' }) : answer
  }),
  f(
    'udap-without-authorization',
    'grants client credentials and does not list the profile for it',
    udapRow,
    ['AUTH-101'],
    rewritten((body) => ({ ...body, udap_profiles_supported: ['udap_dcr', 'udap_authn'] })),
  ),
  f(
    'udap-metadata-of-two-years',
    'signs its UDAP metadata for two years',
    udapRow,
    ['AUTH-102'],
    resigned((claims) => ({ ...claims, exp: Number(claims.iat) + 2 * year })),
  ),
  f(
    'udap-metadata-from-next-year',
    'signs its UDAP metadata with a date of next year, so that it lives for two',
    udapRow,
    ['AUTH-102'],
    resigned((claims) => ({ ...claims, iat: Number(claims.iat) + year, exp: Number(claims.iat) + 2 * year })),
  ),
  f(
    'udap-metadata-of-its-host',
    'signs its UDAP metadata in the name of its host alone',
    udapRow,
    ['AUTH-102'],
    resigned((claims) => ({
      ...claims,
      iss: new URL(String(claims.iss)).origin,
      sub: new URL(String(claims.iss)).origin,
    })),
  ),
  f(
    'udap-signs-relative-endpoints',
    'signs endpoints that are relative',
    udapRow,
    ['AUTH-102'],
    resigned((claims) => ({
      ...claims,
      token_endpoint: new URL(String(claims.token_endpoint)).pathname,
      registration_endpoint: new URL(String(claims.registration_endpoint)).pathname,
    })),
  ),
  f(
    'udap-community-is-bare',
    'answers an unknown community with metadata that nobody signed',
    udapRow,
    ['AUTH-104'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return answer.status === 204 ? Response.json({ udap_versions_supported: ['1'] }) : answer
    },
  ),
]

const introspection: readonly PayerFault[] = [
  f(
    'introspection-of-another-thumbprint',
    'tells another certificate of a token than the token itself',
    introspectRow,
    ['AUTH-083'],
    ofActive((body) => ({ ...body, cnf: { 'x5t#S256': 'A'.repeat(43) } })),
  ),
  f(
    'introspection-by-any-signature',
    'tells whoever signs in the name of a client what a token is good for',
    introspectRow,
    ['AUTH-093'],
    (honest, state) => async (request, visit) => {
      const form = new URLSearchParams(await request.clone().text())
      const token = state.tokens.find(form.get('token') ?? '')
      const answer = await honest(request, visit)
      return answer.status >= 400 && token && form.has('client_assertion')
        ? secretJson({ active: true, scope: token.grant.scopes.join(' '), client_id: token.grant.clientId })
        : answer
    },
  ),
]

export const subtleDiscoveryFaults: readonly PayerFault[] = [...documents, ...udap, ...introspection]
