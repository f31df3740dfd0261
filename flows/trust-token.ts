/** How the trust manager's own people show who they are: a short-lived JWT of the manager's key. */
import { signJws } from '../certs/jws.ts'
import type { Actor, Identity } from '../harness/actor.ts'
import { epochSeconds } from '../harness/clock.ts'
import { HarnessError } from '../harness/errors.ts'

/** Base of the trust manager that this actor belongs to. Throws `cannot-set-up` when nobody knows it. */
export function trustBase(trust: Actor): string {
  if (!trust.places.trust) throw new HarnessError('cannot-set-up', `nobody knows where the ${trust.name} answers`)
  return trust.places.trust
}

/** `Bearer` and a JWT that `actor` signs for the trust manager. Throws `cannot-set-up` when we do not hold its key. */
export async function deskToken(actor: Actor, trust: Actor): Promise<string> {
  return `Bearer ${deskJwt(actor.identity, trustBase(trust), actor.clock.now(), 300)}`
}

/** The JWT by which `identity` shows itself at the desk of that trust manager for so many seconds. */
export function deskJwt({ signing, uri, name }: Identity, trust: string, at: Date, seconds: number): string {
  if (!signing) throw new HarnessError('cannot-set-up', `we do not hold the key of ${name}`)
  const now = epochSeconds(at)
  const claims = { iss: uri, sub: uri, aud: trust, iat: now, exp: now + seconds }
  return signJws({ alg: signing.alg, kid: signing.kid }, claims, signing.key)
}
