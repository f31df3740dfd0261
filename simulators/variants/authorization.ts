/** Tokens, registration, introspection and discovery said otherwise, where SMART, OAuth, UDAP and HRex leave it open. */
import type { CapabilityStatement } from 'fhir/r4.js'
import { recast } from '../faults/spoiling.ts'
import { always, answers, bodyOf, both, headers, json, over } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const tokenRow = 'POST /auth/token'
const serverRow = 'GET /.well-known/oauth-authorization-server/auth'
const smartRow = 'GET /fhir/.well-known/smart-configuration'
const nearTokens = [
  'AUTH-057',
  'AUTH-058',
  'AUTH-060',
  'AUTH-061',
  'AUTH-083',
  'AUTH-091',
  'AUTH-112',
  'AUTH-119',
  'PDEX-113',
  'PDEX-125',
]
const nearErrors = [
  'AUTH-044',
  'AUTH-049',
  'AUTH-050',
  'AUTH-052',
  'AUTH-055',
  'AUTH-056',
  'AUTH-060',
  'AUTH-081',
  'AUTH-023',
  'AUTH-106',
]
const nearRegistration = [
  'AUTH-020',
  'AUTH-022',
  'AUTH-023',
  'AUTH-024',
  'AUTH-026',
  'AUTH-028',
  'AUTH-029',
  'PDEX-099',
  'PDEX-224',
  'AUTH-106',
  'AUTH-107',
]
const nearDiscovery = [
  'AUTH-001',
  'AUTH-002',
  'AUTH-003',
  'AUTH-004',
  'AUTH-005',
  'AUTH-006',
  'AUTH-010',
  'AUTH-012',
  'AUTH-090',
  'HREX-048',
  'HREX-049',
  'HREX-051',
  'PDEX-095',
  'AUTH-100',
  'AUTH-101',
  'AUTH-104',
]

type Fields = Record<string, unknown>

const granted = (change: (body: Fields) => Fields): Dress => json<Fields>(tokenRow, change)
/** The CapabilityStatement does not name that endpoint. */
const undeclared = (name: string): Dress =>
  json<CapabilityStatement>('metadata', (statement) => ({
    ...statement,
    rest: (statement.rest ?? []).map((rest) => ({
      ...rest,
      ...(rest.security
        ? {
            security: {
              ...rest.security,
              extension: (rest.security.extension ?? []).map((one) => ({
                ...one,
                extension: (one.extension ?? []).filter(({ url }) => url !== name),
              })),
            },
          }
        : {}),
    })),
  }))

/** Both documents of discovery say the same of the endpoints. */
const smart = (change: (body: Fields) => Fields): Dress => json<Fields>(smartRow, change)
const discovered = (change: (body: Fields) => Fields): Dress => both(smart(change), json<Fields>(serverRow, change))
const refused = (change: (body: Fields) => Fields): Dress =>
  both(
    ...([tokenRow, 'POST /auth/register', 'POST /auth/introspect', 'POST /auth/revoke'] as const).map((row) =>
      json<Fields>(row, change, (status) => status >= 400),
    ),
  )
const registered = (change: (body: Fields) => Fields): Dress =>
  both(
    ...(['POST /auth/register', 'GET /auth/register/:clientId', 'PUT /auth/register/:clientId'] as const).map((row) =>
      json<Fields>(row, change),
    ),
  )
const without =
  (...names: string[]): ((body: Fields) => Fields) =>
  (body) => {
    const left = Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
    const { mtls_endpoint_aliases: aliases } = left
    return aliases ? { ...left, mtls_endpoint_aliases: without(...names)(aliases as Fields) } : left
  }

const nobody = (): Response => new Response(null, { status: 404 })

