/** Mutual TLS for OAuth clients (RFC 8705): authentication by certificate, and tokens bound to it. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { endedBelowHttp } from '../../core/resets.ts'
import { refusesSelfSigned } from '../../hrex/checks/security.ts'
import { formOf, isSound, type JsonObject, jwtIn, metadataSent, said, succeeded, text, tokenMoves } from '../oauth.ts'
import { turnsAway, usesMutualTls } from './binding.ts'
import { certificateNames } from './registration-refusals.ts'
import { hidden } from './resource.ts'

/** A token request that rests on the certificate alone. */
const isByCertificate = (x: Exchange): boolean =>
  !formOf(x).has('client_assertion') && !x.request.headers.some(([name]) => name.toLowerCase() === 'authorization')

export const sendsClientId = check(
  'AUTH-080',
  'SHALL',
  'A client that authenticates with its certificate sends its client_id',
  (transcript, scene) => {
    const all = transcript.some(tokenMoves, { from: scene.requester, to: scene.responder, where: isSound })
    const asked = all.filter(isByCertificate)
    if (asked.length === 0) return [undecided(all[0], 'no token was asked for by certificate alone')]
    return asked
      .filter((x) => !formOf(x).get('client_id'))
      .map((x) => unmet(x, 'missing-parameter', 'the token request names no client', { expression: 'client_id' }))
  },
)

export const refusesAnothersCertificate = check(
  'AUTH-081',
  'SHALL',
  'A client_id over the certificate of another client is invalid_client',
  (transcript, scene) => {
    const borrowed = transcript.some('match-token', {
      to: scene.responder,
      intent: { mistake: 'as another client' },
    })
    const good = transcript.all('match-token', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => isSound(x) && succeeded(x) && isByCertificate(x),
    })
    const findings = borrowed.flatMap((x) => {
      const { status: actual } = answered(x)
      if (actual < 300)
        return [
          unmet(x, 'wrong-accepted', 'a token was granted over the certificate of another client', {
            expected: 'invalid_client',
            actual,
          }),
        ]
      const { error } = said(x)
      return error === 'invalid_client'
        ? []
        : [
            unmet(x, 'wrong-error', 'the refusal is not invalid_client', {
              expected: 'invalid_client',
              actual: error ?? actual,
              expression: 'error',
            }),
          ]
    })
    return findings.length === 0 && good.length === 0
      ? [undecided(borrowed[0], 'the client itself got no token by its certificate, so a refusal says nothing')]
      : findings
  },
)

const namesIn = (metadata: JsonObject): string[] => certificateNames.filter((name) => metadata[name] !== undefined)

export const registersOneName = check(
  'AUTH-082',
  'SHALL',
  'A client registers exactly one name of its certificate, a URI; two names are refused',
  (transcript, scene) => {
    const all = transcript.some('register', { to: scene.responder })
    const byCertificate = all.filter((x) => metadataSent(x).token_endpoint_auth_method === 'tls_client_auth')
    if (byCertificate.length === 0)
      return [undecided(all[0], 'no client registered its certificate as its way to authenticate')]
    const taken = byCertificate.some((x) => isSound(x) && succeeded(x))
    return byCertificate.flatMap((x): Finding[] => {
      const found = namesIn(metadataSent(x))
      if (isSound(x))
        return found.length === 1 && found[0] === 'tls_client_auth_san_uri'
          ? []
          : [
              unmet(x, 'wrong-names', 'the client does not register the URI of its certificate alone', {
                expected: ['tls_client_auth_san_uri'],
                actual: found,
              }),
            ]
      if (found.length < 2) return []
      const { status: actual } = answered(x)
      // A server may register what it takes of the metadata, and tells what it took (RFC 7591 §3.2.1).
      if (succeeded(x))
        return namesIn(said(x)).length < 2
          ? [noted(x, 'corrected', 'the server kept one of the two names at most')]
          : [unmet(x, 'wrong-accepted', 'two names of a certificate were registered', { expected: 400, actual })]
      if (!taken) return [undecided(x, 'no certificate was registered by one name, so a refusal says nothing')]
      if (said(x).error === 'invalid_client_metadata') return []
      const wrong = wrongAnswer(x, 'wrong-error', 'the refusal is not invalid_client_metadata', {
        expected: 'invalid_client_metadata',
        actual: said(x).error ?? actual,
        expression: 'error',
      })
      // Both names stand in the statement, which may be what is called invalid.
      return [said(x).error === 'invalid_software_statement' ? { ...wrong, severity: 'warning' } : wrong]
    })
  },
)

