/**
 * No data without a consent that holds now: asked again at each request, so that a revocation, a block or an end of the
 * period works at once (PDex "Consent Revocation": honoured at token issue and at each data request).
 */
import { type Guard, outcome } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'

/** Comes after the bearer guard. */
export const consented =
  (state: PayerState): Guard =>
  (_request, { grant }) => {
    if (!grant?.patientId) return outcome(403, 'forbidden', 'the access token is not for the data of a member')
    return state.consents.decision(grant.patientId, grant.organization, state.clock.now()).permitted
      ? undefined
      : outcome(403, 'suppressed', 'no consent in force lets this payer see the data')
  }
