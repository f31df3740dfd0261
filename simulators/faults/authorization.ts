/** Ways for an authorization server to register whom it should not, to tell what is not so, and to forget what it should know. */
import { mutualTls } from '../guards/mutual-tls.ts'
import { OAuthRefusal, refusalAnswer, secretJson } from '../parts/oauth.ts'
import { register } from '../parts/registration.ts'
import { statementRules } from '../parts/software-statement.ts'
import { outcome, type Visit } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { carelessly, type PayerFault, payerFault, whenGood } from './authorization-spoiling.ts'
import { tokenFaults } from './authorization-tokens.ts'
import { recast } from './spoiling.ts'

const registerRow = 'POST /auth/register'
const manageRow = 'GET /auth/register/:clientId'
const smartRow = 'GET /fhir/.well-known/smart-configuration'
const serverRow = 'GET /.well-known/oauth-authorization-server/auth'
const udapRow = 'GET /fhir/.well-known/udap'
const introspectRow = 'POST /auth/introspect'

type Body = Record<string, unknown>

const without = (...names: string[]): PayerFault['spoil'] =>
  carelessly((state) => register(state, { statement: statementRules.filter(({ name }) => !names.includes(name)) }))

/** Believes a JWT without reading its signature, `alg: none` too: the claims are posted on as plain JSON. */
const unsignedBelieved: PayerFault['spoil'] = carelessly((state) => async (request, visit) => {
  const body = JSON.parse(await request.text()) as Body
  const payload = String(body.software_statement).split('.')[1] ?? ''
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as Body
  const { software_statement: _, ...plain } = { ...body, ...claims }
  return register(state)(
    new Request(request.url, { method: 'POST', headers: request.headers, body: JSON.stringify(plain) }),
    visit,
  )
})

/** Everybody whose certificate can be read is a member. */
const anybody = (state: PayerState): PayerState => {
  const standing = async (certificate: NonNullable<Visit['certificate']>) => ({
    ok: true,
    member: {
      name: certificate.subject,
      uri: 'https://anybody.example',
      identifier: { system: 'urn:anybody', value: certificate.serial },
    },
  })
  return { ...state, directory: { standing } as unknown as PayerState['directory'] }
}
const strangersRegister: PayerFault['spoil'] = carelessly((state) => {
  const open = anybody(state)
  const careless = register(open, {
    statement: statementRules.filter(({ name }) => name !== 'issuer' && name !== 'sender'),
  })
  return async (request, visit) => (await mutualTls(open)(request, visit)) ?? careless(request, visit)
})

/** The body changed before it is read. */
const reworded =
  (change: (body: Body) => Body | Response): PayerFault['spoil'] =>
  (honest) =>
  async (request, visit) => {
    const text = await request.clone().text()
    let body: Body
    try {
      body = JSON.parse(text) as Body
    } catch {
      return honest(request, visit)
    }
    const next = change(body)
    return next instanceof Response ? next : honest(new Request(request, { body: JSON.stringify(next) }), visit)
  }

/** What the body or its statement says. */
const saidIn = (text: string): Body => {
  const body = JSON.parse(text) as Body
  const payload = typeof body.software_statement === 'string' ? body.software_statement.split('.')[1] : undefined
  return { ...body, ...(payload ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Body) : {}) }
}

/** The metadata of a registration that contradicts itself, registered all the same. */
const uncritical: PayerFault['spoil'] = (honest) => async (request, visit) => {
  const text = await request.clone().text()
  const answer = await honest(request, visit)
  if (answer.status !== 400) return answer
  const { error } = (await answer.clone().json()) as { error?: string }
  if (error !== 'invalid_client_metadata' && error !== 'invalid_redirect_uri') return answer
  try {
    return secretJson({ client_id: 'a-client', ...saidIn(text) }, 201)
  } catch {
    return answer
  }
}

const status =
  (from: number, to: number): PayerFault['spoil'] =>
  (honest) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    return answer.status === from ? new Response(answer.body, { status: to, headers: answer.headers }) : answer
  }

const rewritten = (change: (body: Body) => Body): PayerFault['spoil'] => whenGood((body) => change(body))

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

