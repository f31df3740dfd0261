/**
 * Certificates as they turn up in FHIR: DER, PEM, PEM text in base64, or base64 twice; a whole certificate or a bare key.
 * Reads them all and says which it was, because published bundles hold each of these.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { once } from './once.ts'

export interface Artifact {
  readonly kind: 'certificate' | 'public-key'
  /** What stood inside the base64 of FHIR; `layers` counts base64 layers below that one (0 is how it should be). */
  readonly encoding: 'der' | 'pem'
  readonly layers: number
  readonly key: KeyObject
  /** Leaf first; empty for a bare key. */
  readonly certificates: readonly X509Certificate[]
  /** The compact JWS whose payload it is, where it came as one. */
  readonly jws?: string
}

const read = new Map<string, X509Certificate>()

/**
 * A certificate from DER, or the first of a PEM text. Each is read once, however it comes: there are few, and they are shown
 * all the time. Throws as Node does.
 */
export function certificateFrom(source: Uint8Array | string): X509Certificate {
  if (typeof source !== 'string') {
    const name = createHash('sha256').update(source).digest('base64')
    return once(read, name, () => new X509Certificate(source), 2000)
  }
  return once(
    read,
    source,
    () => {
      const block = certificateBlock.exec(source)?.[1]
      return block ? certificateFrom(Buffer.from(block, 'base64')) : new X509Certificate(source)
    },
    2000,
  )
}
const certificateBlock = /-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END CERTIFICATE-----/

const secrets = new Map<string, KeyObject>()

/** A private key from PEM. Each is read once: that takes longer than signing with it. Throws as Node does. */
export const privateKeyFrom = (pem: string): KeyObject => once(secrets, pem, () => createPrivateKey(pem))

/** Reads a base64Binary. Undefined when it holds neither a certificate nor a public key. */
export function decodeArtifact(base64: string): Artifact | undefined {
  let bytes = fromBase64(base64)
  for (let layers = 0; bytes && layers < 3; layers++) {
    const found = readBytes(bytes) ?? readJws(bytes)
    if (found) return { ...found, layers }
    bytes = fromBase64(bytes.toString('latin1'))
  }
  return undefined
}

/** Reads PEM text, DER, or base64 of either. */
export const decodeCertificate = (text: string): X509Certificate | undefined =>
  (text.includes('-----BEGIN') ? readBytes(Buffer.from(text)) : decodeArtifact(text))?.certificates[0]

/** Base64 without its line breaks, as bytes; undefined when it is none. */
export function fromBase64(text: string): Buffer | undefined {
  const bare = text.replace(/\s+/g, '')
  if (bare.length < 4 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(bare)) return undefined
  return Buffer.from(bare, 'base64')
}

function readBytes(bytes: Buffer): Omit<Artifact, 'layers'> | undefined {
  const head = bytes.subarray(0, 64).toString('latin1')
  if (head.includes('-----BEGIN')) return readPem(bytes.toString('latin1'))
  // Every certificate and key is a SEQUENCE.
  if (bytes[0] !== 0x30) return undefined
  return (
    attempt(() => {
      const certificate = certificateFrom(bytes)
      return { kind: 'certificate', encoding: 'der', key: certificate.publicKey, certificates: [certificate] } as const
    }) ??
    attempt(() => ({
      kind: 'public-key',
      encoding: 'der',
      key: createPublicKey({ key: bytes, format: 'der', type: 'spki' }),
      certificates: [],
    }))
  )
}

function readPem(text: string): Omit<Artifact, 'layers'> | undefined {
  const blocks = [...text.matchAll(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)].map(
    ([block]) => block,
  )
  if (blocks.length > 0)
    return attempt(() => {
      const certificates = blocks.map((block) => certificateFrom(block))
      return { kind: 'certificate', encoding: 'pem', key: (certificates[0] as X509Certificate).publicKey, certificates }
    })
  // A private key would give its public half away without a word: only the public kind is read.
  if (!/-----BEGIN (RSA )?PUBLIC KEY-----/.test(text)) return undefined
  return attempt(() => ({ kind: 'public-key', encoding: 'pem', key: createPublicKey(text), certificates: [] }))
}

/** A certificate that somebody signed as the payload of a JWS. */
function readJws(bytes: Buffer): Omit<Artifact, 'layers'> | undefined {
  const jws = bytes.toString('latin1').trim()
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(jws)?.[1]
  const found = payload && readBytes(Buffer.from(payload, 'base64url'))
  return found ? { ...found, jws } : undefined
}

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/**
 * Are both the same public key? Keys of different kinds are not handed to OpenSSL: its complaint would lie in its queue and
 * be taken for the next call's.
 */
export const sameKey = (one: KeyObject, other: KeyObject): boolean => kindOf(one) === kindOf(other) && one.equals(other)

const kindOf = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string =>
  `${asymmetricKeyType} ${asymmetricKeyDetails?.namedCurve ?? ''}`

/** Signed by itself. */
export const isSelfSigned = (certificate: X509Certificate): boolean =>
  certificate.subject === certificate.issuer && signedBy(certificate, certificate.publicKey)

/** Was it signed with that key? */
export const signedBy = (certificate: X509Certificate, key: KeyObject): boolean => {
  try {
    return certificate.verify(key)
  } catch {
    return false
  }
}

/** Did `issuer` issue it: name, key and the right to do so? */
export const issuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && signedBy(certificate, issuer.publicKey)

/** From the leaf up to one of the trusted, or undefined. A trusted leaf is its own path. */
export function pathTo(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): X509Certificate[] | undefined {
  const path = [leaf]
  for (let at = leaf; path.length < 8; ) {
    if (trusted.some((root) => root.raw.equals(at.raw))) return path
    const root = trusted.find((candidate) => issuedBy(at, candidate))
    if (root) return [...path, root]
    const next = between.find((candidate) => !path.includes(candidate) && issuedBy(at, candidate))
    if (!next) return undefined
    path.push(next)
    at = next
  }
  return undefined
}

/** The URIs, DNS names ... of a certificate's SAN. A value that OpenSSL quotes is read as the JSON string that it is. */
export function alternativeNames(
  subjectAltName: string | undefined,
  kind: 'URI' | 'DNS' | 'IP Address' | 'email',
): string[] {
  const names: string[] = []
  for (const [, type, quoted, bare] of (subjectAltName ?? '').matchAll(
    /([A-Za-z][\w ]*):(?:"((?:[^"\\]|\\.)*)"|([^,]*))(?:, |$)/g,
  ))
    if (type === kind) names.push(quoted === undefined ? (bare as string) : (JSON.parse(`"${quoted}"`) as string))
  return names
}

/** Inside its dates at that instant? */
export const inForce = (certificate: X509Certificate, at: Date): 'yes' | 'expired' | 'not-yet-valid' =>
  at < new Date(certificate.validFrom) ? 'not-yet-valid' : at > new Date(certificate.validTo) ? 'expired' : 'yes'
