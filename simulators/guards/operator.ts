/** Only the trust manager's own people may verify, endorse, review and revoke: they show a JWT of the manager's key. */
import { jwtVerify } from 'jose'
import { verifyingKey } from '../../certs/jws.ts'
import { type Guard, outcome } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'

/** Refuses 401 without a token, 403 with one of somebody else. */
export const operator =
  (state: Pick<TrustManagerState, 'identity' | 'clock' | 'base'>): Guard =>
  async (request) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (!token)
      return outcome(401, 'login', 'this is for the trust manager: show a token of its key', {
        'www-authenticate': 'Bearer',
      })
    const { signing, uri } = state.identity
    if (!signing) return outcome(403, 'forbidden', 'the trust manager has no key of its own')
    try {
      await jwtVerify(token, verifyingKey(signing.publicJwk), {
        issuer: uri,
        audience: state.base,
        algorithms: [signing.alg],
        currentDate: state.clock.now(),
        requiredClaims: ['exp'],
      })
      return undefined
    } catch {
      return outcome(403, 'forbidden', 'only the trust manager may do this')
    }
  }
