/** Key pairs and PEM: P-256 and P-384 made on the spot, RSA-2048 made once and kept, because it takes a tenth of a second. */
import 'reflect-metadata'
import { KeyObject } from 'node:crypto'
import * as x509 from '@peculiar/x509'
import { certificateFrom, privateKeyFrom } from '../harness/certificates.ts'
import { once } from '../harness/once.ts'
import { cryptoAtOnce } from './crypto-at-once.ts'

x509.cryptoProvider.set(cryptoAtOnce as Crypto)

/** The library, set up: import it from here. */
export { x509 }

export type KeyKind = 'ec' | 'p384' | 'rsa' | 'rsa-1024'

const kinds = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  p384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  // Weaker than any framework accepts: a mistake to be made on purpose.
  'rsa-1024': {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const

/** A fresh key pair. */
export const newKeys = (kind: KeyKind): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(kinds[kind], true, ['sign', 'verify']) as Promise<CryptoKeyPair>

/** How a key signs certificates, requests and lists. */
export const signingAlgorithm = (key: CryptoKey): { name: string; hash: string } => {
  const { name, namedCurve } = key.algorithm as EcKeyAlgorithm
  return { name, hash: namedCurve === 'P-384' ? 'SHA-384' : 'SHA-256' }
}

/** The same key, as OpenSSL takes it. */
export const keyObject = (key: CryptoKey): KeyObject => KeyObject.from(key as Parameters<typeof KeyObject.from>[0])

/** PKCS#8 PEM. */
export const keyPem = (key: CryptoKey): string => keyObject(key).export({ type: 'pkcs8', format: 'pem' }).toString()

const pairs = new Map<string, Promise<CryptoKeyPair>>()

/** The pair behind a PKCS#8 PEM; each is read once. Rejects with TypeError when the kind of key is none of ours. */
export const keysFromPem = (pem: string): Promise<CryptoKeyPair> => once(pairs, pem, () => pairFrom(pem))

async function pairFrom(pem: string): Promise<CryptoKeyPair> {
  const secret = privateKeyFrom(pem)
  const jwk = secret.export({ format: 'jwk' })
  const kind = jwk.kty === 'RSA' ? 'rsa' : jwk.crv === 'P-256' ? 'ec' : jwk.crv === 'P-384' ? 'p384' : undefined
  if (!kind) throw new TypeError(`a key of kind ${jwk.kty} ${jwk.crv ?? ''} is not used here`)
  const algorithm = kinds[kind]
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...open } = jwk
  return {
    privateKey: await crypto.subtle.importKey(
      'pkcs8',
      secret.export({ type: 'pkcs8', format: 'der' }),
      algorithm,
      true,
      ['sign'],
    ),
    publicKey: await crypto.subtle.importKey('jwk', open as JsonWebKey, algorithm, true, ['verify']),
  }
}

/** DER under a PEM label, 64 characters a line. */
export const pem = (label: string, der: ArrayBuffer | Uint8Array): string => {
  const text = Buffer.from(der as Uint8Array)
    .toString('base64')
    .replace(/.{1,64}/g, '$&\n')
  return `-----BEGIN ${label}-----\n${text}-----END ${label}-----\n`
}

/** Every certificate of a PEM text, as DER, in order. */
export const certificatesIn = (text: string): Buffer[] =>
  [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map((m) =>
    Buffer.from(m[1] as string, 'base64'),
  )

/** Does that private key belong to that certificate? */
export const belongTogether = (certificate: string, key: string): boolean => {
  try {
    return certificateFrom(certificate).checkPrivateKey(privateKeyFrom(key))
  } catch {
    return false
  }
}

/** A random positive serial number of 16 bytes, in hex. */
export const serialNumber = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  // First byte in 0x40..0x7f: positive, and never shortened by DER.
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return Buffer.from(bytes).toString('hex')
}
