/** A certificate authority: who may sign for whom. Roots sign authorities, authorities sign leaves (issue.ts). */
import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { certificateFrom } from '../harness/certificates.ts'
import { nameBytes, subjectBytes } from './distinguished-name.ts'
import { hasKey, isAuthority, issuedWith, signsCertificates } from './extensions.ts'
import { keyPem, newKey, serialNumber } from './keys.ts'
import { signedCertificate } from './signed.ts'

/** Valid by the virtual clock of self-play and by the machine's own, whatever the day. */
export const validity = {
  notBefore: new Date('2025-01-01T00:00:00Z'),
  notAfter: new Date('2036-01-01T00:00:00Z'),
} as const

export interface Authority {
  readonly certificate: X509Certificate
  /** Of this authority alone. */
  readonly pem: string
  /** PEM of this authority and of those above it, nearest first, without the root: what a leaf carries behind itself. */
  readonly chain: string
  /** What it signs with. */
  readonly key: KeyObject
  /** Its public half. */
  readonly publicKey: KeyObject
  /** Where made things may be kept; undefined: nowhere. */
  readonly folder: string | undefined
}

export const authorityOf = (
  certificate: X509Certificate,
  key: KeyObject,
  above: Authority | undefined,
  folder: string | undefined,
): Authority => {
  const text = certificate.toString()
  return {
    certificate,
    pem: text,
    chain: above ? text + above.chain : '',
    key,
    publicKey: createPublicKey(key),
    folder: folder ?? above?.folder,
  }
}

/** A root, signed by itself. */
export async function rootAuthority(name: string, folder?: string): Promise<Authority> {
  const key = await newKey('ec')
  const publicKey = createPublicKey(key)
  const subject = nameBytes(name)
  const der = signedCertificate(key, {
    serial: serialNumber(),
    subject,
    issuer: subject,
    ...validity,
    publicKey,
    extensions: [isAuthority(2), signsCertificates, hasKey(publicKey)],
  })
  return authorityOf(certificateFrom(der), key, undefined, folder)
}

/** An authority below another. `publicKey` makes a certificate for somebody else's key, as from a request. */
export const certifyAuthority = (above: Authority, name: Uint8Array, publicKey: KeyObject): X509Certificate =>
  certificateFrom(
    signedCertificate(above.key, {
      serial: serialNumber(),
      subject: name,
      issuer: subjectBytes(above.certificate),
      ...validity,
      publicKey,
      extensions: [isAuthority(0), signsCertificates, hasKey(publicKey), issuedWith(above.publicKey)],
    }),
  )

/** An authority below another, with its own new key. */
export async function intermediateAuthority(above: Authority, name: string): Promise<Authority> {
  const key = await newKey('ec')
  return authorityOf(certifyAuthority(above, nameBytes(name), createPublicKey(key)), key, above, above.folder)
}

/** Certificate and key as text, for a file; `authorities` reads them back. */
export const authorityText = (authority: Authority): { certificate: string; key: string } => ({
  certificate: authority.pem,
  key: keyPem(authority.key),
})
