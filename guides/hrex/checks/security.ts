/** TLS between payers (HRex security, sec-9 to sec-15): versions, mutual TLS by RFC 8705, no self-signed certificates, URIs. */

import { alternativeNames } from '../../../harness/certificates.ts'
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { type Exchange, json, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { whereMutualTlsIsUsed } from '../../auth/checks/binding.ts'
import { isAccepted, isRefused, outcomeOf, refusedAtSomeDoor } from '../handshakes.ts'

export const speaksCurrentTls = check(
  'HREX-047',
  'SHALL',
  'TLS 1.3 or 1.2 is spoken, and nothing older',
  (transcript, scene) => {
    const all = transcript.some('handshake', { to: scene.responder, where: ({ intent }) => intent.tls !== undefined })
    const by = (...versions: string[]): Exchange[] => all.filter(({ intent }) => versions.includes(intent.tls ?? ''))
    const current = by('TLSv1.2', 'TLSv1.3')
    const old = by('TLSv1', 'TLSv1.1')
    const spoken = (x: Exchange): boolean => x.response !== undefined && x.tls?.protocol === x.intent.tls
    const findings: Finding[] = old
      .filter((x) => x.response !== undefined || x.tls !== undefined)
      .map((x) =>
        unmet(x, 'old-tls', `a connection by ${x.intent.tls} was accepted`, {
          expected: 'a refused handshake',
          actual: outcomeOf(x),
        }),
      )
    if (current.length > 0 && !current.some(spoken))
      findings.push(
        unmet(current[0], 'no-current-tls', 'neither TLS 1.2 nor TLS 1.3 was spoken', {
          expected: 'TLS 1.2 or 1.3',
          actual: current.map((x) => `${x.intent.tls}: ${outcomeOf(x)}`),
        }),
      )
    if (findings.length > 0) return findings
    if (!current.some(spoken)) return [undecided(old[0], 'no connection by TLS 1.2 or 1.3 was made beside it')]
    return old
      .filter((x) => !isRefused(x))
      .map((x) => undecided(x, `${x.intent.tls} could not be tried: ${outcomeOf(x)}`))
  },
)

type Metadata = Readonly<Record<string, unknown>>

/** What the authorization server says of itself: to SMART, and in the metadata of RFC 8414, to which RFC 8705 adds. */
const metadata = (transcript: Transcript, scene: Scene): { x: Exchange; says: readonly Metadata[] } => {
  const all = transcript.some(['smart-configuration', 'authorization-server'], {
    to: scene.responder,
    where: ({ response }) => response?.status === 200,
  })
  const says = all.map(({ response }) => response && json(response))
  return {
    x: all.at(-1) as Exchange,
    says: says.filter((one): one is Metadata => typeof one === 'object' && one !== null),
  }
}

const boundTokens = (says: readonly Metadata[]): boolean =>
  says.some((one) => one.tls_client_certificate_bound_access_tokens === true)
const methodsOf = ({ token_endpoint_auth_methods_supported: methods }: Metadata): unknown[] =>
  Array.isArray(methods) ? methods : []

export const bindsTokens = check(
  'HREX-048',
  'SHALL',
  'The authorization server declares certificate-bound access tokens (RFC 8705)',
  (transcript, scene) => {
    const { x, says } = metadata(transcript, scene)
    return boundTokens(says)
      ? []
      : whereMutualTlsIsUsed(transcript, [
          unmet(x, 'not-bound', 'the metadata does not declare certificate-bound access tokens', {
            expected: true,
            actual: says.map((one) => one.tls_client_certificate_bound_access_tokens ?? null),
            expression: 'tls_client_certificate_bound_access_tokens',
          }),
        ])
  },
)

export const authenticatesByTls = check(
  'HREX-051',
  'SHALL',
  'Mutual TLS follows RFC 8705: clients authenticate with it, or their tokens are bound to it',
  (transcript, scene) => {
    const { x, says } = metadata(transcript, scene)
    const methods = says.flatMap(methodsOf)
    return methods.includes('tls_client_auth') || boundTokens(says)
      ? []
      : whereMutualTlsIsUsed(transcript, [
          unmet(x, 'no-mutual-tls', 'the metadata offers neither tls_client_auth nor bound tokens', {
            expected: 'tls_client_auth',
            actual: methods,
            expression: 'token_endpoint_auth_methods_supported',
          }),
        ])
  },
)

/** A self-signed certificate is refused while one of the same member by an authority is accepted. */
export function refusesSelfSigned(transcript: Transcript, scene: Scene): readonly Finding[] {
  const own = transcript.all('handshake', { to: scene.responder, intent: { certificate: 'own' } })
  const bad = transcript.some('handshake', { to: scene.responder, intent: { certificate: 'signed by itself' } })
  const findings = whereMutualTlsIsUsed(
    transcript,
    refusedAtSomeDoor(bad, () => 'a caller with a self-signed certificate'),
  )
  if (findings.some(({ severity }) => severity === 'error') || own.some(isAccepted)) return findings
  return [undecided(bad[0], 'no certificate of an authority was accepted beside it')]
}

export const refusesSelfSignedCertificates = check(
  'HREX-052',
  'SHALL',
  'Mutual TLS is by certificates of an authority: self-signed ones are refused',
  (transcript, scene) => {
    const offered = transcript
      .all(['smart-configuration', 'authorization-server'], {
        to: scene.responder,
        where: ({ response }) => response?.status === 200,
      })
      .filter(
        (x) => x.response && methodsOf((json(x.response) ?? {}) as Metadata).includes('self_signed_tls_client_auth'),
      )
    return [
      ...offered.map((x) =>
        unmet(x, 'self-signed-offered', 'the metadata offers self_signed_tls_client_auth', {
          expression: 'token_endpoint_auth_methods_supported',
        }),
      ),
      ...refusesSelfSigned(transcript, scene),
    ]
  },
)

export const clientsAreNamedByUri = check(
  'HREX-053',
  'SHALL',
  'The certificate of the requesting payer names it by URI',
  (transcript, scene) => {
    const shown = transcript
      .some('handshake', { from: scene.requester, intent: { certificate: 'own' } })
      .filter(({ tls }) => tls?.client)
    if (shown.length === 0) return [undecided(undefined, 'the client showed no certificate that we saw')]
    return shown
      .filter(({ tls }) => alternativeNames(tls?.client?.subjectAltName, 'URI').length === 0)
      .map((x) =>
        unmet(x, 'no-uri', 'the certificate of the client names no URI', {
          expected: 'URI:…',
          actual: x.tls?.client?.subjectAltName,
          expression: 'subjectAltName',
        }),
      )
  },
)

export const securityChecks: readonly Check[] = [
  speaksCurrentTls,
  bindsTokens,
  authenticatesByTls,
  refusesSelfSignedCertificates,
  clientsAreNamedByUri,
]
export const securityUntested: Readonly<Record<string, string>> = {}
