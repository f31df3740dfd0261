/** HRex security as the ledger of authorization has it: current TLS, and mutual TLS by certificates that name a URI. */
import { type Check, check, undecided } from '../../../harness/check.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { refusesSelfSigned, speaksCurrentTls } from '../../hrex/checks/security.ts'
import { isAccepted, refusedAtSomeDoor } from '../../hrex/handshakes.ts'
import { whereMutualTlsIsUsed } from './binding.ts'

export const speaksCurrentTlsOnly = check(
  'AUTH-110',
  'SHALL',
  'Only TLS 1.3 and 1.2 are spoken',
  speaksCurrentTls.judge,
)

const unnamed = 'that names a host instead of a URI'

export const wantsNamedCertificates = check(
  'AUTH-113',
  'SHALL',
  'A certificate is by an authority and names its organization by URI',
  (transcript, scene) => {
    const bad = transcript.some('handshake', { to: scene.responder, intent: { certificate: unnamed } })
    const own = transcript.all('handshake', { to: scene.responder, intent: { certificate: 'own' } })
    const findings: readonly Finding[] = own.some(isAccepted)
      ? whereMutualTlsIsUsed(
          transcript,
          refusedAtSomeDoor(bad, () => 'a caller whose certificate names only a host'),
        )
      : [undecided(bad[0], 'no certificate with a URI was accepted beside it')]
    return [...findings, ...refusesSelfSigned(transcript, scene)]
  },
)

export const transportChecks: readonly Check[] = [speaksCurrentTlsOnly, wantsNamedCertificates]
