/** Ways for a token endpoint to believe too much, to grant too much, and to say it wrongly. */
import { createHmac, createPublicKey, type JsonWebKey, timingSafeEqual } from 'node:crypto'
import { compactVerify, importJWK, type JWK } from 'jose'
import { type AssertionRule, assertionRules } from '../parts/client-authentication.ts'
import { OAuthRefusal, refusalAnswer } from '../parts/oauth.ts'
import { type TokenRules, token, tokenRules } from '../parts/token.ts'
import { outcome } from '../simulator.ts'
import type { Client, Clients } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'
import { carelessly, payerFault as f, type PayerFault, whenGood } from './authorization-spoiling.ts'
import { recast } from './spoiling.ts'

const tokenRow = 'POST /auth/token'

/** The token row with other rules, asked where the honest one refuses. */
const lenient = (change: Partial<TokenRules>): PayerFault['spoil'] =>
  carelessly((state) => token(state, { ...tokenRules, ...change }))
/** The same in its place: where an assertion is used up before the rule is asked, there is no second asking. */
const loose =
  (change: Partial<TokenRules>): PayerFault['spoil'] =>
  (_honest, state) =>
    token(state, { ...tokenRules, ...change })
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

/** Tries every key of the client, whatever the kid says. */
const anyKey: AssertionRule = {
  name: 'signature',
  broken: async ({ text, client, header }) => {
    for (const jwk of keysOf(client))
      try {
        await compactVerify(text, await importJWK(jwk, header.alg))
        return undefined
      } catch {
        // The next one may fit.
      }
    return 'no key fits'
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

/** The refusals of a row, told otherwise. */
const retold =
  (tell: (code: string, answer: Response) => Response): PayerFault['spoil'] =>
  (honest) =>
  async (request, visit) => {
    const answer = await honest(request, visit)
    if (answer.status < 400) return answer
    const { error } = (await answer.clone().json()) as { error?: string }
    return tell(error ?? '', answer)
  }

/** A parameter of the form changed before it is read. */
const reworded =
  (change: (form: URLSearchParams) => void): PayerFault['spoil'] =>
  (honest) =>
  async (request, visit) => {
    const form = new URLSearchParams(await request.clone().text())
    change(form)
    return honest(new Request(request, { body: form.toString() }), visit)
  }

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
    const form = new URLSearchParams(await request.clone().text())
    const payload = form.get('client_assertion')?.split('.')[1]
    const { jti } = payload ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { jti?: unknown }) : {}
    if (jti !== undefined && seen.has(jti))
      return refusalAnswer(new OAuthRefusal('invalid_client', 'this jti was used before'))
    seen.add(jti)
    return honest(request, visit)
  }
}

