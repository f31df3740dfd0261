/**
 * Signatures over FHIR Bundles: a detached JWS (RFC 7515 appendix F) over the canonical JSON of the Bundle without its
 * signature, the certificate in x5c. Makes one, verifies one, and says what something else in that place is.
 */
import { type KeyObject, sign, verify, type X509Certificate } from 'node:crypto'
import { type Artifact, certificateFrom, decodeArtifact, fromBase64, privateKeyFrom, signedBy } from './certificates.ts'

/** No white space, members of every object in alphabetical order (http://hl7.org/fhir/canonicalization/json). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
}

/** What is signed: the Bundle without its signature, and without what a server adds when it stores it (id and meta). */
export function signedContent(bundle: object): Buffer {
  const { signature: _signature, id: _id, meta: _meta, ...rest } = bundle as Record<string, unknown>
  return Buffer.from(canonicalJson(rest))
}

const algorithms: Readonly<Record<string, { hash: string; kind: 'ec' | 'rsa' }>> = {
  ES256: { hash: 'sha256', kind: 'ec' },
  ES384: { hash: 'sha384', kind: 'ec' },
  RS256: { hash: 'sha256', kind: 'rsa' },
  RS384: { hash: 'sha384', kind: 'rsa' },
}

/** The algorithm that fits a key. */
const algorithmOf = (key: KeyObject): string =>
  key.asymmetricKeyType === 'rsa' ? 'RS256' : key.asymmetricKeyDetails?.namedCurve === 'secp384r1' ? 'ES384' : 'ES256'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A compact JWS over bytes, by the key (PEM) of the first certificate of `chain` (DER). */
export function signBytes(content: Uint8Array, key: string, chain: readonly Uint8Array[]): string {
  const secret = privateKeyFrom(key)
  const alg = algorithmOf(secret)
  const head = part({ alg, x5c: chain.map((der) => Buffer.from(der).toString('base64')) })
  const payload = Buffer.from(content).toString('base64url')
  const { hash } = algorithms[alg] as { hash: string }
  const bytes = sign(hash, Buffer.from(`${head}.${payload}`), { key: secret, dsaEncoding: 'ieee-p1363' })
  return `${head}.${payload}.${bytes.toString('base64url')}`
}

/** A detached JWS over the Bundle: `head..signature`. */
export const signBundle = (bundle: object, key: string, chain: readonly Uint8Array[]): string =>
  signBytes(signedContent(bundle), key, chain).replace(/\.[^.]*\./, '..')

/** Does that compact JWS hold by this key? */
export function jwsHolds(jws: string, key: KeyObject): boolean {
  try {
    const [head, payload, signature] = jws.split('.') as [string, string, string]
    const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: string }
    const algorithm = algorithms[alg ?? '']
    if (!algorithm || key.asymmetricKeyType !== algorithm.kind) return false
    const bytes = Buffer.from(`${head}.${payload}`)
    return verify(algorithm.hash, bytes, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
  } catch {
    return false
  }
}

export type BundleSignature =
  /** No signature, or one without data. */
  | { readonly is: 'absent' }
  /** A JWS; `valid` says whether it holds over this Bundle, by the first certificate of `chain`. */
  | { readonly is: 'jws'; readonly valid: boolean; readonly why: string; readonly chain: readonly X509Certificate[] }
  /** A certificate where a signature belongs, as in the published example. */
  | { readonly is: 'certificate'; readonly chain: readonly X509Certificate[] }
  /** XML, or bytes that we cannot read. */
  | { readonly is: 'xml' | 'unknown' }

/** Reads Bundle.signature. `key` is asked when the JWS names no certificate. */
export function readBundleSignature(bundle: object, key?: KeyObject): BundleSignature {
  const { data } = (bundle as { signature?: { data?: unknown } }).signature ?? {}
  if (typeof data !== 'string' || data === '') return { is: 'absent' }
  const bytes = fromBase64(data)
  if (!bytes) return { is: 'unknown' }
  const text = bytes.toString('latin1').trim()
  const jws = /^([\w-]+)\.([\w-]*)\.([\w-]+)$/.exec(text) ?? /^([\w-]+)\.([\w-]*)\.([\w-]+)$/.exec(data)
  if (jws) return readJws(bundle, jws[1] as string, jws[2] as string, jws[3] as string, key)
  if (/^<\?xml|^<[\w:]*Signature/.test(text)) return { is: 'xml' }
  const artifact = decodeArtifact(data)
  return artifact?.kind === 'certificate' ? { is: 'certificate', chain: artifact.certificates } : { is: 'unknown' }
}

function readJws(bundle: object, head: string, payload: string, signature: string, key?: KeyObject): BundleSignature {
  let chain: X509Certificate[] = []
  const no = (why: string): BundleSignature => ({ is: 'jws', valid: false, why, chain })
  try {
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg?: string; x5c?: string[] }
    chain = (header.x5c ?? []).map((der) => certificateFrom(Buffer.from(der, 'base64')))
    const algorithm = algorithms[header.alg ?? '']
    if (!algorithm) return no(`its algorithm is ${header.alg ?? 'not named'}`)
    const by = chain[0]?.publicKey ?? key
    if (!by) return no('it names no certificate (x5c)')
    if (by.asymmetricKeyType !== algorithm.kind) return no(`${header.alg} does not fit the key of its certificate`)
    const content = signedContent(bundle).toString('base64url')
    if (payload !== '' && payload !== content) return no('its payload is not this bundle')
    const bytes = Buffer.from(`${head}.${content}`)
    const holds = verify(
      algorithm.hash,
      bytes,
      { key: by, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
    return holds ? { is: 'jws', valid: true, why: '', chain } : no('the content was changed after it was signed')
  } catch (cause) {
    return no(`it cannot be read: ${(cause as Error).message}`)
  }
}

/** Did that key endorse it: as issuer of the certificate, or by a JWS around it? */
export const endorsedWith = ({ jws, certificates: [leaf] }: Artifact, key: KeyObject): boolean =>
  jws ? jwsHolds(jws, key) : leaf !== undefined && signedBy(leaf, key)
