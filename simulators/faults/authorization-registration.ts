/** Ways for an authorization server to register whom it should not, and not to register whom it should. */
import { altered } from '../asked.ts'
import { mutualTls } from '../guards/mutual-tls.ts'
import { OAuthRefusal, refusalAnswer, secretJson } from '../parts/oauth.ts'
import { register } from '../parts/registration.ts'
import { statementRules } from '../parts/software-statement.ts'
import { isAnswer } from '../said.ts'
import type { Visit } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import {
  type Body,
  carelessly,
  payerFault as f,
  type PayerFault,
  rewritten,
  whenGood,
} from './authorization-spoiling.ts'

const registerRow = 'POST /auth/register'
const manageRow = 'GET /auth/register/:clientId'

const without = (...names: string[]): PayerFault['spoil'] =>
  carelessly((state) => register(state, { statement: statementRules.filter(({ name }) => !names.includes(name)) }))

/** Believes a JWT without reading its signature, `alg: none` too: the claims are posted on as plain JSON. */
const unsignedBelieved: PayerFault['spoil'] = carelessly((state) => async (request, visit) => {
  const body = JSON.parse(await request.text()) as Body
  const payload = String(body.software_statement).split('.')[1] ?? ''
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as Body
  const { software_statement: _, ...plain } = { ...body, ...claims }
  return register(state)(
    new Request(request.url, { method: 'POST', headers: [...request.headers], body: JSON.stringify(plain) }),
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
    return isAnswer(next) ? next : honest(altered(request, { body: JSON.stringify(next) }), visit)
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

export const registrationFaults: readonly PayerFault[] = [
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
]
