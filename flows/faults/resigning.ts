/** A JWT of a client said otherwise, and signed again with the key that signed it. */
import type { Actor } from '../../harness/actor.ts'
import { certificateAlgorithm, claimsOf, held, signed } from '../jwt.ts'

/** By the client's signing key, or by the key of its certificate where the JWT shows one or names the algorithm of one. */
export async function resigned(
  client: Actor,
  jwt: string,
  change: (header: Record<string, unknown>, claims: Record<string, unknown>) => void,
): Promise<string> {
  const header = JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>
  const claims = { ...claimsOf(jwt) }
  const { signing, credentials } = client.identity
  const byCertificate = credentials !== undefined && header.alg === certificateAlgorithm(credentials)
  const key = byCertificate ? credentials.key : held(signing, client.name, 'signing key').key
  change(header, claims)
  return signed({ header, claims, key })
}
