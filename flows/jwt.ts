/** JWTs as clients sign them, and as an attacker would: any header and any claims, so that a mistake can be made on purpose. */
import { createHmac, createPublicKey } from 'node:crypto'
import { readJwt, signJws } from '../certs/jws.ts'
import { certificateFrom } from '../harness/certificates.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Credentials } from '../harness/wire.ts'

export interface JwtDraft {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  /** PKCS#8 PEM of the key that signs by the header's `alg`. */
  key: string
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Signs by the algorithm of the header. Throws TypeError where the key does not fit it. */
export const signed = ({ header, claims, key }: JwtDraft): string => signJws(header, claims, key)

/** `alg: none`, and nothing behind the last dot. */
export const unsigned = ({ header, claims }: JwtDraft): string => `${part({ ...header, alg: 'none' })}.${part(claims)}.`

/** HS256 with the PEM of the public key as the secret: works where a server takes whatever `alg` says. */
export function signedWithPublicKey({ header, claims, key }: JwtDraft): string {
  const input = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`
  const secret = createPublicKey(key).export({ type: 'spki', format: 'pem' })
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** Other claims under the same signature. */
export function altered(jwt: string, change: (claims: Record<string, unknown>) => Record<string, unknown>): string {
  const [header, , signature] = jwt.split('.')
  return `${header}.${part(change(readJwt(jwt).claims))}.${signature}`
}

/** The claims of a JWT, unverified; undefined when it is none. */
export function claimsOf(jwt: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return readJwt(jwt).claims
  } catch {
    return undefined
  }
}

/** How a certificate's key signs, with SHA-256 as UDAP and most statements have it. */
export const certificateAlgorithm = ({ cert }: Credentials): 'ES256' | 'RS256' => {
  return certificateFrom(cert).publicKey.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256'
}

/** `x5c`: the chain of a certificate in base64, leaf first. */
export const x5c = ({ cert }: Credentials): string[] =>
  [...cert.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map(([, text]) =>
    (text as string).replace(/\s/g, ''),
  )

/** Throws `cannot-set-up` when we do not hold that identity's certificate and key. */
export const held = <T>(thing: T | undefined, name: string, what: string): T => {
  if (thing === undefined) throw new HarnessError('cannot-set-up', `the harness holds no ${what} of the ${name}`)
  return thing
}
