/** Keys and PEM: P-256 and P-384 made on the spot, RSA-2048 made once and kept, because it takes a tenth of a second. */
import { generateKeyPair, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { certificateFrom, privateKeyFrom } from '../harness/certificates.ts'

export type KeyKind = 'ec' | 'p384' | 'rsa' | 'rsa-1024'

/** A fresh private key. */
export async function newKey(kind: KeyKind): Promise<KeyObject> {
  if (kind === 'ec' || kind === 'p384')
    return generateKeyPairSync('ec', { namedCurve: kind === 'ec' ? 'P-256' : 'P-384' }).privateKey
  // The short one is weaker than any framework accepts: a mistake to be made on purpose.
  return (await makeKeyPair('rsa', { modulusLength: kind === 'rsa' ? 2048 : 1024 })).privateKey
}
const makeKeyPair = promisify(generateKeyPair)

/** PKCS#8 PEM. */
export const keyPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

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
  const bytes = randomBytes(16)
  // First byte in 0x40..0x7f: positive, and never shortened by DER.
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40
  return bytes.toString('hex')
}
