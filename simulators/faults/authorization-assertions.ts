/** Ways for a token endpoint to believe too much of whoever asks: assertions, keys, and who is behind a connection. */
import { createHmac, createPublicKey, type JsonWebKey, timingSafeEqual } from 'node:crypto'
import { compactVerify, importJWK, type JWK } from 'jose'
import { type AssertionRule, assertionRules } from '../parts/client-authentication.ts'
import { OAuthRefusal, refusalAnswer } from '../parts/oauth.ts'
import { type TokenRules, token, tokenRules } from '../parts/token.ts'
import type { Client, Clients } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'
import { assertionIn, carelessly, payerFault as f, type PayerFault, tokenRow } from './authorization-spoiling.ts'

/** The token row with other rules, asked where the honest one refuses. */
const lenient = (change: Partial<TokenRules>): PayerFault['spoil'] =>
  carelessly((state) => token(state, { ...tokenRules, ...change }))
const without = (...names: string[]): PayerFault['spoil'] =>
  lenient({ assertion: assertionRules.filter(({ name }) => !names.includes(name)) })
const instead = (rule: AssertionRule, ...others: string[]): PayerFault['spoil'] =>
  lenient({
    assertion: assertionRules
      .filter(({ name }) => !others.includes(name))
      .map((known) => (known.name === rule.name ? rule : known)),
  })

const keysOf = (client: Client | undefined): readonly JWK[] => client?.metadata.jwks?.keys ?? []

