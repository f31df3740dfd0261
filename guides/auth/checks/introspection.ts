/** Introspection: what a server tells about a token, and to whom (RFC 7662, SMART 2.2 token introspection). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import {
  assertionOf,
  formOf,
  isAbsolute,
  isSound,
  made,
  notOffered,
  objectIn,
  said,
  secondsOf,
  succeeded,
  text,
  tokenFrom,
  tokenMoves,
} from '../oauth.ts'
import { grantedIn, scopesIn } from '../scopes.ts'

const tokenAsked = (x: Exchange): string | null => new URLSearchParams(x.request.body).get('token')

const originOfAsked = (transcript: Transcript, x: Exchange): Exchange | undefined =>
  transcript.all(tokenMoves, { where: (t) => succeeded(t) && tokenFrom(t) === tokenAsked(x) }).at(-1)

/** Should this token still be good? */
function isGood(transcript: Transcript, x: Exchange): boolean {
  const origin = originOfAsked(transcript, x)
  if (!origin || origin.from !== x.from) return false
  const { expires_in: lifetime } = said(origin)
  const order = transcript.every()
  const revoked = order
    .slice(0, order.indexOf(x))
    .some((r) => r.move === 'revoke-token' && succeeded(r) && tokenAsked(r) === tokenAsked(x))
  return !revoked && (typeof lifetime !== 'number' || lifetime <= 0 || secondsOf(origin) + lifetime > secondsOf(x))
}

export const offersIntrospection = check(
  'AUTH-090',
  'SHOULD',
  'Discovery names an endpoint that tells what a token is good for',
  (transcript) => {
    const x = transcript.last('smart-configuration', { where: succeeded })
    const { introspection_endpoint: url } = said(x)
    return isAbsolute(url)
      ? []
      : [
          unmet(x, 'not-offered', 'no introspection endpoint is named', {
            actual: url,
            expression: 'introspection_endpoint',
          }),
        ]
  },
)

export const describesActiveTokens = check(
  'AUTH-091',
  'SHALL',
  'An active token is described by its scope, client and expiry',
  (transcript) =>
    transcript.some('introspect', { where: (x) => isSound(x) && isGood(transcript, x) }).flatMap((x): Finding[] => {
      const request = originOfAsked(transcript, x) as Exchange
      const origin = said(request)
      const answer = objectIn(answered(x)) ?? {}
      const findings: Finding[] = []
      const wrong = (expression: string, expected: unknown): void => {
        findings.push(
          wrongAnswer(x, 'wrong-element', `${expression} is not as the token was granted`, {
            expected,
            actual: answer[expression] ?? 'nothing',
            expression,
          }),
        )
      }
      if (answered(x).status !== 200 || answer.active !== true) {
        wrong('active', true)
        return findings
      }
      const [told, granted] = [[...scopesIn(answer.scope)].sort(), [...grantedIn(request)].sort()]
      if (told.join(' ') !== granted.join(' ')) wrong('scope', granted.join(' '))
      const client = text(assertionOf(request)?.claims.iss) ?? formOf(request).get('client_id')
      if (typeof answer.client_id !== 'string' || (client !== null && answer.client_id !== client))
        wrong('client_id', client ?? 'the client that the token was issued to')
      // Whoever counts milliseconds is in another millennium.
      if (typeof answer.exp !== 'number' || answer.exp > secondsOf(x) * 100) wrong('exp', 'seconds since 1970')
      if (origin.patient !== undefined && answer.patient !== origin.patient) wrong('patient', origin.patient)
      return findings
    }),
)

export const hidesInactiveTokens = check(
  'AUTH-092',
  'SHALL',
  'Of a token that is unknown, expired or revoked nothing is told but that it is not active',
  (transcript) => {
    const asked = transcript.some('introspect', { where: isSound })
    const good = asked.find((x) => said(x).active === true)
    const bad = asked.filter((x) => !isGood(transcript, x))
    if (bad.length === 0) return [undecided(asked.at(-1), 'nobody asked about a token that is not active')]
    if (!good) return [undecided(bad.at(-1), 'no token was ever called active, so nothing is proven')]
    return bad.flatMap((x): Finding[] => {
      const answer = objectIn(answered(x))
      if (answered(x).status !== 200 || answer?.active !== false)
        return [
          wrongAnswer(x, 'active', `${x.intent.about ?? 'the token'} is not called inactive`, {
            expected: '200 {"active":false}',
            actual: `${answered(x).status} ${JSON.stringify(answer ?? '').slice(0, 80)}`,
            expression: 'active',
          }),
        ]
      const more = Object.keys(answer).filter((name) => name !== 'active')
      return more.length
        ? [
            {
              ...unmet(x, 'tells-more', 'more is told of an inactive token than that it is inactive', { actual: more }),
              severity: 'warning',
            },
          ]
        : []
    })
  },
)

const anonymously = 'without saying who asks'
const nobodyAsks = [anonymously, "with a stranger's key"] as const

export const knowsWhoAsks = check('AUTH-093', 'SHALL', 'Who asks about a token must say who they are', (transcript) => {
  const x = transcript.last('introspect', { where: made(nobodyAsks) })
  if (!transcript.all('introspect', { where: (one) => isSound(one) && succeeded(one) }).length)
    return notOffered(x, 'introspection')
  const { status } = answered(x)
  // RFC 6749 §5.2 lets a server tell a failed authentication with 400, too.
  if (status === 401 || status === 403 || (status === 400 && said(x).error !== undefined)) return []
  // Who cannot be believed may be told what is told of any token that nobody issued.
  const falsely = x.intent.mistake !== anonymously
  if (falsely && status === 200 && said(x).active === false) return []
  const open = wrongAnswer(
    x,
    succeeded(x) ? 'accepted' : 'wrong-status',
    `an introspection ${x.intent.mistake} was answered ${status}`,
    {
      expected: 401,
      actual: status,
    },
  )
  // SMART only says that a server may want authentication.
  return [{ ...open, severity: 'warning' }]
})

export const introspectionChecks: readonly Check[] = [
  offersIntrospection,
  describesActiveTokens,
  hidesInactiveTokens,
  knowsWhoAsks,
]
