/** Members of the trust community, as the manager keeps them: who they are, and how a membership ends. */
import { certificateFrom, issuedBy } from '../../harness/certificates.ts'
import { type Handler, json, outcome } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Submission } from '../state/trust-submissions.ts'
import { fileOwner } from './trust-review.ts'

const shown = ({ id, organization, status, endorsed }: Submission): object => ({
  id,
  organization,
  status,
  form: endorsed?.form,
  certificate: endorsed?.certificate,
})

/** GET: everybody who was endorsed. */
export const members =
  (state: TrustManagerState): Handler =>
  () =>
    json({ members: state.submissions.members.map(shown) })

/**
 * POST revoke: ends a membership. The endorsed certificate goes on the manager's list, its bundle leaves main. A
 * certificate that the manager did not issue stays what its own authority says of it.
 */
export const revokeMember =
  (state: TrustManagerState): Handler =>
  async (request, { params }) => {
    const found = state.submissions.get(params.id ?? '')
    if (!found?.endorsed) return outcome(404, 'not-found', 'there is no such member')
    if (!state.submissions.after(found, 'revoke')) return outcome(409, 'conflict', 'the membership has ended already')
    const { reason } = ((await request.json().catch(() => undefined)) ?? {}) as { reason?: unknown }
    const certificate = certificateFrom(found.endorsed.certificate)
    const manager = certificateFrom(state.manager.authority.pem)
    if (issuedBy(certificate, manager))
      state.manager.revoked.revoke({
        serial: certificate.serialNumber,
        at: state.clock.now(),
        reason: 'cessationOfOperation',
      })
    const revoked = state.submissions.move(found, 'revoke', {
      reason: { code: 'revoked', text: typeof reason === 'string' ? reason : 'membership ended' },
    })
    const removed: string[] = []
    if (state.repository.begun)
      for (const [path, content] of await state.repository.files('main'))
        if (fileOwner(content, state)?.id === found.id) {
          await state.repository.remove(path, `Remove ${found.organization.name}: ${revoked.reason?.text}`)
          removed.push(path)
        }
    return json({ ...shown(revoked), removed })
  }