export const tokenFaults: readonly PayerFault[] = [
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
  f('client-by-connection', 'knows a client by its connection alone', tokenRow, ['AUTH-052'], byConnection),
  f('key-set-hoarded', 'never fetches a key set again', tokenRow, ['AUTH-045'], hoarding),
  f('jti-never-forgotten', 'refuses an id whose JWT has expired', tokenRow, ['AUTH-117'], unforgetting),
  f(
    'grant-type-ignored',
    'takes any grant type for client_credentials',
    tokenRow,
    ['AUTH-056'],
    reworded((form) => form.set('grant_type', 'client_credentials')),
  ),
  f(
    'authentication-called-grant',
    'calls a failed authentication invalid_grant',
    tokenRow,
    ['AUTH-055'],
    retold((code, answer) =>
      code === 'invalid_client' ? refusalAnswer(new OAuthRefusal('invalid_grant', 'no')) : answer,
    ),
  ),
  f(
    'errors-as-outcomes',
    'tells OAuth errors as OperationOutcomes',
    tokenRow,
    ['AUTH-055', 'AUTH-056'],
    retold((code) => outcome(400, 'invalid', code)),
  ),
  f(
    'errors-of-the-server',
    'answers a bad request with 500',
    tokenRow,
    ['AUTH-056'],
    retold((code, answer) =>
      code === 'invalid_request' || code === 'unsupported_grant_type'
        ? recast(answer, JSON.stringify({ error: code }), {}, 500)
        : answer,
    ),
  ),
  f(
    'scope-not-registered',
    'grants scopes that were not registered',
    tokenRow,
    ['AUTH-060'],
    loose({ within: (_, wanted) => [...wanted] }),
  ),
  f(
    'scope-told-wider',
    'says that more was granted than was registered',
    tokenRow,
    ['AUTH-060'],
    whenGood((body, request) => ({
      ...body,
      scope: new URLSearchParams(request).get('scope'),
    })),
  ),
  f(
    'scope-of-smart-1-unknown',
    'does not know the syntax of SMART 1',
    tokenRow,
    ['AUTH-061'],
    reworded((form) => {
      if (/\.(read|write)\b/.test(form.get('scope') ?? '')) form.set('scope', 'unknown')
    }),
  ),
  f(
    'scope-of-operation-unknown',
    'does not take the URL of an operation for a scope',
    tokenRow,
    ['AUTH-119'],
    reworded((form) => {
      if ((form.get('scope') ?? '').startsWith('http')) form.set('scope', 'unknown')
    }),
  ),
  f(
    'scope-of-smart-1-retold',
    'answers in another syntax than was asked',
    tokenRow,
    ['AUTH-061'],
    whenGood((body) => ({
      ...body,
      scope: String(body.scope).replace('.read', '.rs'),
    })),
  ),
  f(
    'listed-scope-refused',
    'refuses a scope that it lists',
    tokenRow,
    ['AUTH-005'],
    reworded((form) => {
      if (form.get('scope') === 'patient/*.read') form.set('scope', 'unknown')
    }),
  ),
  f(
    'token-may-be-stored',
    'lets the answer with the token be stored',
    tokenRow,
    ['AUTH-058'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      return recast(answer, await answer.text(), { 'cache-control': 'private', pragma: null })
    },
  ),
  f(
    'token-without-lifetime',
    'tells the lifetime as text',
    tokenRow,
    ['AUTH-057'],
    whenGood((body) => ({ ...body, expires_in: String(body.expires_in) })),
  ),
  f(
    'token-without-scope',
    'does not tell the scope',
    tokenRow,
    ['AUTH-057'],
    whenGood(({ scope: _, ...body }) => body),
  ),
  f(
    'token-unbound',
    'binds tokens to no certificate',
    tokenRow,
    ['AUTH-112', 'HREX-050', 'HREX-054'],
    (_honest, state) => {
      const unseeing = token(state)
      return (request, { certificate: _, ...bare }) => unseeing(request, bare)
    },
  ),
  f(
    'consent-not-asked-at-issue',
    'gives a token for a member without a consent',
    tokenRow,
    ['PDEX-113'],
    loose({ obstacle: () => undefined }),
  ),
  f(
    'identifier-not-resolved',
    'does not know a member by identifier',
    tokenRow,
    ['PDEX-112'],
    (honest) => async (request, visit) => {
      const answer = await honest(request.clone(), visit)
      const form = new URLSearchParams(await request.text())
      const payload = form.get('client_assertion')?.split('.')[1] ?? ''
      const { sub } = (payload ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : {}) as { sub?: string }
      return sub?.includes('|') ? refusalAnswer(new OAuthRefusal('invalid_grant', 'this member is not known')) : answer
    },
  ),
  f(
    'member-in-sub-refused',
    'does not take a member in sub',
    tokenRow,
    ['AUTH-118'],
    (honest) => async (request, visit) => {
      const form = new URLSearchParams(await request.clone().text())
      const payload = form.get('client_assertion')?.split('.')[1] ?? ''
      const { sub, iss } = (payload ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : {}) as Record<
        string,
        string
      >
      return sub === iss
        ? honest(request, visit)
        : refusalAnswer(new OAuthRefusal('invalid_client', 'sub is not the client'))
    },
  ),
  f(
    'b2b-not-asked-for',
    'gives UDAP clients tokens without the extension',
    tokenRow,
    ['AUTH-109'],
    loose({ b2b: () => undefined }),
  ),
]
