/** UDAP Security 2.0: tokens by assertions that say who asks and what for, and its rules for JWTs. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { badB2b, slashed } from '../mistakes.ts'
import {
  assertionOf,
  formOf,
  isSound,
  type JsonObject,
  judgeMistakes,
  judgeRefusal,
  made,
  said,
  secondsOf,
  succeeded,
  texts,
  tokenMoves,
} from '../oauth.ts'
import { statementOf, udapRegistrations } from './udap-registration.ts'

const udapTokens = (x: Exchange): boolean => formOf(x).get('udap') === '1'
const b2bIn = (x: Exchange): JsonObject | undefined => {
  const extensions = assertionOf(x)?.claims.extensions as Record<string, JsonObject> | undefined
  return extensions?.['hl7-b2b']
}

export const clientAsserts = check(
  'AUTH-108',
  'SHALL',
  "The client's UDAP assertion says who asks and what for",
  (transcript) =>
    transcript.some(tokenMoves, { where: (x) => isSound(x) && udapTokens(x) }).flatMap((x) => {
      const { header: head = {}, claims = {} } = assertionOf(x) ?? {}
      const { iss, sub, aud, iat, exp, jti } = claims as JsonObject
      const b2b = b2bIn(x)
      const findings: Finding[] = []
      const must = (holds: boolean, expression: string, expected: string): void => {
        if (!holds)
          findings.push(
            unmet(x, 'wrong-claim', `${expression} of the assertion is not as it must be`, { expected, expression }),
          )
      }
      must(typeof iss === 'string' && iss === sub, 'sub', 'the client id, as in iss')
      must(aud === x.request.url, 'aud', x.request.url)
      must(secondsOf(x) < Number(exp) && Number(exp) - Number(iat) <= 300, 'exp', 'at most 300 seconds after iat')
      must(typeof jti === 'string', 'jti', 'an id')
      must(texts(head.x5c).length > 0, 'x5c', 'the chain of the certificate')
      must(b2b?.version === '1', 'extensions.hl7-b2b.version', '"1"')
      must(URL.canParse(String(b2b?.organization_id)), 'extensions.hl7-b2b.organization_id', 'a URI')
      must(texts(b2b?.purpose_of_use).length > 0, 'extensions.hl7-b2b.purpose_of_use', 'at least one purpose')
      must((formOf(x).get('scope') ?? '') !== '', 'scope', 'the scopes that are wanted')
      must(header(x.request, 'authorization') === undefined, 'Authorization', 'nothing')
      return findings
    }),
)

export const grantsByAssertion = check(
  'AUTH-109',
  'SHALL',
  'A UDAP token lives an hour at most, and is given to nobody who does not say who asks',
  (transcript) => {
    const granted = transcript.all(tokenMoves, { where: (x) => isSound(x) && udapTokens(x) })
    const [good] = granted.filter(succeeded)
    const last = granted.at(-1)
    if (!last) return [undecided(undefined, 'nobody asked for a token in the UDAP way')]
    if (!good) {
      const { status } = answered(last)
      return [
        wrongAnswer(last, 'refused', 'a sound UDAP token request was refused', {
          actual: said(last).error_description ?? said(last).error ?? status,
        }),
      ]
    }
    const lifetime = said(good).expires_in
    const findings: Finding[] =
      typeof lifetime !== 'number'
        ? [undecided(good, 'the answer does not say how long the token lives')]
        : lifetime <= 3600
          ? []
          : [unmet(good, 'long-lived', 'the token lives longer than an hour', { expected: 3600, actual: lifetime })]
    const { udap_authorization_extensions_required: required } = said(
      transcript.latest('udap-configuration', { where: ({ intent }) => intent.community === undefined }),
    )
    for (const x of transcript.all(tokenMoves, { where: made(badB2b) })) {
      const what = x.intent.mistake ?? ''
      // Whoever does not list the extension as required may do without it, and without it alone.
      const dispensable = what.startsWith('without') && !texts(required).includes('hl7-b2b')
      findings.push(
        ...judgeRefusal(
          x,
          {
            statuses: [400, 401],
            codes: ['invalid_grant', 'invalid_request', 'invalid_client', 'unauthorized_client', 'invalid_scope'],
            what,
          },
          dispensable,
        ),
      )
    }
    return findings
  },
)

export const understandsRsa = check(
  'AUTH-116',
  'SHALL',
  'A software statement signed with RS256 is understood',
  (transcript) =>
    transcript
      .some('register', {
        where: (x) => udapRegistrations(x) && isSound(x) && statementOf(x)?.header.alg === 'RS256',
      })
      .filter((x) => answered(x) && !succeeded(x))
      .map((x) =>
        wrongAnswer(x, 'refused', 'a statement signed with RS256 was refused', {
          actual: said(x).error_description ?? said(x).error ?? answered(x).status,
        }),
      ),
)

export const comparesUrisExactly = check(
  'AUTH-116',
  'SHALL',
  'An audience that is not the same string is another',
  (transcript) =>
    judgeMistakes(transcript, tokenMoves, slashed, (x) =>
      formOf(x).get('udap') === '1'
        ? judgeRefusal(x, { statuses: [400, 401], codes: ['invalid_client'], what: x.intent.mistake ?? '' })
        : [undecided(x, 'the rule is written for UDAP clients')],
    ),
)

export const forgetsExpiredIds = check(
  'AUTH-117',
  'SHALL',
  'An assertion id may come again when its assertion has expired',
  (transcript) => {
    const x = transcript.last(tokenMoves, { intent: { variation: 'with the jti of an assertion that has expired' } })
    const { jti } = assertionOf(x)?.claims ?? {}
    const earlier = transcript
      .all(tokenMoves, { where: (one) => one !== x && succeeded(one) && assertionOf(one)?.claims.jti === jti })
      .at(0)
    if (!earlier || Number(assertionOf(earlier)?.claims.exp) > secondsOf(x))
      return [undecided(x, 'the earlier assertion was not accepted or still lived')]
    const { status } = answered(x)
    return succeeded(x)
      ? []
      : [
          wrongAnswer(x, 'refused', 'an id was refused whose earlier assertion has expired', {
            actual: said(x).error_description ?? said(x).error ?? status,
          }),
        ]
  },
)

export const udapTokenChecks: readonly Check[] = [
  clientAsserts,
  grantsByAssertion,
  understandsRsa,
  comparesUrisExactly,
  forgetsExpiredIds,
]
