/** A trust manager that certifies a payer's key for a year, under its own name for the member. */
import { nameBytes } from '../../certs/distinguished-name.ts'
import { extensionsOf, namesIn } from '../../certs/extensions.ts'
import { certify } from '../../certs/issue.ts'
import { certificatesIn } from '../../certs/keys.ts'
import { certificateFrom } from '../../harness/certificates.ts'
import { operator } from '../guards/operator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { Submission } from '../state/trust-submissions.ts'
import type { TrustRow } from './variant.ts'

/** Certifies the payer's key for one year, under the name by which the manager knows the member. */
export const forOneYear: TrustRow['wrap'] = (honest, state) => async (request, visit) => {
  const found = state.submissions.get(visit.params.id ?? '')
  const { form } = ((await request
    .clone()
    .json()
    .catch(() => undefined)) ?? {}) as { form?: unknown }
  const refused = await operator(state)(request, visit)
  if (refused || form === 'detached' || !found || !state.submissions.after(found, 'endorse'))
    return honest(request, visit)
  const certificate = yearly(found, state)
  state.submissions.move(found, 'endorse', { endorsed: { form: 'reissue', certificate } })
  return Response.json({
    id: found.id,
    status: 'endorsed',
    form: 'reissue',
    signedCertificate: certificate,
    trustManagerCertificate: state.manager.authority.pem,
  })
}

function yearly({ identityCertificate, id }: Submission, state: TrustManagerState): string {
  const own = certificateFrom(certificatesIn(identityCertificate)[0] as Buffer)
  const { emails: _emails, ...names } = namesIn(extensionsOf(own.raw))
  const now = state.clock.now().getTime()
  const period = { notBefore: new Date(now - 3_600_000), notAfter: new Date(now + 365 * 86_400_000) }
  return certify(
    state.manager.authority,
    { ...names, ...period, crlUrl: `${state.base}/tm/crl` },
    nameBytes(`CN=Member ${id}`),
    own.publicKey,
  ).toString()
}
