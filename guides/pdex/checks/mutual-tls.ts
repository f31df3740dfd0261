/** Mutual TLS between payers: each looks the other's certificate up in the community's repository (PDex mTLS discovery). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { isAccepted, isRefused, outcomeOf, refusedAtSomeDoor } from '../../hrex/handshakes.ts'

/** Connections by members with their own certificate, and the others. */
const handshakes = (transcript: Transcript, scene: Scene): { good: Exchange[]; bad: Exchange[] } => {
  const all = transcript.some('handshake', { to: scene.responder, where: ({ intent }) => intent.tls === undefined })
  const isGood = ({ intent }: Exchange): boolean => intent.certificate === 'own' && intent.standing === undefined
  return { good: all.filter(isGood), bad: all.filter((x) => !isGood(x)) }
}

/** Whoever is no member in good standing is refused, while a member is served. */
export function judgesCallers(transcript: Transcript, scene: Scene): readonly Finding[] {
  const { good, bad } = handshakes(transcript, scene)
  const turned = good.filter((x) => isRefused(x) && x.intent.by === undefined)
  if (!good.some(isAccepted) && turned.length > 0)
    return turned.map((x) =>
      unmet(x, 'member-refused', 'a member with its own certificate was refused', {
        expected: 200,
        actual: outcomeOf(x),
      }),
    )
  const findings = refusedAtSomeDoor(bad, wordsOf)
  if (findings.some(({ severity }) => severity === 'error')) return findings
  if (bad.length === 0) return [undecided(good[0], 'nobody but members tried to connect')]
  if (!good.some(isAccepted))
    return [undecided(good[0] ?? bad[0], 'no member was served in this scenario, so a refusal says nothing')]
  return findings
}

const wordsOf = ({ intent: { standing, certificate } }: Exchange): string =>
  `a caller ${standing ?? (certificate?.startsWith('without') ? certificate : `with a certificate ${certificate}`)}`

export const mutualTlsComesFirst = check(
  'PDEX-097',
  'DESC',
  'A connection is made with certificates of the community on both sides, and with no others',
  (transcript, scene) => judgesCallers(transcript, scene),
)

export const callersAreLookedUp = check(
  'PDEX-098',
  'DESC',
  'The responding payer looks the certificate of a caller up and verifies it',
  (transcript, scene) => judgesCallers(transcript, scene),
)

export const serversAreLookedUp = check(
  'PDEX-098',
  'DESC',
  'The requesting payer hangs up on a server that shows another certificate than the published one',
  (transcript, scene) => {
    const calls = transcript.some('handshake', { from: scene.requester, intent: { by: 'directory' } })
    const [first, ...later] = calls
    if (!first || !isAccepted(first) || later.length === 0)
      return [undecided(first, 'no connection was made with the right certificate and then with another one published')]
    const last = later.at(-1) as Exchange
    if (last.failure?.kind === 'aborted') return []
    return last.response
      ? [
          unmet(
            last,
            'went-on',
            'the client went on although the server showed another certificate than the published one',
            { expected: 'no request after the handshake', actual: outcomeOf(last) },
          ),
        ]
      : [undecided(last, `the connection ended for another reason: ${outcomeOf(last)}`)]
  },
)

/** Registration: with a member's certificate it works; without one, or with one of nobody listed, it does not. */
export function registersOnlyMembers(transcript: Transcript, scene: Scene): readonly Finding[] {
  const all = transcript.some('register', { to: scene.responder })
  const isBare = ({ intent, tls }: Exchange): boolean =>
    intent.mistake === 'without a certificate' || (tls !== undefined && !tls.client)
  const isStranger = ({ from, intent }: Exchange): boolean => from === 'a stranger' || intent.standing !== undefined
  const bad = all.filter((x) => isBare(x) || isStranger(x))
  const good = all.filter((x) => !bad.includes(x) && x.intent.mistake === undefined)
  if (bad.length === 0) return [undecided(good[0], 'nobody tried to register over another connection')]
  const findings = bad
    .filter((x) => x.response && x.response.status < 300)
    .map((x) =>
      unmet(x, 'registered', `${isBare(x) ? 'a client without a certificate' : 'a stranger'} was registered`, {
        expected: 'a refused handshake, or 401 or 403',
        actual: outcomeOf(x),
      }),
    )
  if (findings.length > 0) return findings
  if (!good.some((x) => x.response?.status === 201))
    return [undecided(bad[0], 'no member was registered in this scenario, so a refusal says nothing')]
  return bad.filter((x) => !isRefused(x)).map((x) => undecided(x, `neither registered nor refused: ${outcomeOf(x)}`))
}

export const registrationNeedsMutualTls = check(
  'PDEX-096',
  'DESC',
  'Registration is reachable over mutual TLS with the certificate of a member alone',
  registersOnlyMembers,
)

export const mutualTlsChecks: readonly Check[] = [
  mutualTlsComesFirst,
  callersAreLookedUp,
  serversAreLookedUp,
  registrationNeedsMutualTls,
]
export const mutualTlsUntested: Readonly<Record<string, string>> = {}
