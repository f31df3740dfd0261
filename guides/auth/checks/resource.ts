/** Using a token: which ones open a member's data and the match, and how a refusal is told (RFC 6750, RFC 8705 §3). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, headerList, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { putOff } from '../../core/judging.ts'
import { bearerIn, isSound, objectIn, originOf, said, secondsOf, succeeded, tokenMoves } from '../oauth.ts'

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
export const hidden: ReadonlySet<string> = new Set(['page', 'status', 'file'])

/** A search that was answered, and found nothing: a server may keep back what a scope does not cover instead of refusing. */
export function foundNothing({ response }: Exchange): boolean {
  const { resourceType, entry = [] } = (objectIn(response) ?? {}) as {
    resourceType?: unknown
    entry?: readonly { readonly resource?: { readonly resourceType?: string } }[]
  }
  return resourceType === 'Bundle' && entry.every(({ resource }) => resource?.resourceType === 'OperationOutcome')
}

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
  return (
    origin !== undefined && typeof lifetime === 'number' && lifetime > 0 && secondsOf(origin) + lifetime <= secondsOf(x)
  )
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
      const later = putOff(x)
      if (later) return [undecided(x, later)]
      const refused = status >= 400 && status < 500
      if (expected.includes(status) || (hidden.has(x.intent.at ?? '') && refused)) return []
      const wrong = unmet(
        x,
        succeeded(x) ? 'accepted' : 'wrong-status',
        `a request with ${phrase} was answered ${status}`,
        { expected: expected[0], actual: status },
      )
      // Nothing was opened; which status says so is advice (RFC 6750 §3.1).
      const kept = phrase === 'its token to match members' && foundNothing(x)
      return [refused || kept ? { ...wrong, severity: 'warning' } : wrong]
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
      const names = /\berror\s*=\s*"?(\w+)/.exec(challenge)?.[1]
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

export const resourceChecks: readonly Check[] = [validatesTokens, challengesStrangers, keepsTokensHome]
