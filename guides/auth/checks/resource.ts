/** Using a token: which ones open a member's data and the match, and how a refusal is told (RFC 6750, RFC 8705 §3). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, headerList, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import {
  bearerIn,
  isSound,
  jwtIn,
  originOf,
  said,
  secondsOf,
  succeeded,
  text,
  tokenFrom,
  tokenMoves,
} from '../oauth.ts'

/** Phrases of presented tokens, and the statuses that refuse them. A 401 where 403 is meant is tolerated. */
const refusals: Readonly<Record<string, readonly number[]>> = {
  'no token': [401],
  'a token that nobody issued': [401],
  'its token for the data, altered': [401],
  'its expired token for the data': [401],
  'its expired token to match members': [401],
  'its revoked token for the data': [401],
  'its token to match members': [403, 401],
  'its token for the data': [403, 401],
}

/** What is behind these is found by whom it was made for: others may be told that there is nothing. */
const hidden: ReadonlySet<string> = new Set(['page', 'status', 'file'])

/** Did the same place open for the right token? */
const opened = (transcript: Transcript, x: Exchange): boolean =>
  x.intent.at === 'operation'
    ? transcript
        .all(['member-match', 'probe'], {
          where: (y) => isSound(y) && (y.move !== 'probe' || y.intent.at === 'operation'),
        })
        .some((y) => succeeded(y) || y.response?.status === 422)
    : transcript.all('probe', { where: (y) => isSound(y) && y.intent.at === x.intent.at }).some(succeeded)

/** A token that was to be expired really is, by what was said when it was granted. */
function isReallyExpired(transcript: Transcript, x: Exchange): boolean {
  const origin = originOf(transcript, x)
  const lifetime = said(origin).expires_in
  return origin !== undefined && typeof lifetime === 'number' && secondsOf(origin) + lifetime <= secondsOf(x)
}

const wrongly = (x: Exchange): boolean =>
  !isSound(x) && x.intent.owner === undefined && (x.intent.token ?? '') in refusals

export const validatesTokens = check(
  'AUTH-070',
  'SHALL',
  'A token that is expired, unknown or for something else opens nothing',
  (transcript) =>
    transcript.some('probe', { where: wrongly }).flatMap((x): Finding[] => {
      if (!opened(transcript, x)) return [undecided(x, 'the right token was never accepted there')]
      const phrase = x.intent.token ?? ''
      if (phrase.includes('expired') && !isReallyExpired(transcript, x))
        return [undecided(x, 'the token has not expired by what its grant said')]
      if (phrase.includes('revoked') && !transcript.all('revoke-token', { from: x.from, where: succeeded }).length)
        return [undecided(x, 'the token could not be given back')]
      const { status } = answered(x)
      const expected = refusals[phrase] ?? [401]
      return expected.includes(status) || (hidden.has(x.intent.at ?? '') && status >= 400 && status < 500)
        ? []
        : [
            unmet(x, succeeded(x) ? 'accepted' : 'wrong-status', `a request with ${phrase} was answered ${status}`, {
              expected: expected[0],
              actual: status,
            }),
          ]
    }),
)

export const challengesStrangers = check(
  'AUTH-071',
  'SHALL',
  'A 401 says that a Bearer token is wanted',
  (transcript) => {
    // Where no certificate was shown the guard of mutual TLS answers, which knows of no tokens.
    const refused = transcript.all('probe', {
      where: (x) => x.response?.status === 401 && x.intent.connection !== 'without a certificate',
    })
    if (refused.length === 0) return [undecided(undefined, 'nothing was answered 401')]
    return refused.flatMap((x): Finding[] => {
      const challenge = headerList(answered(x), 'www-authenticate')
      if (challenge === undefined || !/(^|[ ,])Bearer\b/i.test(challenge))
        return [
          unmet(x, 'no-challenge', 'the 401 has no WWW-Authenticate: Bearer', {
            expected: 'Bearer',
            actual: challenge ?? 'nothing',
            expression: 'WWW-Authenticate',
          }),
        ]
      const names = /error="?([\w]+)/.exec(challenge)?.[1]
      if (x.intent.token === 'no token' && names !== undefined)
        return [
          {
            ...unmet(x, 'needless-error', 'there was no token, and the challenge names an error', {
              actual: challenge,
              expression: 'WWW-Authenticate',
            }),
            severity: 'warning',
          },
        ]
      if (x.intent.token !== 'no token' && bearerIn(x) !== undefined && names !== 'invalid_token')
        return [
          {
            ...unmet(x, 'no-error', 'the token was refused, and the challenge does not say invalid_token', {
              expected: 'invalid_token',
              actual: names ?? 'nothing',
              expression: 'WWW-Authenticate',
            }),
            severity: 'warning',
          },
        ]
      return []
    })
  },
)

