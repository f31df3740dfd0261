/** How our client asks for a token: as a form, with an assertion that is well signed and says what it must. */
import { type Check, check, noted, unmet } from '../../../harness/check.ts'
import { type Exchange, header, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { assertionOf, formOf, isSound, metadataSent, said, secondsOf, tokenMoves } from '../oauth.ts'
import { keysIn } from './keys.ts'

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Sound requests in SMART's own form: neither UDAP's, nor by the certificate alone. */
const byAssertion = (x: Exchange): boolean => isSound(x) && !formOf(x).has('udap') && !isByCertificate(x)
const isByCertificate = (x: Exchange): boolean => !formOf(x).has('client_assertion') && formOf(x).has('client_id')

/** Judges every sound request that carries an assertion. */
const asked = (transcript: Transcript, judge: (x: Exchange) => Finding[]): Finding[] =>
  transcript.some(tokenMoves, { where: byAssertion }).flatMap(judge)

export const clientPostsForm = check(
  'AUTH-046',
  'SHALL',
  'The client posts a form with grant type, scope and assertion',
  (transcript) =>
    asked(transcript, (x) => {
      const form = formOf(x)
      const wrong = [
        x.request.method === 'POST' ? '' : 'the method is not POST',
        mediaType(x.request) === 'application/x-www-form-urlencoded' ? '' : 'the body is no form',
        form.get('grant_type') === 'client_credentials' ? '' : 'grant_type is not client_credentials',
        form.get('scope') ? '' : 'scope is missing',
        form.get('client_assertion_type') === jwtBearer ? '' : 'client_assertion_type is not the one for JWTs',
        form.get('client_assertion') ? '' : 'client_assertion is missing',
        header(x.request, 'authorization') === undefined ? '' : 'there is an Authorization header',
      ].filter(Boolean)
      return wrong.map((what) => unmet(x, 'wrong-request', `in the token request ${what}`))
    }),
)

export const clientSignsWell = check(
  'AUTH-047',
  'SHALL',
  'The header of the assertion names its algorithm, its type and one registered key',
  (transcript) =>
    asked(transcript, (x) => {
      const jwt = assertionOf(x)
      if (!jwt) return [unmet(x, 'no-jwt', 'the assertion is no JWT')]
      const { alg, kid, typ, jku } = jwt.header
      const registration = transcript
        .all('register', { from: x.from, to: x.to, where: (r) => isSound(r) && said(r).client_id === jwt.claims.iss })
        .at(-1)
      const sent = registration ? metadataSent(registration) : undefined
      const keys = sent?.jwks === undefined ? undefined : keysIn(sent.jwks)
      const findings: Finding[] = []
      const wrong = (expression: string, expected: unknown, actual: unknown): void => {
        findings.push(
          unmet(x, 'wrong-header', `${expression} of the assertion is not as it must be`, {
            expected,
            actual,
            expression,
          }),
        )
      }
      if (alg !== 'RS384' && alg !== 'ES384') wrong('alg', 'RS384 or ES384', alg)
      if (typ !== 'JWT') wrong('typ', 'JWT', typ)
      if (typeof kid !== 'string') wrong('kid', 'the id of a registered key', kid)
      else if (keys && keys.filter((key) => key.kid === kid).length !== 1)
        wrong('kid', 'the id of one registered key', kid)
      if (jku !== undefined && sent && jku !== sent.jwks_uri) wrong('jku', sent.jwks_uri ?? 'nothing', jku)
      return findings
    }),
)

export const clientClaimsWell = check(
  'AUTH-048',
  'SHALL',
  'The assertion is about the client, for this endpoint, short-lived and never the same twice',
  (transcript) => {
    const seen = new Map<string, string>()
    return asked(transcript, (x) => {
      const claims = assertionOf(x)?.claims ?? {}
      const { iss, sub, aud, exp, jti } = claims
      const findings: Finding[] = []
      const wrong = (expression: string, expected: unknown, actual: unknown): void => {
        findings.push(
          unmet(x, 'wrong-claim', `${expression} of the assertion is not as it must be`, {
            expected,
            actual,
            expression,
          }),
        )
      }
      if (typeof iss !== 'string') wrong('iss', 'the client id', iss)
      // PDex puts the member into sub, against SMART: which of the two a server takes is its choice.
      if (sub !== iss)
        if (x.move === 'member-token' && x.intent.subjectMode === 'sub')
          findings.push(
            noted(x, 'member-in-sub', 'sub names the member, as PDex has it, and not the client, as SMART has it'),
          )
        else wrong('sub', iss, sub)
      if (![aud].flat().includes(x.request.url)) wrong('aud', x.request.url, aud)
      if (typeof exp !== 'number' || exp - secondsOf(x) > 300 || exp <= secondsOf(x))
        wrong('exp', 'at most 300 seconds ahead', exp)
      if (typeof jti !== 'string' || jti === '') wrong('jti', 'an id', jti)
      else if (seen.has(jti) && x.intent.variation !== 'with the jti of an assertion that has expired')
        wrong('jti', `another than in ${seen.get(jti)}`, jti)
      if (typeof jti === 'string') seen.set(jti, x.id)
      return findings
    })
  },
)

export const tokenRequestChecks: readonly Check[] = [clientPostsForm, clientSignsWell, clientClaimsWell]
