/** The algorithms by which certificates, requests and lists are signed (RFC 3279, 4055, 5758, 8410): to sign by, and to verify. */
import { constants, type KeyObject, sign, verify } from 'node:crypto'
import { type Element, elementsOf, nothing, oid, sequence } from './der.ts'

interface Algorithm {
  readonly oid: Buffer
  readonly kind: 'rsa' | 'ec' | 'ed25519' | 'ed448'
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512' | null
}
const algorithm = (dotted: string, kind: Algorithm['kind'], hash: Algorithm['hash']): Algorithm => ({
  oid: oid(dotted),
  kind,
  hash,
})

const all = [
  algorithm('1.2.840.113549.1.1.5', 'rsa', 'sha1'),
  algorithm('1.2.840.113549.1.1.11', 'rsa', 'sha256'),
  algorithm('1.2.840.113549.1.1.12', 'rsa', 'sha384'),
  algorithm('1.2.840.113549.1.1.13', 'rsa', 'sha512'),
  algorithm('1.2.840.10045.4.1', 'ec', 'sha1'),
  algorithm('1.2.840.10045.4.3.2', 'ec', 'sha256'),
  algorithm('1.2.840.10045.4.3.3', 'ec', 'sha384'),
  algorithm('1.2.840.10045.4.3.4', 'ec', 'sha512'),
  algorithm('1.3.101.112', 'ed25519', null),
  algorithm('1.3.101.113', 'ed448', null),
]
const pss = oid('1.2.840.113549.1.1.10')
const hashes = [
  [oid('2.16.840.1.101.3.4.2.1'), 'sha256'],
  [oid('2.16.840.1.101.3.4.2.2'), 'sha384'],
  [oid('2.16.840.1.101.3.4.2.3'), 'sha512'],
] as const

/** The digest that goes with a curve; that of RSA keys is SHA-256. */
const digests: Readonly<Record<string, Algorithm['hash']>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
}

/** How that key signs: AlgorithmIdentifier, and the signature over some bytes. Throws TypeError for other kinds of keys. */
export function signingWith(key: KeyObject): { readonly identifier: Buffer; over(content: Uint8Array): Buffer } {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: { namedCurve = '' } = {} } = key
  const wanted = kind === 'rsa' ? 'sha256' : digests[namedCurve]
  const found = all.find((one) => one.kind === kind && one.hash === wanted)
  if (!found?.hash) throw new TypeError(`nothing is signed here with a key of kind ${kind} ${namedCurve}`)
  const { oid: name, hash } = found
  return {
    // RSA's has a NULL for its parameters, the others' have none.
    identifier: kind === 'rsa' ? sequence(name, nothing) : sequence(name),
    over: (content) => sign(hash, content, key),
  }
}

/** Is that the key's signature over the content, by that AlgorithmIdentifier? False for an algorithm that nobody knows. */
export function isSignatureOf(
  key: KeyObject,
  identifier: Element,
  content: Uint8Array,
  signature: Uint8Array,
): boolean {
  const [name, parameters] = elementsOf(identifier.content)
  if (!name) return false
  const { asymmetricKeyType: kind } = key
  if (name.raw.equals(pss) && (kind === 'rsa' || kind === 'rsa-pss')) {
    const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_AUTO: saltLength } = constants
    return verify(pssHash(parameters), content, { key, padding, saltLength }, signature)
  }
  const found = all.find((one) => one.oid.equals(name.raw) && one.kind === kind)
  return found ? verify(found.hash, content, key, signature) : false
}

/** SHA-1 where the parameters name none (RFC 4055 §3.1). */
function pssHash(parameters: Element | undefined): string {
  const [hash] = parameters ? elementsOf(parameters.content) : []
  if (hash?.tag !== 0xa0) return 'sha1'
  const [identifier] = elementsOf(hash.content)
  const [name] = identifier ? elementsOf(identifier.content) : []
  return hashes.find(([known]) => name?.raw.equals(known))?.[1] ?? 'none'
}
