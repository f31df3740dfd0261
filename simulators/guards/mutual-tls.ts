/** Who shows no certificate, or one of nobody in good standing, is refused (PDex mTLS handshake; HRex sec-12 to sec-15). */
import { type Guard, json, outcome } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'

/** OAuth endpoints answer with an OAuth error, everything else with an OperationOutcome. */
const refusal = (url: URL, status: 401 | 403, text: string): Response =>
  /\/auth(\/|$)/.test(url.pathname)
    ? json(
        { error: status === 401 ? 'invalid_client' : 'access_denied', error_description: text },
        { status, headers: { 'cache-control': 'no-store' } },
      )
    : outcome(status, status === 401 ? 'login' : 'forbidden', text)

/** Lets in whoever is a member of the trust community, as this payer's directory knows it. */
export const mutualTls =
  (state: Pick<PayerState, 'directory'>): Guard =>
  async (_request, { certificate, url }) => {
    if (!certificate) return refusal(url, 401, 'a client certificate of the trust community is required')
    const standing = await state.directory.standing(certificate)
    return standing.ok ? undefined : refusal(url, 403, standing.text)
  }
