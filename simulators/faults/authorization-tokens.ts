/** Ways for a token endpoint to grant too much, to resolve a member wrongly, and to say it wrongly. */
import { altered } from '../asked.ts'
import { OAuthRefusal, refusalAnswer } from '../parts/oauth.ts'
import { type TokenRules, token, tokenRules } from '../parts/token.ts'
import { outcome } from '../simulator.ts'
import { assertionIn, payerFault as f, type PayerFault, tokenRow, whenGood } from './authorization-spoiling.ts'
import { recast } from './spoiling.ts'

/** The token row with other rules: where an assertion is used up before the rule is asked, there is no second asking. */
const loose =
  (change: Partial<TokenRules>): PayerFault['spoil'] =>
  (_honest, state) =>
    token(state, { ...tokenRules, ...change })
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
    return honest(altered(request, { body: form.toString() }), visit)
  }

/** A token that was asked for by identifier opens the data of whoever comes first. */
const misresolved: PayerFault['spoil'] = (honest, state) => async (request, visit) => {
  const { sub } = await assertionIn(request)
  const answer = await honest(request, visit)
  if (answer.status !== 200 || typeof sub !== 'string' || !sub.includes('|')) return answer
  const { access_token: text } = (await answer.clone().json()) as { access_token: string }
  const issued = state.tokens.find(text)
  const patientId = [...state.records.patients()].find((id) => id !== issued?.grant.patientId)
  if (issued && patientId) state.tokens.replace(text, { ...issued, grant: { ...issued.grant, patientId } })
  return answer
}

export const tokenFaults: readonly PayerFault[] = [
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
      const { sub } = await assertionIn(request)
      const answer = await honest(request, visit)
      return typeof sub === 'string' && sub.includes('|')
        ? refusalAnswer(new OAuthRefusal('invalid_grant', 'this member is not known'))
        : answer
    },
  ),
  f(
    'identifier-resolved-to-another',
    'takes the identifier of a member for another member',
    tokenRow,
    ['PDEX-112'],
    misresolved,
  ),
  f(
    'member-in-sub-refused',
    'does not take a member in sub',
    tokenRow,
    ['AUTH-118'],
    (honest) => async (request, visit) => {
      const { sub, iss } = await assertionIn(request)
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