export const keepsTokensHome = check(
  'AUTH-072',
  'SHOULD NOT',
  'The client sends its token to nobody but the server that it is for',
  (transcript, scene) => {
    const every = transcript.every()
    const home = new Set(
      every
        .filter(
          (x) => tokenMoves.some((move) => move === x.move) || ['member-match', 'smart-configuration'].includes(x.move),
        )
        .map((x) => new URL(x.request.url).host),
    )
    const sent = every.filter((x) => x.from === scene.requester && bearerIn(x) !== undefined)
    const away = sent.filter((x) => !home.has(new URL(x.request.url).host))
    if (away.length)
      return away.map((x) =>
        unmet(x, 'sent-away', 'an access token was sent to another host than that of the payer', {
          expected: [...home].join(', '),
          actual: new URL(x.request.url).host,
        }),
      )
    // Only where an answer points elsewhere is there a temptation to withstand.
    const pointing = every.filter((x) => {
      if (x.to !== scene.responder || !succeeded(x)) return false
      return [...(x.response?.body ?? '').matchAll(/"(?:url|reference|fullUrl)":"https:\/\/([^/"]+)\//g)].some(
        ([, host]) => !home.has(host ?? ''),
      )
    })
    return pointing.length ? [] : [undecided(undefined, 'no answer points to another host')]
  },
)

/** The thumbprint that a token is bound to, as the JWT or an introspection says. */
export function boundTo(transcript: Transcript, granted: Exchange): string | undefined {
  const token = tokenFrom(granted)
  const introspected = transcript
    .all('introspect', {
      where: (x) => new URLSearchParams(x.request.body).get('token') === token && said(x).active === true,
    })
    .at(-1)
  const cnf = jwtIn(token)?.claims.cnf ?? said(introspected).cnf
  return text((cnf as Record<string, unknown> | undefined)?.['x5t#S256'])
}

/** In other hands than its owner's, or over a connection that shows no certificate. */
const isStolen = ({ from, intent }: Exchange): boolean =>
  intent.owner !== undefined && (intent.owner !== from || intent.connection === 'without a certificate')

/** Bound at issue to the certificate of the connection, and refused over any other. */
export function judgeBinding(transcript: Transcript): Finding[] {
  const granted = transcript.some(tokenMoves, { where: (x) => isSound(x) && succeeded(x) })
  const overMutualTls = granted.filter((x) => x.tls?.client !== undefined)
  if (overMutualTls.length === 0) return [undecided(granted.at(-1), 'no token was granted over mutual TLS')]
  const stolen = transcript.all('probe', { where: isStolen })
  const shown = overMutualTls.flatMap((x): Finding[] => {
    const bound = boundTo(transcript, x)
    const own = x.tls?.client?.thumbprint
    if (bound === own) return []
    // A token that does not tell, and of which nobody asked, shows nothing: its use decides.
    if (bound === undefined)
      return stolen.length > 0 ? [] : [undecided(x, 'nothing shows whether the token is bound to a certificate')]
    return [
      unmet(x, 'not-bound', 'the token is bound to another certificate than that of its request', {
        expected: own,
        actual: bound,
        expression: "cnf.'x5t#S256'",
      }),
    ]
  })
  return [...shown, ...judgeTheft(transcript, stolen)]
}

