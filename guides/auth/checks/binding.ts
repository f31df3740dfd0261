/** Tokens that are tied to the certificate of their client (RFC 8705 §3). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { endedBelowHttp } from '../../core/resets.ts'
import { isServed } from '../../hrex/handshakes.ts'
import { uncertified } from '../mistakes.ts'
import { bearerIn, isSound, jwtIn, made, said, succeeded, text, texts, tokenFrom, tokenMoves } from '../oauth.ts'
import { hidden } from './resource.ts'

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

/** A caller without a certificate who was served where members alone should be: a token was of use, a client was registered. */
const servedBare = (x: Exchange): boolean =>
  x.move === 'probe'
    ? x.intent.connection === 'without a certificate' && succeeded(x)
    : x.move === 'register'
      ? made(uncertified)(x) && succeeded(x)
      : x.intent.certificate === 'without a certificate' && x.intent.door !== undefined && isServed(x)

/**
 * Does the server speak of mutual TLS, or does any door ask for a certificate? Else its tokens are plain bearer tokens, as SMART and
 * UDAP have them, and what a caller shows in the handshake is nothing that it asked for (HRex sec-11 leaves the choice).
 */
export function usesMutualTls(transcript: Transcript): boolean {
  const declared = transcript
    .all(['smart-configuration', 'authorization-server', 'register'], { where: succeeded })
    .map(said)
    .some(
      (says) =>
        says.tls_client_certificate_bound_access_tokens === true ||
        (typeof says.mtls_endpoint_aliases === 'object' && says.mtls_endpoint_aliases !== null) ||
        [says.token_endpoint_auth_method, ...texts(says.token_endpoint_auth_methods_supported)].some((method) =>
          /^(self_signed_)?tls_client_auth$/.test(String(method)),
        ),
    )
  const bound = transcript.all(tokenMoves, { where: (x) => succeeded(x) && boundTo(transcript, x) !== undefined })
  return (
    declared ||
    bound.length > 0 ||
    transcript.all(['probe', 'register', 'handshake'], { where: servedBare }).length === 0
  )
}

/** What is demanded of mutual TLS, of a server that uses it: where it does not, what is wrong with it decides nothing. */
export const whereMutualTlsIsUsed = (transcript: Transcript, findings: readonly Finding[]): readonly Finding[] =>
  findings.some(({ severity }) => severity === 'error') && !usesMutualTls(transcript)
    ? findings.map((finding) =>
        finding.severity === 'error'
          ? {
              severity: 'information',
              code: 'not-decided',
              message: `the server does not use mutual TLS: ${finding.message}`,
              ...(finding.exchange ? { exchange: finding.exchange } : {}),
            }
          : finding,
      )
    : findings

/**
 * Bound at issue to the certificate of the connection, and refused over any other. Tokens of a server without mutual TLS are told,
 * and not failed: neither SMART nor UDAP says how they would be bound.
 */
export function judgeBinding(transcript: Transcript): Finding[] {
  const findings = findingsOf(transcript)
  return usesMutualTls(transcript)
    ? findings
    : findings.map((finding) => (finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding))
}

function findingsOf(transcript: Transcript): Finding[] {
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

/** How gateways turn a connection away that shows no certificate; 495 and 496 are nginx's own. */
export const turnsAway = ({ intent, response }: Exchange): boolean =>
  intent.connection === 'without a certificate' && [400, 403, 495, 496].includes(response?.status ?? 0)

/** A token over somebody else's certificate opens nothing, where it opened something over its own. */
function judgeTheft(transcript: Transcript, stolen: readonly Exchange[]): Finding[] {
  if (stolen.length === 0) return [undecided(undefined, 'nobody presented the token over another certificate')]
  return stolen.flatMap((x): Finding[] => {
    const used = transcript.all(['probe', 'member-match'], {
      where: (y) => y.from === x.intent.owner && !isStolen(y) && isSound(y) && bearerIn(y) === bearerIn(x),
    })
    const ended = endedBelowHttp(x, used)
    if (ended) return [...ended]
    const opens = (y: Exchange): boolean => succeeded(y) || y.response?.status === 422
    if (!used.some(opens)) return [undecided(x, 'the token was never accepted over its own certificate')]
    // A door that is closed to its owner says nothing when it stays closed.
    const there = used.filter((y) => y.request.url === x.request.url)
    if (there.length > 0 && !there.some(opens)) return []
    const { status } = answered(x)
    return status === 401 ||
      status === 403 ||
      turnsAway(x) ||
      (hidden.has(x.intent.at ?? '') && status >= 400 && status < 500)
      ? []
      : [
          wrongAnswer(
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

export const bindingChecks: readonly Check[] = [tiesTokensToCertificates]
