/** Only the trust manager's own people may verify, endorse, review and revoke: they show a JWT of the manager's key. */
import { jwsHoldsBy, readJwt, verifyingKey } from '../../certs/jws.ts'
import { epochSeconds } from '../../harness/clock.ts'
import { type Guard, outcome } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'

/** Refuses 401 without a token, 403 with one of somebody else. */
export const operator =
  (state: Pick<TrustManagerState, 'identity' | 'clock' | 'base'>): Guard =>
  (request) => {
    const token = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    if (!token)
      return outcome(401, 'login', 'this is for the trust manager: show a token of its key', {
        'www-authenticate': 'Bearer',
      })
    return isOurs(token, state) ? undefined : outcome(403, 'forbidden', 'only the trust manager may do this')
  }

/** Signed by the manager's key, said by the manager to this desk, and in force now. */
function isOurs(
  token: string,
  { identity, clock, base }: Pick<TrustManagerState, 'identity' | 'clock' | 'base'>,
): boolean {
  const { signing, uri } = identity
  if (!signing) return false
  try {
    if (!jwsHoldsBy(token, verifyingKey(signing.publicJwk), [signing.alg])) return false
    const { iss, aud, exp, nbf } = readJwt(token).claims
    const now = epochSeconds(clock.now())
    if (typeof exp !== 'number' || exp <= now) return false
    if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now)) return false
    return iss === uri && [aud].flat().includes(base)
  } catch {
    // No key that verifies, or signed and no claims.
    return false
  }
}
