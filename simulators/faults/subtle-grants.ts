/** Registrations, assertions and tokens that are checked nearly as they must be: the text in the place of the id, the host in the place of the address. */
import { type AssertionRule, assertionRules } from '../parts/client-authentication.ts'
import { OAuthRefusal, refusalAnswer, secretJson } from '../parts/oauth.ts'
import { type TokenRules, token, tokenRules } from '../parts/token.ts'
import type { Clients } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'
import {
  assertionIn,
  type Body,
  carelessly,
  payerFault as f,
  type PayerFault,
  tokenRow,
  whenGood,
} from './authorization-spoiling.ts'
import { recast } from './spoiling.ts'

const registerRow = 'POST /auth/register'

/** The token row with other rules, for every request: where an id is used up before it, there is no second asking. */
const ruled =
  (change: (state: PayerState) => Partial<TokenRules>): PayerFault['spoil'] =>
  (_honest, state) =>
    token(state, { ...tokenRules, ...change(state) })
const instead = (rule: AssertionRule): readonly AssertionRule[] =>
  assertionRules.map((known) => (known.name === rule.name ? rule : known))

/** An assertion is known again by its text, and a new one may have its id. */
const knownByText: PayerFault['spoil'] = ruled(() => {
  const seen = new Set<string>()
  return {
    assertion: instead({
      name: 'replay',
      broken: ({ text }) => {
        if (seen.has(text)) return 'this assertion was used before'
        seen.add(text)
        return undefined
      },
    }),
  }
})

/** Whoever is not known by name is known by the id of the key. */
const byKeyId: PayerFault['spoil'] = carelessly((state) => async (request, visit) => {
  const head = new URLSearchParams(await request.clone().text()).get('client_assertion')?.split('.')[0]
  const { kid } = head ? (JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid?: string }) : {}
  const owner = [...state.clients].find(
    ({ metadata }) => kid !== undefined && metadata.jwks?.keys.some((key) => key.kid === kid),
  )
  const { clients: honest } = state
  const clients = {
    find: (id: string) => honest.find(id) ?? owner,
    useOnce: honest.useOnce.bind(honest),
    permissionsOf: honest.permissionsOf.bind(honest),
  } as unknown as Clients
  return token({ ...state, clients })(request, visit)
})

/** An assertion may live as long as ten minutes. */
const tenMinutes: PayerFault['spoil'] = carelessly((state) =>
  token(state, {
    ...tokenRules,
    assertion: instead({
      name: 'lifetime',
      broken: ({ claims, now }) =>
        (claims.exp ?? 0) - now > 660 ? 'an assertion lives ten minutes at most' : undefined,
    }),
  }),
)

/** The claims of a token that is a JWT changed; its signature is left as it is, since clients do not look at it. */
const reclaimed = (change: (claims: Body) => Body, fits: (body: Body) => boolean = () => true): PayerFault['spoil'] =>
  whenGood((body) => {
    const [head, payload, signature] = String(body.access_token).split('.')
    if (!payload || !signature || !fits(body)) return body
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Body
    const access_token = [head, Buffer.from(JSON.stringify(change(claims))).toString('base64url'), signature].join('.')
    return { ...body, access_token }
  })
const forData = (body: Body): boolean => body.patient !== undefined
const thumbprintOf = (claims: Body): Buffer =>
  Buffer.from(String((claims.cnf as Body | undefined)?.['x5t#S256']), 'base64url')

/** A consent is asked for when the first token is made, and not when it is renewed. */
const askedOnce: PayerFault['spoil'] = ruled(() => {
  const asked = new Set<string>()
  return {
    obstacle: (state, client, patientId) => {
      const key = `${client.id} ${patientId}`
      if (asked.has(key)) return undefined
      const obstacle = tokenRules.obstacle(state, client, patientId)
      if (!obstacle) asked.add(key)
      return obstacle
    },
  }
})

/** What is said of the extension that says who asks, one rule of it forgotten. */
const b2bWithout = (rule: RegExp): PayerFault['spoil'] =>
  ruled(() => ({
    b2b: (form, sender) => {
      try {
        tokenRules.b2b(form, sender)
      } catch (error) {
        if (!(error instanceof OAuthRefusal) || !rule.test(error.message)) throw error
      }
    },
  }))

