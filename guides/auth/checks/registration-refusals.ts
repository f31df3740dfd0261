/** Dynamic client registration: what is answered to unsound ones (RFC 7591 §3.2.2). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import {
  badMetadata,
  badRedirects,
  brokenStatements,
  looseMetadata,
  looseStatements,
  strangersStatements,
} from '../mistakes.ts'
import {
  isSound,
  judgeMistakes,
  judgeRefusal,
  made,
  metadataSent,
  objectIn,
  said,
  succeeded,
  text,
  texts,
} from '../oauth.ts'

/** Codes of RFC 7591 §3.2.2, and which of them fit a family of mistakes. */
const statementCodes = ['invalid_software_statement', 'unapproved_software_statement']
const allCodes = ['invalid_redirect_uri', 'invalid_client_metadata', ...statementCodes]
const families: readonly { mistakes: readonly string[]; fitting: readonly string[]; lenient?: true }[] = [
  { mistakes: brokenStatements, fitting: statementCodes },
  { mistakes: strangersStatements, fitting: statementCodes },
  { mistakes: looseStatements, fitting: statementCodes, lenient: true },
  { mistakes: badMetadata, fitting: ['invalid_client_metadata'] },
  { mistakes: looseMetadata, fitting: ['invalid_client_metadata'], lenient: true },
  { mistakes: badRedirects, fitting: ['invalid_redirect_uri', 'invalid_client_metadata'] },
]

/** Names of a certificate that a client may register (RFC 8705 §2.1.2). */
export const certificateNames = ['subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email'].map(
  (name) => `tls_client_auth_${name}`,
)

/** A server may put a value of its own in the place of one that it does not take (RFC 7591 §3.2.1). */
function corrected(x: Exchange): boolean {
  const [sent, held] = [metadataSent(x), said(x)]
  switch (x.intent.mistake) {
    case 'with an authentication method that nobody knows':
      return (
        text(held.token_endpoint_auth_method) !== undefined &&
        held.token_endpoint_auth_method !== sent.token_endpoint_auth_method
      )
    case 'with response types that do not fit the grant types':
      return !texts(held.response_types).includes('code') || texts(held.grant_types).includes('authorization_code')
    case 'with both a key set and the URL of one':
      return held.jwks === undefined || held.jwks_uri === undefined
    case 'with two names for its certificate':
      return certificateNames.filter((name) => held[name] !== undefined).length < 2
    case 'with a private key in its key set':
      return !JSON.stringify(held.jwks ?? null).includes('"d":')
    case 'with a login and nowhere to return to':
    case 'with a login that returns to no address':
      return !texts(held.grant_types).includes('authorization_code')
    default:
      return false
  }
}

/** Registered a client by a sound statement, and made nothing of it: whoever uses one returns it (RFC 7591 §3.2.1). */
function ignoresStatements(transcript: Transcript, { from, to }: Exchange): boolean {
  const sound = transcript.all('register', {
    from,
    to,
    where: (x) => isSound(x) && succeeded(x) && objectIn(x.request)?.software_statement !== undefined,
  })
  return sound.length > 0 && sound.every((x) => said(x).software_statement === undefined)
}

export function judgeRegistrationRefusal(x: Exchange): Finding[] {
  const family = families.find(({ mistakes }) => made(mistakes)(x))
  if (!family) return [undecided(x, 'this mistake is judged elsewhere')]
  if (succeeded(x) && corrected(x))
    return [noted(x, 'corrected', 'the server registered the client with a value of its own in place of the wrong one')]
  const what = x.intent.mistake ?? ''
  const findings = judgeRefusal(x, { statuses: [400], codes: allCodes, what }, family.lenient)
  const code = text(said(x).error)
  // Another code of the list is still an answer of RFC 7591: worth a look, no failure.
  return findings.length === 0 && code !== undefined && !family.fitting.includes(code)
    ? [
        {
          ...unmet(x, 'unusual-error', `a registration ${what} was refused with ${code}`, {
            expected: family.fitting,
            actual: code,
          }),
          severity: 'warning' as const,
        },
      ]
    : findings
}

const allMistakes = families.flatMap(({ mistakes }) => mistakes)
const allStatements = [...brokenStatements, ...strangersStatements, ...looseStatements]

export const refusesBadRegistrations = check(
  'AUTH-023',
  'SHALL',
  'A registration that does not hold is refused with 400 and an error of RFC 7591',
  (transcript) =>
    judgeMistakes(transcript, 'register', allMistakes, (x) =>
      succeeded(x) && made(allStatements)(x) && ignoresStatements(transcript, x)
        ? [
            undecided(
              x,
              'the server makes nothing of software statements, as RFC 7591 §3.1.1 has it for who knows none',
            ),
          ]
        : judgeRegistrationRefusal(x),
    ),
)

export const registrationRefusalChecks: readonly Check[] = [refusesBadRegistrations]
