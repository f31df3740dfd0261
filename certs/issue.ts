/** Leaves: certificates of payers, their servers and their clients, right or wrong in exactly the way that is asked for. */
import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { certificateFrom, privateKeyFrom } from '../harness/certificates.ts'
import { type Credentials, thumbprint } from '../harness/wire.ts'
import { type Authority, validity } from './authority.ts'
import { readOrMake } from './cache.ts'
import { nameBytes, subjectBytes } from './distinguished-name.ts'
import {
  answeredAt,
  hasKey,
  isCalled,
  isLeaf,
  issuedWith,
  listedAt,
  type Names,
  servesFor,
  signsContent,
  type Usage,
} from './extensions.ts'
import { keyPem, newKey, serialNumber } from './keys.ts'
import { signedCertificate } from './signed.ts'

/** What a certificate says. What is left out is not in it, except the dates (`validity`) and the usages (client and server). */
export interface Terms extends Names {
  /** Distinguished name: `CN=New Plan, O=New Plan`. */
  readonly subject: string
  readonly usages?: readonly Usage[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly key?: 'ec' | 'rsa' | 'rsa-1024'
  /** Certify this key (PKCS#8 PEM) instead of a new one. */
  readonly keyPem?: string
  readonly crlUrl?: string
  readonly ocspUrl?: string
}

export interface Issued {
  /** PEM chain, leaf first and without the root, and the key as PKCS#8. */
  readonly credentials: Credentials
  readonly der: Uint8Array
  readonly certificate: X509Certificate
  /** x5t#S256 of RFC 8705. */
  readonly thumbprint: string
  /** Hex. */
  readonly serial: string
}

/** Periods that are over, or not begun, by every clock of the house. */
export const over = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') } as const
export const tocome = {
  notBefore: new Date('2040-01-01T00:00:00Z'),
  notAfter: new Date('2045-01-01T00:00:00Z'),
} as const

/** A certificate for somebody's public key. `subject`: a name in DER. */
export const certify = (
  authority: Authority,
  terms: Omit<Terms, 'key' | 'keyPem' | 'subject'>,
  subject: Uint8Array,
  publicKey: KeyObject,
): X509Certificate => {
  const usages = terms.usages ?? ['clientAuth', 'serverAuth']
  const der = signedCertificate(authority.key, {
    serial: serialNumber(),
    subject,
    issuer: subjectBytes(authority.certificate),
    notBefore: terms.notBefore ?? validity.notBefore,
    notAfter: terms.notAfter ?? validity.notAfter,
    publicKey,
    extensions: [
      isLeaf,
      signsContent,
      ...(usages.length ? [servesFor(usages)] : []),
      ...isCalled(terms),
      ...(terms.crlUrl ? [listedAt(terms.crlUrl)] : []),
      ...(terms.ocspUrl ? [answeredAt(terms.ocspUrl)] : []),
      issuedWith(authority.publicKey),
      hasKey(publicKey),
    ],
  })
  return certificateFrom(der)
}

/** A certificate and its key. An EC one takes a millisecond; an RSA key is made once for each subject and folder. */
export async function issue(authority: Authority, terms: Terms): Promise<Issued> {
  const key = terms.keyPem ? privateKeyFrom(terms.keyPem) : await keyFor(terms, authority.folder)
  const certificate = certify(authority, terms, nameBytes(terms.subject), createPublicKey(key))
  return issuedOf(certificate, keyPem(key), authority.chain)
}

/** Certificate, key and chain as `issue` gives them. */
export const issuedOf = (certificate: X509Certificate, key: string, chain: string): Issued => ({
  credentials: { cert: certificate.toString() + chain, key },
  der: certificate.raw,
  certificate,
  thumbprint: thumbprint(certificate.raw),
  serial: certificate.serialNumber,
})

/** An RSA key takes a tenth of a second or more: one for each name is kept in the folder. */
export async function keptRsaKey(
  name: string,
  folder: string | undefined,
  kind: 'rsa' | 'rsa-1024' = 'rsa',
): Promise<KeyObject> {
  if (!folder) return newKey(kind)
  const file = join(
    folder,
    'keys',
    `${kind}-${name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')}.pem`,
  )
  return privateKeyFrom(await readOrMake(file, async () => keyPem(await newKey(kind))))
}

const keyFor = (terms: Terms, folder: string | undefined): Promise<KeyObject> =>
  terms.key === 'rsa' || terms.key === 'rsa-1024' ? keptRsaKey(terms.subject, folder, terms.key) : newKey('ec')