const saidIn = (text: string): Body => {
  const body = JSON.parse(text) as Body
  const payload = typeof body.software_statement === 'string' ? body.software_statement.split('.')[1] : undefined
  return { ...body, ...(payload ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Body) : {}) }
}
/** Registers nobody of whom that holds. */
const registering =
  (refuses: (said: Body) => boolean): PayerFault['spoil'] =>
  (honest) =>
  async (request, visit) => {
    const text = await request.clone().text()
    return text.startsWith('{') && refuses(saidIn(text))
      ? refusalAnswer(new OAuthRefusal('invalid_client_metadata', 'not here'))
      : honest(request, visit)
  }

/** Clients whose keys are at an address get no token: nobody goes there. */
const neverFetched: PayerFault['spoil'] = (honest, state) => async (request, visit) => {
  const { iss } = await assertionIn(request)
  return typeof iss === 'string' && state.clients.find(iss)?.metadata.jwks_uri
    ? refusalAnswer(new OAuthRefusal('invalid_client', 'the key set could not be fetched'))
    : honest(request, visit)
}

const assertions: readonly PayerFault[] = [
  f(
    'replay-known-by-text',
    'knows an assertion again by its text and not by its id',
    tokenRow,
    ['AUTH-050'],
    knownByText,
  ),
  f(
    'client-by-key-id',
    'knows a client by the id of its key, whatever it calls itself',
    tokenRow,
    ['AUTH-052'],
    byKeyId,
  ),
  f('assertion-of-ten-minutes', 'accepts an assertion that lives ten minutes', tokenRow, ['AUTH-051'], tenMinutes),
  f(
    'inline-keys-refused',
    'takes no keys that stand in the registration',
    registerRow,
    ['AUTH-040'],
    registering(({ jwks }) => jwks !== undefined),
  ),
  f(
    'key-set-url-never-read',
    'registers the address of a key set, and never goes there',
    tokenRow,
    ['AUTH-040'],
    neverFetched,
  ),
]

const tokens: readonly PayerFault[] = [
  f(
    'token-may-be-asked-about-again',
    'forbids to use the answer with the token unasked, and not to store it',
    tokenRow,
    ['AUTH-058'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return recast(answer, await answer.text(), { 'cache-control': 'no-cache' })
    },
  ),
  f(
    'token-for-data-may-be-stored',
    'forbids to store the token to match with, and not the one for data',
    tokenRow,
    ['AUTH-058'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      const text = await answer.text()
      return recast(answer, text, text.includes('"patient"') ? { 'cache-control': null, pragma: null } : {})
    },
  ),
  f(
    'thumbprint-in-hex',
    'writes the thumbprint that a token is bound to in hexadecimal digits',
    tokenRow,
    ['AUTH-083'],
    reclaimed((claims) => ({ ...claims, cnf: { 'x5t#S256': thumbprintOf(claims).toString('hex') } }), forData),
  ),
  f(
    'lifetime-in-milliseconds',
    'tells the life of a token in milliseconds',
    tokenRow,
    ['AUTH-109', 'AUTH-057'],
    whenGood((body) => ({ ...body, expires_in: Number(body.expires_in) * 1000 })),
  ),
  f(
    'operation-scope-retold',
    'grants the scope of the operation in words of its own',
    tokenRow,
    ['AUTH-119'],
    whenGood((body) => ({ ...body, ...(String(body.scope).startsWith('http') ? { scope: 'system/Patient.c' } : {}) })),
  ),
  f(
    'consent-asked-at-the-first-token',
    'asks for the consent at the first token and at no later one',
    tokenRow,
    ['HREX-013', 'PDEX-113'],
    askedOnce,
  ),
  f('b2b-without-purpose', 'does not ask UDAP clients what for', tokenRow, ['AUTH-109'], b2bWithout(/purpose/)),
]

const registrations: readonly PayerFault[] = [
  f(
    'udap-modified-in-vain',
    'refuses to change a UDAP registration',
    registerRow,
    ['AUTH-107'],
    (honest, state) => async (request, visit) => {
      const text = await request.clone().text()
      const said = text.startsWith('{') ? saidIn(text) : {}
      const known = said.udap === '1' && state.clients.byUdapIssuer(String(said.iss))
      return known
        ? secretJson({ error: 'invalid_software_statement', error_description: 'known already' }, 400)
        : honest(request, visit)
    },
  ),
]

export const subtleGrantFaults: readonly PayerFault[] = [...assertions, ...tokens, ...registrations]