export const authorizationVariants: readonly Variant[] = [
  {
    id: 'opaque-tokens',
    title: 'Access tokens say nothing',
    source: 'RFC 6749 §1.4; HRex sec-12 names no form',
    settings: { tokenFormat: 'opaque' },
    touches: [...nearTokens, 'AUTH-070', 'AUTH-084', 'HREX-050', 'HREX-054'],
  },
  {
    id: 'tokens-of-a-minute',
    title: 'Access tokens live for a minute',
    source: 'SMART 2.2 backend services: at most 300 seconds is advice, no least',
    settings: { tokenSeconds: 60 },
    touches: [...nearTokens, 'AUTH-070', 'BULK-080'],
  },
  {
    id: 'token-type-in-small-letters',
    title: 'token_type is bearer',
    source: 'RFC 6749 §5.1: case-insensitive',
    dress: granted((body) => ({ ...body, token_type: 'bearer' })),
    touches: nearTokens,
  },
  {
    id: 'token-answer-says-more',
    title: 'The answer with a token has members that nobody knows',
    source: 'RFC 6749 §5.1: a client ignores unknown members',
    dress: granted((body) => ({
      ...body,
      issued_token_type: 'access',
      not_before: 0,
      session_state: 'a1',
      tenant: 'old-mill',
    })),
    touches: nearTokens,
  },
  {
    id: 'token-answer-names-no-patient',
    title: 'The answer with a token does not repeat the Patient',
    source: 'SMART 2.2: launch context is no part of backend services; PDex p2p-single does not ask for it',
    dress: granted(without('patient')),
    touches: [...nearTokens, 'PDEX-110', 'PDEX-112', 'PDEX-126'],
  },
  {
    id: 'neither-patient-nor-member-id',
    title: 'The member is named by identifier alone, in match and token',
    source: 'HRex member-match-out: MemberId 0..1; SMART 2.2',
    settings: { memberId: false },
    dress: granted(without('patient')),
    touches: [...nearTokens, 'PDEX-110', 'PDEX-112', 'PDEX-126', 'CORE-053'],
    mayWarn: ['PDEX-108'],
  },
  {
    id: 'refresh-tokens',
    title: 'A refresh token comes with the access token',
    source: 'support-specs A-23: PDex asks for what SMART advises against',
    dress: granted((body) => ({ ...body, refresh_token: 'b7b5f5a4c2' })),
    touches: nearTokens,
  },
  {
    id: 'scopes-reversed',
    title: 'Granted scopes come in another order',
    source: 'RFC 6749 §3.3: the order does not matter',
    dress: granted((body) => ({
      ...body,
      scope: String(body.scope ?? '')
        .split(' ')
        .reverse()
        .join(' '),
    })),
    touches: nearTokens,
  },
  {
    id: 'never-stored-in-many-words',
    title: 'Cache-Control forbids storing in capitals and among other directives',
    source: 'RFC 9111 §5.2: directives are case-insensitive',
    dress: headers(tokenRow, () => ({ 'cache-control': 'private, No-Store, max-age=0, must-revalidate' })),
    touches: [...nearTokens, 'AUTH-022'],
  },
  {
    id: 'oauth-errors-without-words',
    title: 'OAuth errors have no description',
    source: 'RFC 6749 §5.2: error_description is optional',
    dress: refused(without('error_description')),
    touches: nearErrors,
  },
  {
    id: 'oauth-errors-with-page',
    title: 'OAuth errors name a page and a number for support',
    source: 'RFC 6749 §5.2: error_uri is optional, further members are ignored',
    dress: refused((body) => ({ ...body, error_uri: 'https://old-mill.example/errors', trace: '01J9Z3T7YV' })),
    touches: nearErrors,
  },
  {
    id: 'invalid-client-is-400',
    title: 'A client that fails to authenticate is 400',
    source: 'RFC 6749 §5.2: 401 MAY be returned, and without an Authorization header 400 is as good',
    dress: both(
      ...([tokenRow, 'POST /auth/introspect', 'POST /auth/revoke'] as const).map((row) =>
        answers(row, async (answer) => {
          const body = await bodyOf(answer)
          return recast(
            answer,
            body,
            {},
            answer.status === 401 && /invalid_client/.test(body ?? '') ? 400 : answer.status,
          )
        }),
      ),
    ),
    touches: [...nearErrors, 'AUTH-093', 'AUTH-029', 'PDEX-113'],
  },
  {
    id: 'invalid-client-is-challenged',
    title: 'A client that fails to authenticate is challenged',
    source: 'RFC 9110 §15.5.2',
    dress: headers(
      tokenRow,
      () => ({ 'www-authenticate': 'Basic realm="token"' }),
      ({ status }) => status === 401,
    ),
    touches: nearErrors,
  },
  {
    id: 'other-forms-are-415',
    title: 'A token request that is no form is 415, in the words of the server below',
    source: 'RFC 9110 §15.5.16',
    dress: over(
      tokenRow,
      (honest) => (request, visit) =>
        /x-www-form-urlencoded/.test(request.headers.get('content-type') ?? '')
          ? honest(request, visit)
          : new Response('<h1>Unsupported Media Type</h1>', { status: 415, headers: { 'content-type': 'text/html' } }),
    ),
    touches: ['AUTH-056'],
  },
  {
    id: 'introspection-says-more',
    title: 'Introspection tells more of an active token',
    source: 'RFC 7662 §2.2',
    dress: json<Fields>('POST /auth/introspect', (body) =>
      body.active === true ? { ...body, username: 'new-harbor', nbf: 0, jti: 'a1', authorization_details: [] } : body,
    ),
    touches: ['AUTH-091', 'AUTH-092', 'AUTH-083'],
  },
  {
    id: 'introspection-is-not-offered',
    title: 'Nobody is told what a token is good for',
    source: 'SMART 2.2 token introspection: SHOULD',
    dress: both(
      discovered(without('introspection_endpoint')),
      undeclared('introspect'),
      always('POST /auth/introspect', nobody),
    ),
    touches: [...nearTokens, ...nearDiscovery, 'AUTH-092', 'AUTH-093'],
    mayWarn: ['AUTH-090'],
  },
  {
    id: 'registration-says-more',
    title: 'The answer of a registration has members that nobody sent',
    source: 'RFC 7591 §3.2.1: a server may add metadata',
    dress: registered((body) => ({
      ...body,
      tls_client_certificate_bound_access_tokens: true,
      client_uri: 'https://new-harbor.example',
      'client_name#en': 'New Harbor',
      application_type: 'service',
      require_auth_time: false,
    })),
    touches: nearRegistration,
  },
  {
    id: 'registration-is-not-managed',
    title: 'A registration cannot be managed',
    source: 'RFC 7592: optional beside RFC 7591',
    dress: registered(without('registration_access_token', 'registration_client_uri')),
    touches: nearRegistration,
  },
  {
    id: 'registrations-can-be-read-alone',
    title: 'A registration can be read, and neither changed nor deleted',
    source: 'RFC 7592 §2: a server that does not offer a method answers 405',
    dress: both(
      ...(['PUT /auth/register/:clientId', 'DELETE /auth/register/:clientId'] as const).map((row) =>
        always(row, () => new Response(null, { status: 405, headers: { allow: 'GET' } })),
      ),
    ),
    touches: ['AUTH-028', 'AUTH-029'],
  },
  {
    id: 'foreign-registrations-are-forbidden',
    title: 'A registration token that does not open is 403',
    source: 'RFC 7592 §2.1: without permission 403',
    dress: both(
      ...(['GET', 'PUT', 'DELETE'] as const).map((method) =>
        answers(`${method} /auth/register/:clientId`, async (answer, { request }) =>
          answer.status === 401 && request.headers.has('authorization')
            ? recast(answer, await bodyOf(answer), {}, 403)
            : answer,
        ),
      ),
    ),
    touches: ['AUTH-028', 'AUTH-029'],
  },
  {
    id: 'smart-says-more',
    title: 'The SMART configuration tells of other things that the server does',
    source: 'SMART 2.2 conformance: further members',
    dress: smart((body) => ({
      ...body,
      issuer: String(body.token_endpoint).replace(/\/[^/]*$/, ''),
      authorization_endpoint: String(body.token_endpoint).replace('token', 'authorize'),
      management_endpoint: 'https://old-mill.example/apps',
      response_types_supported: ['code'],
      grant_types_supported: [...(body.grant_types_supported as string[]), 'authorization_code', 'refresh_token'],
      capabilities: [
        ...(body.capabilities as string[]),
        'launch-standalone',
        'sso-openid-connect',
        'permission-patient',
      ],
      associated_endpoints: [],
    })),
    touches: nearDiscovery,
  },
  {
    id: 'smart-lists-login-scopes',
    title: 'scopes_supported lists scopes of a login, too',
    source: 'SMART 2.2 conformance: one document for every kind of client',
    dress: smart((body) => ({
      ...body,
      scopes_supported: [
        'openid',
        'fhirUser',
        'launch/patient',
        'offline_access',
        ...(body.scopes_supported as string[]),
      ],
    })),
    touches: nearDiscovery,
  },
  {
    id: 'smart-lists-no-scopes',
    title: 'scopes_supported is left out',
    source: 'SMART 2.2 conformance: RECOMMENDED',
    dress: smart(without('scopes_supported')),
    touches: nearDiscovery,
    mayWarn: ['AUTH-004'],
  },
  {
    id: 'smart-names-no-challenge',
    title: 'code_challenge_methods_supported is left out by a server without a login',
    source: 'support-specs A-21',
    dress: smart(without('code_challenge_methods_supported')),
    touches: nearDiscovery,
    mayWarn: ['AUTH-002'],
  },
  {
    id: 'smart-without-aliases',
    title: 'No aliases are named for mutual TLS: the usual endpoints ask for certificates',
    source: 'RFC 8705 §5: aliases are optional',
    dress: discovered(without('mtls_endpoint_aliases')),
    touches: nearDiscovery,
  },
  {
    id: 'smart-without-revocation',
    title: 'Tokens cannot be given back',
    source: 'SMART 2.2, RFC 7009: optional',
    dress: both(discovered(without('revocation_endpoint')), undeclared('revoke'), always('POST /auth/revoke', nobody)),
    touches: [...nearDiscovery, 'AUTH-070', 'AUTH-092'],
  },
  {
    id: 'more-signing-algorithms',
    title: 'More algorithms are offered than SMART asks for',
    source: 'SMART 2.2 asymmetric authentication: at least RS384 and ES384',
    dress: smart((body) => ({
      ...body,
      token_endpoint_auth_signing_alg_values_supported: [
        'PS384',
        'ES512',
        ...(body.token_endpoint_auth_signing_alg_values_supported as string[]),
      ],
      token_endpoint_auth_methods_supported: ['tls_client_auth', 'private_key_jwt'],
    })),
    touches: nearDiscovery,
  },
  {
    id: 'no-rfc-8414-metadata',
    title: 'There is no metadata of RFC 8414',
    source: 'PDex and SMART ask for smart-configuration alone',
    dress: always(serverRow, nobody),
    touches: nearDiscovery,
  },
  {
    id: 'no-udap',
    title: 'UDAP is not offered',
    source: 'HRex sec-11: one of several ways',
    dress: always('GET /fhir/.well-known/udap', nobody),
    touches: [...nearDiscovery, 'AUTH-102', 'AUTH-103', 'AUTH-105', 'AUTH-108'],
  },
  {
    id: 'unknown-communities-get-the-default',
    title: 'An unknown community is answered with the default metadata',
    source: 'UDAP Security 2.0 discovery, multiple trust communities: 204 or default',
    dress: over('GET /fhir/.well-known/udap', (honest) => (request, visit) => {
      const url = new URL(visit.url)
      url.searchParams.delete('community')
      return honest(request, { ...visit, url })
    }),
    touches: ['AUTH-100', 'AUTH-101', 'AUTH-102', 'AUTH-104'],
  },
  {
    id: 'udap-says-more',
    title: 'UDAP metadata lists certifications and further profiles',
    source: 'UDAP Security 2.0 discovery',
    dress: json<Fields>('GET /fhir/.well-known/udap', (body) => ({
      ...body,
      udap_profiles_supported: [...(body.udap_profiles_supported as string[]), 'udap_to'],
      udap_certifications_supported: ['https://old-mill.example/certification'],
      udap_certifications_required: [],
    })),
    touches: ['AUTH-100', 'AUTH-101', 'AUTH-102', 'AUTH-103', 'AUTH-105'],
  },
  {
    id: 'well-known-says-more',
    title: 'The well-known document names other endpoints and has members of its own',
    source: 'HRex ep-2, ep-3: further codes are valid',
    dress: json<Fields>('GET /fhir/.well-known/davinci-configuration', (body) => ({
      ...body,
      contact: 'interop@old-mill.example',
      endpoints: {
        ...(body.endpoints as Fields),
        'davinci_crd_hook_endpoint#2.1': 'https://old-mill.example/cds-services',
        'davinci_dtr_payer_service#2.0': 'https://old-mill.example/dtr',
        old_mill_status: 'https://old-mill.example/status',
      },
    })),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
  },
  {
    id: 'well-known-names-other-versions',
    title: 'The well-known document names the payer endpoint of other versions, too',
    source: 'HRex ep-3: unlisted versions are valid',
    dress: json<Fields>('GET /fhir/.well-known/davinci-configuration', (body) => {
      const endpoints = body.endpoints as Record<string, string>
      const base = Object.values(endpoints)[0] as string
      return {
        ...body,
        endpoints: { ...endpoints, 'davinci_pdex_payer_endpoint#9.0': base, 'davinci_pdex_payer_endpoint#2.0': base },
      }
    }),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
  },
  {
    id: 'well-known-without-versions',
    title: 'The well-known document names endpoints by codes without a version',
    source: 'HRex ep-3; spec/pdex 5.34: HRex lists no code for PDex 2.2',
    dress: json<Fields>('GET /fhir/.well-known/davinci-configuration', (body) => ({
      ...body,
      endpoints: Object.fromEntries(Object.entries(body.endpoints as Fields).filter(([code]) => !code.includes('#'))),
    })),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
    // HRex 1.2 keeps such codes as a fallback and calls them deprecated.
    mayWarn: ['HREX-063'],
  },
]
