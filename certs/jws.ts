/**
 * Compact JWS (RFC 7515 §3.1), signed and verified on the spot: a token is short, and handing it to another thread takes
 * longer than the work. Keys are read once, for there are few; one that does not fit its algorithm is refused.
 */
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import jws from 'jws'
import { privateKeyFrom } from '../harness/certificates.ts'
import { once } from '../harness/once.ts'

interface Algorithm {
  readonly name: 'RS256' | 'RS384' | 'ES256' | 'ES384'
  readonly kind: 'rsa' | 'ec'
  /** As OpenSSL names it. */
  readonly curve?: string
}

/** What SMART and UDAP sign with (RFC 7518 §3.3, §3.4). */
const algorithms: ReadonlyMap<unknown, Algorithm> = new Map(
  (
    [
      { name: 'RS256', kind: 'rsa' },
      { name: 'RS384', kind: 'rsa' },
      { name: 'ES256', kind: 'ec', curve: 'prime256v1' },
      { name: 'ES384', kind: 'ec', curve: 'secp384r1' },
    ] satisfies Algorithm[]
  ).map((algorithm) => [algorithm.name, algorithm]),
)

/** Is it a key of that kind, and strong enough? */
function fits(key: KeyObject, { kind, curve }: Algorithm): boolean {
  if (key.asymmetricKeyType !== kind) return false
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  return kind === 'ec' ? namedCurve === curve : modulusLength >= 2048
}

/** Signs by the algorithm that the header names, with a private key (PEM). Throws TypeError where the two do not go together. */
export function signJws(header: Readonly<Record<string, unknown>>, payload: object, pem: string): string {
  const key = privateKeyFrom(pem)
  const algorithm = algorithms.get(header.alg)
  if (!algorithm || !fits(key, algorithm)) throw new TypeError(`this key does not sign by ${String(header.alg)}`)
  return jws.sign({ header: { ...header, alg: algorithm.name }, payload, privateKey: key })
}

const form = /^([\w-]+)\.([\w-]+)\.[\w-]*$/

/** The object of JSON in a part. Throws where it is none. */
function objectIn(part: string | undefined): Record<string, unknown> {
  const value = JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as unknown
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('this is no JSON object')
  return value as Record<string, unknown>
}

/** What a JWT says: nobody's word before its signature holds. */
export interface ReadJwt {
  readonly header: ProtectedHeaderParameters
  readonly claims: JWTPayload
}

/** Reads a compact JWT, unverified. Throws where it is none. */
export function readJwt(text: string): ReadJwt {
  const [, header, claims] = form.exec(text) ?? []
  return { header: objectIn(header), claims: objectIn(claims) }
}

/** Is it a JWS by that key, by one of these algorithms, and without extensions that would have to be understood (`crit`)? */
export function jwsHoldsBy(
  text: string,
  key: KeyObject,
  among: readonly string[] = ['RS256', 'RS384', 'ES256', 'ES384'],
): boolean {
  try {
    const header = objectIn(form.exec(text)?.[1])
    const algorithm = algorithms.get(header.alg)
    if (!algorithm || header.crit !== undefined || !among.includes(algorithm.name)) return false
    // Its types do not know that it takes a KeyObject as it is.
    return fits(key, algorithm) && jws.verify(text, algorithm.name, key as unknown as Buffer)
  } catch {
    return false
  }
}

const read = new Map<string, KeyObject>()

/** The key of a public JWK that may verify. Throws where it is none. */
export const verifyingKey = (jwk: object): KeyObject =>
  once(read, JSON.stringify(jwk), () => {
    const { d, key_ops: uses } = jwk as { d?: unknown; key_ops?: unknown }
    if (d !== undefined || (uses !== undefined && !(Array.isArray(uses) && uses.includes('verify'))))
      throw new TypeError('this key is not for verifying')
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  })