/** A token over somebody else's certificate opens nothing, where it opened something over its own. */
function judgeTheft(transcript: Transcript, stolen: readonly Exchange[]): Finding[] {
  if (stolen.length === 0) return [undecided(undefined, 'nobody presented the token over another certificate')]
  return stolen.flatMap((x): Finding[] => {
    if (x.failure?.kind === 'refused') return []
    const used = transcript.all(['probe', 'member-match'], {
      where: (y) => y.from === x.intent.owner && !isStolen(y) && isSound(y) && bearerIn(y) === bearerIn(x),
    })
    const opens = (y: Exchange): boolean => succeeded(y) || y.response?.status === 422
    if (!used.some(opens)) return [undecided(x, 'the token was never accepted over its own certificate')]
    // A door that is closed to its owner says nothing when it stays closed.
    const there = used.filter((y) => y.request.url === x.request.url)
    if (there.length > 0 && !there.some(opens)) return []
    const { status } = answered(x)
    return status === 401 || status === 403 || (hidden.has(x.intent.at ?? '') && status >= 400 && status < 500)
      ? []
      : [
          unmet(
            x,
            succeeded(x) ? 'accepted' : 'wrong-status',
            `a token was answered ${status} over the certificate of ${x.from}`,
            {
              expected: 401,
              actual: status,
            },
          ),
        ]
  })
}

export const tiesTokensToCertificates = check(
  'AUTH-112',
  'SHALL',
  "A token works over its client's certificate alone",
  (transcript) => judgeBinding(transcript),
)

/** A member's token at somebody else's record: refused, hidden, or answered with nothing of theirs. */
export function judgeForeignReads(transcript: Transcript): Finding[] {
  const isForeign = (x: Exchange): boolean => {
    const origin = originOf(transcript, x)
    return (
      origin?.move === 'member-token' &&
      x.intent.person !== undefined &&
      origin.intent.person !== undefined &&
      origin.intent.person !== x.intent.person
    )
  }
  const foreign = transcript.some('probe', {
    intent: { at: 'data', token: 'its token for the data' },
    where: isForeign,
  })
  const own = transcript.all('probe', {
    intent: { at: 'data' },
    where: (x) => succeeded(x) && originOf(transcript, x) !== undefined && !isForeign(x),
  })
  return foreign.flatMap((x) => {
    if (own.length === 0) return [undecided(x, "the member's own record was never opened with that token")]
    const { status } = answered(x)
    return [401, 403, 404].includes(status)
      ? []
      : [
          unmet(
            x,
            succeeded(x) ? 'accepted' : 'wrong-status',
            `the token of one member was answered ${status} at the record of another`,
            {
              expected: '403 or 404',
              actual: status,
            },
          ),
        ]
  })
}

export const confinesToTheMember = check(
  'AUTH-115',
  'SHALL',
  "A member's token opens no other member's record",
  (transcript) => judgeForeignReads(transcript),
)

export const asksForConsentAgain = check(
  'AUTH-115',
  'SHALL',
  "A member's token opens nothing once their consent has ended",
  (transcript) => {
    const late = transcript.some('probe', { intent: { token: 'its token for the data, whose consent has ended' } })
    const good = transcript.all('probe', { where: (x) => isSound(x) && x.intent.at === 'data' && succeeded(x) })
    return late.flatMap((x) => {
      const earlier = good.find((y) => y.intent.person === x.intent.person)
      if (!earlier) return [undecided(x, 'the record was never opened while the consent held')]
      const { status } = answered(x)
      return [401, 403, 404].includes(status)
        ? []
        : [
            unmet(
              x,
              succeeded(x) ? 'accepted' : 'wrong-status',
              `a record whose consent has ended was answered ${status}`,
              { expected: '401, 403 or 404', actual: status },
            ),
          ]
    })
  },
)

export const takesMemberAsSubject = check(
  'AUTH-118',
  'SHOULD',
  'The member is taken from the subject of the assertion',
  (transcript) => {
    const asked = transcript.last('member-token', { where: (x) => isSound(x) && x.intent.subjectMode === 'sub' })
    return succeeded(asked)
      ? []
      : [
          unmet(asked, 'not-granted', 'a token for the member named in sub was refused', {
            actual: said(asked).error ?? answered(asked).status,
          }),
        ]
  },
)

export const bindsToTheSubject = check(
  'AUTH-118',
  'SHOULD',
  'The token is for the member who is the subject of the assertion, and for no other',
  (transcript) => {
    transcript.last('member-token', { where: (x) => isSound(x) && x.intent.subjectMode === 'sub' && succeeded(x) })
    return judgeForeignReads(transcript)
  },
)

export const resourceChecks: readonly Check[] = [
  validatesTokens,
  challengesStrangers,
  keepsTokensHome,
  tiesTokensToCertificates,
  confinesToTheMember,
  asksForConsentAgain,
  takesMemberAsSubject,
  bindsToTheSubject,
]
