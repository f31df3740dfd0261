/**
 * Compact JWS (RFC 7515 §3.1), signed and verified on the spot: a token is short, and handing it to another thread takes
 * longer than the work. Keys are read once, for there are few.
 */
import { createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto'
import { privateKeyFrom } from '../harness/certificates.ts'
import { once } from '../harness/once.ts'

interface Algorithm {
  readonly hash: string
  readonly kind: 'rsa' | 'ec'
  /** As OpenSSL names it. */
  readonly curve?: string
}

/** What SMART and UDAP sign with (RFC 7518 §3.3, §3.4). */
const algorithms: ReadonlyMap<unknown, Algorithm> = new Map([
  ['RS256', { hash: 'sha256', kind: 'rsa' }],
  ['RS384', { hash: 'sha384', kind: 'rsa' }],
  ['ES256', { hash: 'sha256', kind: 'ec', curve: 'prime256v1' }],
  ['ES384', { hash: 'sha384', kind: 'ec', curve: 'secp384r1' }],
])

/** Is it a key of that kind, and strong enough? */
function fits(key: KeyObject, { kind, curve }: Algorithm): boolean {
  if (key.asymmetricKeyType !== kind) return false
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  return kind === 'ec' ? namedCurve === curve : modulusLength >= 2048
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs by the algorithm that the header names, with a private key (PEM). Throws TypeError where the two do not go together. */
export function signJws(header: Readonly<Record<string, unknown>>, payload: object, pem: string): string {
  const key = privateKeyFrom(pem)
  const algorithm = algorithms.get(header.alg)
  if (!algorithm || !fits(key, algorithm)) throw new TypeError(`this key does not sign by ${String(header.alg)}`)
  const input = `${part(header)}.${part(payload)}`
  const signature = sign(algorithm.hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

const form = /^([\w-]+)\.([\w-]*)\.([\w-]+)$/

/** Is it a JWS by that key, by one of these algorithms, and without extensions that would have to be understood (`crit`)? */
export function jwsHoldsBy(
  text: string,
  key: KeyObject,
  among: readonly string[] = ['RS256', 'RS384', 'ES256', 'ES384'],
): boolean {
  const [, head, payload, signature] = form.exec(text) ?? []
  if (head === undefined || signature === undefined) return false
  try {
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: string; crit?: unknown } | null
    const algorithm = algorithms.get(header?.alg)
    if (!algorithm || header?.crit !== undefined || !among.includes(header?.alg as string)) return false
    const input = Buffer.from(`${head}.${payload}`)
    const made = Buffer.from(signature, 'base64url')
    return fits(key, algorithm) && verify(algorithm.hash, input, { key, dsaEncoding: 'ieee-p1363' }, made)
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
