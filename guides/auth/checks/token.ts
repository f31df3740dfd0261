/** The token endpoint: what a server answers, and which assertions it must not believe. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, headerList, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding, Verb } from '../../../harness/verdict.ts'
import {
  badRequests,
  brokenAssertions,
  failedAuthentications,
  replayed,
  strangeKeySets,
  strangeKeys,
  tooLong,
  unknownClients,
  widerScopes,
} from '../mistakes.ts'
import { isSound, judgeMistakes, judgeRefusal, made, objectIn, succeeded, text, tokenMoves } from '../oauth.ts'

/** PDex names a member in `sub`: a server that looks for one there may refuse what it does not find as a grant. */
const codesFor = (x: Exchange): readonly string[] =>
  x.intent.mistake === 'with an assertion about another subject'
    ? ['invalid_client', 'invalid_grant', 'invalid_request']
    : ['invalid_client']

/** A check that requests with those mistakes are refused as invalid_client, by a server that grants the same without. */
const disbelieves = (
  requirement: string,
  title: string,
  mistakes: readonly string[],
  lenient: readonly string[] = [],
  verb: Verb = 'SHALL',
): Check =>
  check(requirement, verb, title, (transcript) =>
    judgeMistakes(transcript, tokenMoves, mistakes, (x) =>
      judgeRefusal(x, { statuses: [400, 401], codes: codesFor(x), what: x.intent.mistake ?? '' }, made(lenient)(x)),
    ),
  )

export const validatesAssertions = disbelieves(
  'AUTH-049',
  'An assertion that breaks RFC 7523 is refused as invalid_client',
  brokenAssertions,
)
export const refusesReplays = disbelieves(
  'AUTH-050',
  'An assertion id that was used before is refused while its assertion lives',
  replayed,
  // That there must be an id at all is written for the client.
  ['with an assertion without a jti'],
)
export const refusesLongLives = disbelieves(
  'AUTH-051',
  'An assertion that lives longer than five minutes is refused',
  tooLong,
  // Written for the client: a server that takes it deserves a look.
  tooLong,
)
export const knowsItsClients = disbelieves('AUTH-052', 'A client that nobody registered is refused', unknownClients)
export const ignoresStrangeKeySets = disbelieves(
  'AUTH-053',
  'A key set or key that was not registered is not used',
  strangeKeySets,
)
export const findsOneKey = disbelieves(
  'AUTH-054',
  'A key that is not found once by its id is refused',
  strangeKeys,
  // A server with one key of the client may do without the id.
  ['without a key id'],
)

export const saysInvalidClient = check(
  'AUTH-055',
  'SHALL',
  'A failed authentication is told as invalid_client',
  (transcript) =>
    judgeMistakes(transcript, tokenMoves, failedAuthentications, (x) =>
      succeeded(x)
        ? [undecided(x, 'the request was not refused, which other requirements judge')]
        : judgeRefusal(x, { statuses: [400, 401], codes: codesFor(x), what: x.intent.mistake ?? '' }),
    ),
)

export const saysWhatIsWrong = check(
  'AUTH-056',
  'SHALL',
  'A request that is none is refused with 400 and the error that fits',
  (transcript) =>
    judgeMistakes(transcript, tokenMoves, [...Object.keys(badRequests), ...widerScopes], (x) => {
      const mistake = x.intent.mistake ?? ''
      const wider = made(widerScopes)(x)
      // Less than was asked for is no error (AUTH-060 judges what was granted).
      if (wider && succeeded(x)) return [undecided(x, 'the server granted a scope of its own choice')]
      const codes = wider ? ['invalid_scope'] : (badRequests[mistake] ?? [])
      const statuses = codes.includes('invalid_client') ? [400, 401, 415] : [400]
      return judgeRefusal(x, { statuses, codes, what: mistake })
    }),
)

/** Every sound request, which must be granted to be judged by its answer. */
const granted = (transcript: Transcript, judge: (x: Exchange) => Finding[]): Finding[] => {
  const all = transcript.some(tokenMoves, { where: (x) => isSound(x) && succeeded(x) })
  return all.flatMap(judge)
}

export const grantsWell = check(
  'AUTH-057',
  'SHALL',
  'A granted token comes with its type, its lifetime and its scope',
  (transcript) =>
    granted(transcript, (x) => {
      const response = answered(x)
      const answer = objectIn(response)
      if (response.status !== 200 || mediaType(response) !== 'application/json' || !answer)
        return [
          unmet(x, 'not-json', 'the answer is no JSON object with status 200', {
            expected: '200 application/json',
            actual: `${response.status} ${mediaType(response)}`,
          }),
        ]
      const findings: Finding[] = []
      const { access_token, token_type, expires_in, scope } = answer
      const wrong = (expression: string, expected: string, actual: unknown): void => {
        findings.push(
          unmet(x, 'wrong-element', `${expression} of the answer is not as it must be`, {
            expected,
            actual,
            expression,
          }),
        )
      }
      if (typeof access_token !== 'string' || access_token === '') wrong('access_token', 'a token', typeof access_token)
      if (text(token_type)?.toLowerCase() !== 'bearer') wrong('token_type', 'bearer', token_type)
      if (typeof expires_in !== 'number' || !(expires_in > 0)) wrong('expires_in', 'a number of seconds', expires_in)
      else if (expires_in > 300)
        findings.push({
          ...unmet(x, 'long-lived', 'the token lives longer than five minutes', {
            expected: 300,
            actual: expires_in,
            expression: 'expires_in',
          }),
          severity: 'warning',
        })
      if (typeof scope !== 'string') wrong('scope', 'the granted scopes', scope)
      return findings
    }),
)

export const forbidsStoring = check('AUTH-058', 'SHALL', 'The answer with a token may not be stored', (transcript) =>
  granted(transcript, (x) =>
    (
      [
        ['Cache-Control', 'no-store'],
        ['Pragma', 'no-cache'],
      ] as const
    )
      .filter(([name, value]) => !(headerList(answered(x), name) ?? '').toLowerCase().includes(value))
      .map(([name, value]) =>
        unmet(x, 'may-be-stored', `${name} does not say ${value}`, {
          expected: value,
          actual: headerList(answered(x), name) ?? 'nothing',
          expression: name,
        }),
      ),
  ),
)

export const tokenChecks: readonly Check[] = [
  validatesAssertions,
  refusesReplays,
  refusesLongLives,
  knowsItsClients,
  ignoresStrangeKeySets,
  findsOneKey,
  saysInvalidClient,
  saysWhatIsWrong,
  grantsWell,
  forbidsStoring,
]

export const tokenUntested: Readonly<Record<string, string>> = {
  'AUTH-059':
    'PDex demands the refresh tokens that SMART advises against: neither having them nor lacking them decides anything',
}
