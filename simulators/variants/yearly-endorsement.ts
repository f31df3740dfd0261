/** A trust manager that certifies a payer's key for a year, under its own name for the member. */
import { certify } from '../../certs/issue.ts'
import { pem } from '../../certs/keys.ts'
import { alternativeNames, certificateFrom } from '../../harness/certificates.ts'
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
  const own = certificateFrom(identityCertificate)
  const year = 365 * 86_400_000
  const now = state.clock.now().getTime()
  const issued = certify(
    state.manager.authority,
    {
      subject: `CN=Member ${id}`,
      uris: alternativeNames(own.subjectAltName, 'URI'),
      dns: alternativeNames(own.subjectAltName, 'DNS'),
      ips: alternativeNames(own.subjectAltName, 'IP Address'),
      notBefore: new Date(now - 3_600_000),
      notAfter: new Date(now + year),
      crlUrl: `${state.base}/tm/crl`,
    },
    own.publicKey,
  )
  return pem('CERTIFICATE', issued)
}
