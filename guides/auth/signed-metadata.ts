/** UDAP's signed metadata, looked at closely: signature, certificate, names and dates. */
import { verify, type X509Certificate } from 'node:crypto'
import { alternativeNames, certificateFrom, inForce, isSelfSigned, issuedBy } from '../../harness/certificates.ts'
import { isAbsolute, type Jwt, jwtIn, texts } from './oauth.ts'

export interface SignedMetadata extends Jwt {
  /** What is wrong with it, a sentence each; empty when it can be believed. */
  readonly faults: readonly { readonly expression: string; readonly message: string }[]
}

/** Reads and judges it. Undefined when it is no JWT. The anchor of the chain is for a client to judge, who knows its roots. */
export function readSignedMetadata(compact: unknown, base: string, now: Date): SignedMetadata | undefined {
  if (typeof compact !== 'string') return undefined
  const jwt = jwtIn(compact)
  if (!jwt) return undefined
  const faults: { expression: string; message: string }[] = []
  const wrong = (expression: string, message: string): void => {
    faults.push({ expression, message })
  }
  const { header, claims } = jwt
  if (header.alg !== 'RS256') wrong('alg', 'it is not signed with RS256')
  const chain = certificates(texts(header.x5c))
  const [leaf] = chain
  if (!leaf) {
    wrong('x5c', 'it carries no certificate')
    return { ...jwt, faults }
  }
  if (!holds(compact, leaf)) wrong('signature', 'its signature was not made with the key of its certificate')
  if (isSelfSigned(leaf)) wrong('x5c', 'its certificate is signed by itself')
  if (chain.some((certificate, i) => i > 0 && !issuedBy(chain[i - 1] as X509Certificate, certificate)))
    wrong('x5c', 'the certificates in it are no chain')
  if (inForce(leaf, now) !== 'yes') wrong('x5c', 'its certificate is not in force')
  // Whether a base URL ends with a slash is up to the server; that iss and sub are the same string is not.
  if ((claims.iss !== base && claims.iss !== `${base}/`) || claims.sub !== claims.iss)
    wrong('iss', 'iss and sub are not both the base URL that was asked')
  if (!alternativeNames(leaf.subjectAltName, 'URI').includes(String(claims.iss)))
    wrong('iss', 'iss is no URI of the subjectAltName of its certificate')
  const { iat, exp, jti } = claims
  if (typeof iat !== 'number' || typeof exp !== 'number') wrong('exp', 'iat or exp is missing')
  else if (exp - iat > 366 * 86_400) wrong('exp', 'it lives longer than a year')
  else if (exp * 1000 <= now.getTime()) wrong('exp', 'it has expired')
  // A year is counted from when it was signed: clocks differ by minutes.
  else if (iat * 1000 > now.getTime() + 3_600_000) wrong('iat', 'it was signed in the future')
  if (typeof jti !== 'string') wrong('jti', 'it has no jti')
  for (const name of ['token_endpoint', 'registration_endpoint'])
    if (typeof claims[name] !== 'string') wrong(name, `it does not repeat ${name}`)
    else if (!isAbsolute(claims[name])) wrong(name, `its ${name} is no absolute https URL`)
  return { ...jwt, faults }
}

function certificates(x5c: readonly string[]): X509Certificate[] {
  try {
    return x5c.map((one) => certificateFrom(Buffer.from(one, 'base64')))
  } catch {
    return []
  }
}

function holds(compact: string, leaf: X509Certificate): boolean {
  const [head, payload, signature] = compact.split('.')
  try {
    return verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${payload}`),
      leaf.publicKey,
      Buffer.from(signature ?? '', 'base64url'),
    )
  } catch {
    return false
  }
}