/** HS256 with a public key of the client as the secret, as a library does that lets `alg` choose. */
const fooled: AssertionRule = {
  name: 'signature',
  broken: ({ text, client }) => {
    const [head, payload, signature] = text.split('.')
    const fits = keysOf(client).some((jwk) => {
      const secret = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
      const expected = createHmac('sha256', secret).update(`${head}.${payload}`).digest()
      const given = Buffer.from(signature ?? '', 'base64url')
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
    return fits ? undefined : 'the signature does not fit'
  },
}

/** Takes the key that the assertion itself brings along. */
const credulous: AssertionRule = {
  name: 'signature',
  broken: async ({ text, header }) => {
    const jwk = header.jwk as JWK | undefined
    if (!jwk) return 'there is no key in the header'
    try {
      await compactVerify(text, await importJWK(jwk, header.alg))
      return undefined
    } catch {
      return 'the signature does not fit'
    }
  },
}

/** Is it signed with one of these keys? Says what is wrong if not. */
async function signedByAny(text: string, alg: string | undefined, keys: readonly JWK[]): Promise<string | undefined> {
  for (const jwk of keys)
    try {
      await compactVerify(text, await importJWK(jwk, alg))
      return undefined
    } catch {
      // The next one may fit.
    }
  return 'no key fits'
}

/** Tries every key of the client, whatever the kid says. */
const anyKey: AssertionRule = {
  name: 'signature',
  broken: ({ text, client, header }) => signedByAny(text, header.alg, keysOf(client)),
}

/** Any key that has the id, however many there are. */
const anyOfThatId: AssertionRule = {
  name: 'signature',
  broken: ({ text, client, header }) =>
    signedByAny(
      text,
      header.alg,
      keysOf(client).filter(({ kid }) => kid === header.kid),
    ),
}

/** The key of that id where there is one alone, else the client's only key of that kind. */
const forgivingKey: AssertionRule = {
  name: 'signature',
  broken: async (assertion, state) => {
    const { text, client, header } = assertion
    const named = keysOf(client).filter(({ kid }) => kid === header.kid)
    const honest = assertionRules.find(({ name }) => name === 'signature')
    if (named.length > 0 || header.kid === undefined) return honest?.broken(assertion, state)
    return signedByAny(text, header.alg, keysOf(client))
  },
}

/** Goes by the certificate of the connection where it does not know the client. */
const byConnection: PayerFault['spoil'] = carelessly((state) => async (request, visit) => {
  const standing = visit.certificate && (await state.directory.standing(visit.certificate))
  const uri = standing?.ok ? standing.member.uri : undefined
  const known = [...state.clients].find(({ organization }) => organization.uri === uri)
  const adopted: AssertionRule[] = ['client', 'method', 'signature', 'connection'].map((name) => ({
    name,
    broken: () => undefined,
  }))
  const { clients: honest } = state
  const clients = {
    find: (id: string) => honest.find(id) ?? known,
    useOnce: honest.useOnce.bind(honest),
    permissionsOf: honest.permissionsOf.bind(honest),
  } as unknown as Clients
  return token(
    { ...state, clients },
    { ...tokenRules, assertion: assertionRules.map((rule) => adopted.find(({ name }) => name === rule.name) ?? rule) },
  )(request, visit)
})

/** The key sets of clients are fetched once and never again. */
const hoarding: PayerFault['spoil'] = (honest, state) => {
  const kept = new Map<string, { readonly body: string; readonly status: number }>()
  const hoard: PayerState = {
    ...state,
    fetch: async (url, init) => {
      const known = kept.get(url)
      if (known) return new Response(known.body, { status: known.status })
      const answer = (await state.fetch?.(url, init)) as Response
      kept.set(url, { body: await answer.clone().text(), status: answer.status })
      return answer
    },
  }
  const careless = token(hoard)
  return async (request, visit) => {
    const again = request.clone()
    const answer = await careless(request, visit)
    return answer.status < 400 ? answer : honest(again, visit)
  }
}

/** No id is ever good twice, however long its JWT is over. */
const unforgetting: PayerFault['spoil'] = (honest) => {
  const seen = new Set<unknown>()
  return async (request, visit) => {
    const { jti } = await assertionIn(request)
    if (jti !== undefined && seen.has(jti))
      return refusalAnswer(new OAuthRefusal('invalid_client', 'this jti was used before'))
    seen.add(jti)
    return honest(request, visit)
  }
}

export const assertionFaults: readonly PayerFault[] = [
  f('assertion-of-an-hour', 'accepts an assertion that lives an hour', tokenRow, ['AUTH-051'], without('lifetime')),
  f('assertion-expired', 'accepts an assertion that has expired', tokenRow, ['AUTH-049'], without('expiry')),
  f('assertion-not-begun', 'accepts an assertion before its time', tokenRow, ['AUTH-049'], without('beginning')),
  f(
    'assertion-for-anybody',
    'accepts an assertion for any audience',
    tokenRow,
    ['AUTH-049', 'AUTH-116'],
    without('audience'),
  ),
  f(
    'assertion-about-anybody',
    'accepts an assertion about another subject',
    tokenRow,
    ['AUTH-049'],
    without('subject'),
  ),
  f('assertion-unchecked', 'does not look at the signature', tokenRow, ['AUTH-049'], without('signature')),
  f('assertion-replayed', 'accepts an assertion twice', tokenRow, ['AUTH-050'], without('replay')),
  f('algorithm-none', 'accepts an unsigned assertion', tokenRow, ['AUTH-044'], without('algorithm', 'signature')),
  f('algorithm-confused', 'takes the public key for a secret', tokenRow, ['AUTH-044'], instead(fooled, 'algorithm')),
  f('key-from-the-header', 'believes the key in the header', tokenRow, ['AUTH-053'], instead(credulous)),
  f('key-by-trial', 'tries every key of the client', tokenRow, ['AUTH-054'], instead(anyKey)),
  f('key-of-a-shared-id', 'takes either of two keys that have one id', tokenRow, ['AUTH-054'], instead(anyOfThatId)),
  f(
    'key-of-another-id',
    'takes a key of the client where none has the id that is asked for',
    tokenRow,
    ['AUTH-054'],
    instead(forgivingKey),
  ),
  f('client-by-connection', 'knows a client by its connection alone', tokenRow, ['AUTH-052'], byConnection),
  f('key-set-hoarded', 'never fetches a key set again', tokenRow, ['AUTH-045'], hoarding),
  f('jti-never-forgotten', 'refuses an id whose JWT has expired', tokenRow, ['AUTH-117'], unforgetting),
]