const f = payerFault
export const authorizationFaults: readonly PayerFault[] = [
  f(
    'statement-unread',
    'does not look at the signature of a statement',
    registerRow,
    ['AUTH-023', 'PDEX-099', 'AUTH-106'],
    without('signature'),
  ),
  f(
    'statement-unsigned',
    'believes a statement that nobody signed',
    registerRow,
    ['AUTH-023', 'PDEX-099'],
    unsignedBelieved,
  ),
  f(
    'statement-expired',
    'believes a statement that has expired',
    registerRow,
    ['AUTH-023', 'PDEX-099', 'AUTH-106'],
    without('expiry'),
  ),
  f(
    'statement-of-anybody',
    'believes a statement of anybody',
    registerRow,
    ['AUTH-023', 'PDEX-099', 'AUTH-106'],
    without('community'),
  ),
  f(
    'statement-of-another',
    'does not compare the issuer with the certificate',
    registerRow,
    ['AUTH-023', 'PDEX-099', 'AUTH-106'],
    without('issuer', 'sender'),
  ),
  f(
    'statement-for-another',
    'believes a statement for another server',
    registerRow,
    ['AUTH-023', 'PDEX-099', 'AUTH-106'],
    without('audience'),
  ),
  f('statement-of-an-hour', 'believes a statement that lives an hour', registerRow, ['AUTH-106'], without('lifetime')),
  f('statement-replayed', 'believes a statement twice', registerRow, ['AUTH-106'], without('replay')),
  f('strangers-register', 'registers whoever has a certificate', registerRow, ['AUTH-020'], strangersRegister),
  f('registration-uncritical', 'registers what contradicts itself', registerRow, ['AUTH-023'], uncritical),
  f(
    'registration-refused-in-its-own-words',
    'refuses registrations with an error of its own',
    registerRow,
    ['AUTH-023'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return answer.status === 400 ? secretJson({ error: 'wrong', error_description: 'no' }, 400) : answer
    },
  ),
  f('registration-200', 'answers a registration 200', registerRow, ['AUTH-022'], status(201, 200)),
  f(
    'registration-without-metadata',
    'answers a registration with the id alone',
    registerRow,
    ['AUTH-022'],
    rewritten(({ client_id, client_secret }) => ({ client_id, client_secret })),
  ),
  f(
    'secret-without-expiry',
    'gives a secret and does not say how long it is good',
    registerRow,
    ['AUTH-022'],
    rewritten((body) => ({ ...body, client_secret: 'secret' })),
  ),
  f(
    'unknown-metadata-refused',
    'refuses metadata that it does not know',
    registerRow,
    ['AUTH-024'],
    reworded((body) =>
      Object.keys(body).some((name) => name.startsWith('x-'))
        ? refusalAnswer(new OAuthRefusal('invalid_client_metadata', 'what is this?'))
        : body,
    ),
  ),
  f(
    'unsigned-outranks-signed',
    'registers what stands beside the statement',
    registerRow,
    ['AUTH-026'],
    whenGood((body, asked) => ({
      ...body,
      client_name: (JSON.parse(asked.startsWith('{') ? asked : '{}') as Body).client_name ?? body.client_name,
    })),
  ),
  f(
    'statement-not-returned',
    'does not return the statement as it was',
    registerRow,
    ['AUTH-026'],
    rewritten((body) => ({ ...body, software_statement: 'seen' })),
  ),
  f(
    'key-set-url-refused',
    'takes no URL of a key set',
    registerRow,
    ['AUTH-040'],
    (honest) => async (request, visit) => {
      const text = await request.clone().text()
      return text.startsWith('{') && saidIn(text).jwks_uri !== undefined
        ? refusalAnswer(new OAuthRefusal('invalid_client_metadata', 'no URLs'))
        : honest(request, visit)
    },
  ),
  f(
    'public-keys-refused',
    'registers no public keys',
    registerRow,
    ['PDEX-224'],
    (honest) => async (request, visit) => {
      const text = await request.clone().text()
      return text.startsWith('{') && saidIn(text).token_endpoint_auth_method === 'private_key_jwt'
        ? refusalAnswer(new OAuthRefusal('invalid_client_metadata', 'secrets only'))
        : honest(request, visit)
    },
  ),
  f(
    'registration-of-anybody-read',
    'shows a registration to any token',
    manageRow,
    ['AUTH-029'],
    (honest, state) => async (request, visit) => {
      const answer = await honest(request, visit)
      const client = state.clients.find(visit.params.clientId ?? '')
      return client && answer.status === 401 ? secretJson({ client_id: client.id, ...client.metadata }) : answer
    },
  ),
  f(
    'deletion-in-vain',
    'says that a registration is deleted, and keeps it',
    'DELETE /auth/register/:clientId',
    ['AUTH-029'],
    (_honest, _state) => () => new Response(null, { status: 204 }),
  ),

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
    rewritten((body) => {
      const { tls_client_certificate_bound_access_tokens: _t, mtls_endpoint_aliases: _m, ...rest } = body
      return 'scopes_supported' in body && 'token_endpoint' in body ? rest : body
    }),
  ),
  f(
    'issuer-of-another',
    'names another issuer',
    serverRow,
    ['AUTH-010'],
    rewritten((body) => ({ ...body, issuer: `${String(body.issuer)}/` })),
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
  f(
    'udap-rsa-refused',
    'takes no statement signed with RS256',
    registerRow,
    ['AUTH-106', 'AUTH-116'],
    reworded((body) => {
      const head = typeof body.software_statement === 'string' ? body.software_statement.split('.')[0] : undefined
      const { alg } = head ? (JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: string }) : {}
      return body.udap === '1' && alg === 'RS256'
        ? refusalAnswer(new OAuthRefusal('invalid_software_statement', 'no RSA'))
        : body
    }),
  ),
  f(
    'udap-cancelled-in-vain',
    'keeps a UDAP registration that was cancelled',
    registerRow,
    ['AUTH-107'],
    (honest, state) => async (request, visit) => {
      const said = saidIn(await request.clone().text())
      const empty = said.udap === '1' && Array.isArray(said.grant_types) && said.grant_types.length === 0
      return empty
        ? secretJson({ client_id: state.clients.byUdapIssuer(String(said.iss))?.id, grant_types: [] })
        : honest(request, visit)
    },
  ),

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
  ...tokenFaults,
]
