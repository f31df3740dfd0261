/**
 * WebCrypto for the certificate library, whose short work is done on the spot: to hand a signature or a digest to another
 * thread, as Node's own WebCrypto does, takes longer than to make it. What is not short or not common is left to Node's.
 */
import { createHash, KeyObject, sign, verify, webcrypto } from 'node:crypto'

type Key = webcrypto.CryptoKey
type Named = webcrypto.AlgorithmIdentifier | { readonly name: string; readonly hash?: webcrypto.AlgorithmIdentifier }

const nameOf = (algorithm: Named): string => (typeof algorithm === 'string' ? algorithm : algorithm.name)

/** What OpenSSL calls the hash with which that key signs; undefined where Node shall do it. */
function hashOf(algorithm: Named, key: Key): string | undefined {
  const name = nameOf(algorithm)
  if (name !== key.algorithm.name || (name !== 'ECDSA' && name !== 'RSASSA-PKCS1-v1_5')) return undefined
  const own = (key.algorithm as { hash?: { name: string } }).hash
  const hash = name === 'ECDSA' ? typeof algorithm === 'object' && 'hash' in algorithm && algorithm.hash : own
  return hash ? nameOf(hash).replace('-', '').toLowerCase() : undefined
}

const bytesOf = (data: webcrypto.BufferSource): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)

/** Without the pool behind it that a Buffer may have. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer

const { subtle } = webcrypto

/** Rejects as Node's does: what throws here rejects there. */
const atOnce: Pick<webcrypto.SubtleCrypto, 'sign' | 'verify' | 'digest'> = {
  async sign(algorithm, key, data) {
    const hash = hashOf(algorithm, key)
    if (!hash || !key.usages.includes('sign')) return subtle.sign(algorithm, key, data)
    return bufferOf(sign(hash, bytesOf(data), { key: KeyObject.from(key), dsaEncoding: 'ieee-p1363' }))
  },
  async verify(algorithm, key, signature, data) {
    const hash = hashOf(algorithm, key)
    if (!hash || !key.usages.includes('verify')) return subtle.verify(algorithm, key, signature, data)
    return verify(hash, bytesOf(data), { key: KeyObject.from(key), dsaEncoding: 'ieee-p1363' }, bytesOf(signature))
  },
  async digest(algorithm, data) {
    return bufferOf(createHash(nameOf(algorithm).replace('-', '')).update(bytesOf(data)).digest())
  },
}

/** Node's, but for these three. */
export const cryptoAtOnce: webcrypto.Crypto = {
  subtle: {
    ...atOnce,
    exportKey: subtle.exportKey.bind(subtle),
    importKey: subtle.importKey.bind(subtle),
    generateKey: subtle.generateKey.bind(subtle),
  } as webcrypto.SubtleCrypto,
  getRandomValues: (array) => webcrypto.getRandomValues(array),
  randomUUID: () => webcrypto.randomUUID(),
  CryptoKey: webcrypto.CryptoKey,
}
