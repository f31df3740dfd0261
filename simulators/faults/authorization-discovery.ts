/** Ways for an authorization server to tell what is not so: in its discovery documents, and of the tokens it is asked about. */
import { secretJson } from '../parts/oauth.ts'
import { outcome } from '../simulator.ts'
import { type Body, payerFault as f, type PayerFault, rewritten } from './authorization-spoiling.ts'
import { recast } from './spoiling.ts'

const smartRow = 'GET /fhir/.well-known/smart-configuration'
const serverRow = 'GET /.well-known/oauth-authorization-server/auth'
const udapRow = 'GET /fhir/.well-known/udap'
const introspectRow = 'POST /auth/introspect'

/** What it says of itself in every document of discovery. */
const declaring = (change: (body: Body) => Body): PayerFault['spoil'] =>
  rewritten((body) => ('scopes_supported' in body && 'token_endpoint' in body ? change(body) : body))

/** Told of a token that is good no more what was told of it while it was. */
const remembering: PayerFault['spoil'] = (honest) => {
  const told = new Map<string | null, Body>()
  return async (request, visit) => {
    const token = new URLSearchParams(await request.clone().text()).get('token')
    const answer = await honest(request, visit)
    if (answer.status !== 200) return answer
    const body = (await answer.json()) as Body
    if (body.active === true) told.set(token, body)
    return recast(answer, JSON.stringify(told.get(token) ?? body))
  }
}

export const discoveryFaults: readonly PayerFault[] = [
  f(
    'smart-configuration-picky',
    'answers 406 to who does not accept JSON',
    smartRow,
    ['AUTH-001'],
    (honest) => (request, visit) =>
      (request.headers.get('accept') ?? '').includes('json')
        ? honest(request, visit)
        : outcome(406, 'not-supported', 'JSON only'),
  ),
  f(
    'smart-configuration-as-fhir',
    'calls its configuration FHIR',
    smartRow,
    ['AUTH-001'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return recast(answer, await answer.text(), { 'content-type': 'application/fhir+json' })
    },
  ),
  f(
    'grant-types-unsaid',
    'does not list its grant types',
    smartRow,
    ['AUTH-002', 'AUTH-004'],
    rewritten(({ grant_types_supported: _, ...rest }) => rest),
  ),
  f(
    'plain-challenges',
    'offers plain code challenges',
    smartRow,
    ['AUTH-002'],
    rewritten((body) => ({ ...body, code_challenge_methods_supported: ['plain', 'S256'] })),
  ),
  f(
    'relative-endpoint',
    'names its introspection endpoint by a relative URL',
    smartRow,
    ['AUTH-003'],
    rewritten((body) => ({ ...body, management_endpoint: '/manage' })),
  ),
  f(
    'asymmetric-unsaid',
    'does not advertise asymmetric authentication',
    smartRow,
    ['AUTH-004'],
    rewritten((body) => ({ ...body, capabilities: ['permission-v1', 'permission-v2'] })),
  ),
  f(
    'scope-listed-in-vain',
    'lists a scope that it never grants',
    smartRow,
    ['AUTH-005'],
    rewritten((body) => ({ ...body, scopes_supported: [...(body.scopes_supported as string[]), 'patient/*.cruds'] })),
  ),
  f(
    'introspection-unsaid',
    'names no introspection endpoint',
    smartRow,
    ['AUTH-090'],
    rewritten(({ introspection_endpoint: _, ...rest }) => rest),
  ),
  f(
    'binding-unsaid',
    'does not say that tokens are bound',
    '*',
    ['AUTH-012'],
    declaring(({ tls_client_certificate_bound_access_tokens: _t, mtls_endpoint_aliases: _m, ...rest }) => rest),
  ),
  f(
    'declares-no-bound-tokens',
    'does not declare that its tokens are bound',
    '*',
    ['HREX-048'],
    declaring(({ tls_client_certificate_bound_access_tokens: _, ...rest }) => rest),
  ),
  f(
    'declares-no-mutual-tls',
    'declares nothing of mutual TLS',
    '*',
    ['HREX-048', 'HREX-051'],
    declaring(({ tls_client_certificate_bound_access_tokens: _, ...rest }) => ({
      ...rest,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    })),
  ),
  f(
    'issuer-of-another',
    'names another issuer',
    serverRow,
    ['AUTH-010'],
    rewritten((body) => ({ ...body, issuer: 'https://authorization.elsewhere.example' })),
  ),
  f(
    'nothing-to-discover',
    'offers no discovery at all',
    '*',
    ['HREX-049', 'AUTH-001'],
    (honest) => (request, visit) =>
      /\.well-known\/(smart-configuration|udap)$/.test(visit.url.pathname)
        ? outcome(404, 'not-found', 'nothing here')
        : honest(request, visit),
  ),

  f(
    'udap-for-members-only',
    'shows UDAP metadata to nobody without a token',
    udapRow,
    ['AUTH-100'],
    () => () => outcome(401, 'login', 'who are you?'),
  ),
  f(
    'udap-methods-wrong',
    'lists another way to authenticate for UDAP',
    udapRow,
    ['AUTH-101'],
    rewritten((body) => ({ ...body, token_endpoint_auth_methods_supported: ['private_key_jwt', 'tls_client_auth'] })),
  ),
  f(
    'udap-metadata-altered',
    'signs other metadata than it shows',
    udapRow,
    ['AUTH-102'],
    rewritten((body) => {
      const [head, payload, signature] = String(body.signed_metadata).split('.')
      const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as Body
      const other = Buffer.from(JSON.stringify({ ...claims, jti: 'another' })).toString('base64url')
      return { ...body, signed_metadata: `${head}.${other}.${signature}` }
    }),
  ),
  f(
    'udap-community-unknown',
    'answers 400 to an unknown community',
    udapRow,
    ['AUTH-104'],
    (honest) => (request, visit) =>
      visit.url.searchParams.has('community') ? outcome(400, 'invalid', 'what community?') : honest(request, visit),
  ),
]

export const introspectionFaults: readonly PayerFault[] = [
  f(
    'introspection-terse',
    'says of a token only that it is active',
    introspectRow,
    ['AUTH-091'],
    rewritten(({ active }) => ({ active })),
  ),
  f(
    'introspection-without-member',
    'does not say whom a token is for',
    introspectRow,
    ['AUTH-091'],
    rewritten(({ patient: _, ...rest }) => rest),
  ),
  f('introspection-remembers', 'calls a token active that is good no more', introspectRow, ['AUTH-092'], remembering),
  f(
    'introspection-talkative',
    'tells why a token is not active',
    introspectRow,
    ['AUTH-092'],
    rewritten((body) => (body.active ? body : { ...body, reason: 'expired' })),
  ),
  f(
    'introspection-for-everybody',
    'tells anybody what a token is good for',
    introspectRow,
    ['AUTH-093'],
    (honest, state) => async (request, visit) => {
      const form = new URLSearchParams(await request.clone().text())
      if (form.has('client_assertion')) return honest(request, visit)
      const token = state.tokens.find(form.get('token') ?? '')
      return secretJson(token ? { active: true, scope: token.grant.scopes.join(' ') } : { active: false })
    },
  ),
  f(
    'introspection-404',
    'knows nothing of tokens that it does not know',
    introspectRow,
    ['AUTH-092'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      const body = answer.status === 200 ? ((await answer.clone().json()) as Body) : {}
      return body.active === false ? secretJson({ error: 'unknown_token' }, 404) : answer
    },
  ),
]