export const bindsTokensToCertificates = check(
  'AUTH-083',
  'SHALL',
  'A bound token, or its introspection, carries the thumbprint of the client certificate',
  (transcript, scene) => {
    const granted = transcript.some(tokenMoves, {
      from: scene.requester,
      to: scene.responder,
      where: (x) => isSound(x) && succeeded(x),
    })
    return granted.flatMap((x) => {
      const shown = x.tls?.client?.thumbprint
      if (!shown) return [undecided(x, 'the token was not granted over mutual TLS')]
      const told = thumbprintsOf(x, transcript, scene)
      if (told.length === 0)
        return [undecided(x, 'the token does not say what it is bound to, and its introspection was not asked for')]
      return told
        .filter(({ thumbprint }) => thumbprint !== shown)
        .map(({ thumbprint, by }) =>
          unmet(by, 'wrong-thumbprint', 'the token is not bound to the certificate that it was granted over', {
            expected: shown,
            actual: thumbprint ?? null,
            expression: 'cnf.x5t#S256',
          }),
        )
    })
  },
)

/** What the token says of itself, and what the server says of it: of both where both speak, for who asks may trust either. */
function thumbprintsOf(
  x: Exchange,
  transcript: Transcript,
  scene: Scene,
): readonly { readonly thumbprint: unknown; readonly by: Exchange }[] {
  const token = text(said(x).access_token)
  const thumbprintIn = (cnf: unknown): unknown => (cnf as Record<string, unknown> | undefined)?.['x5t#S256']
  const own = jwtIn(token)?.claims.cnf
  const introspected = transcript
    .all('introspect', {
      to: scene.responder,
      where: (y) => formOf(y).get('token') === token && said(y).active === true,
    })
    .at(-1)
  const { cnf } = said(introspected)
  return [
    ...(own ? [{ thumbprint: thumbprintIn(own), by: x }] : []),
    // An introspection may leave to the token what the token says; where it does not say either, nobody does.
    ...(introspected && (cnf !== undefined || !own) ? [{ thumbprint: thumbprintIn(cnf), by: introspected }] : []),
  ]
}

export const refusesStolenTokens = check(
  'AUTH-084',
  'SHALL',
  'A bound token over another connection, or over one without a certificate, is refused',
  (transcript, scene) => {
    const used = transcript.some('probe', { to: scene.responder, intent: { what: 'use a token' } })
    const own = used.filter(({ intent }) => intent.connection === 'its own')
    const stolen = used.filter(({ intent }) => intent.connection !== 'its own')
    const findings = stolen.flatMap((x): Finding[] => {
      const where = `over a connection ${x.intent.connection}`
      // A door that is closed to its owner says nothing when it stays closed.
      const there = own.filter((y) => y.request.url === x.request.url)
      if (there.length > 0 && !there.some(succeeded) && !succeeded(x)) return []
      const ended = endedBelowHttp(x, own)
      if (ended) return [...ended]
      const { failure, response } = x
      if (!response) return [undecided(x, `the token could not be used ${where}: ${failure?.message}`)]
      if (response.status < 300 && !usesMutualTls(transcript))
        return [undecided(x, `the token was accepted ${where}, and nothing says that it is bound`)]
      if (response.status < 300)
        return [
          unmet(x, 'stolen-accepted', `the token was accepted ${where}`, { expected: 401, actual: response.status }),
        ]
      // A guard before the token's own may turn the connection away: it is refused all the same.
      if (response.status === 401 || turnsAway(x)) return []
      if (hidden.has(x.intent.at ?? '') && response.status >= 400 && response.status < 500) return []
      return [
        wrongAnswer(x, 'wrong-status', `the token ${where} was answered ${response.status}`, {
          expected: 401,
          actual: response.status,
        }),
      ]
    })
    if (findings.length > 0) return findings
    if (stolen.length === 0) return [undecided(own[0], 'nobody used the token over another connection')]
    return own.some(succeeded)
      ? []
      : [undecided(stolen[0], 'the token was not accepted over its own connection either')]
  },
)

export const refusesSelfSignedClients = check(
  'AUTH-085',
  'MAY',
  'Self-signed client certificates are not used between payers',
  refusesSelfSigned,
)

export const mutualTlsChecks: readonly Check[] = [
  sendsClientId,
  refusesAnothersCertificate,
  registersOneName,
  bindsTokensToCertificates,
  refusesStolenTokens,
  refusesSelfSignedClients,
]
export const mutualTlsUntested: Readonly<Record<string, string>> = {}
