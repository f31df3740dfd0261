/** A certificate authority: who may sign for whom. Roots sign authorities, authorities sign leaves (issue.ts). */
import type { KeyObject, X509Certificate } from 'node:crypto'
import * as asn1 from '@peculiar/asn1-x509'
import { certificateFrom } from '../harness/certificates.ts'
import { extension, extensionOf, keyIdentifier, type Name, readCertificate, signCertificate } from './certificate.ts'
import { keyObject, keyPem, newKeys, pem } from './keys.ts'

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
  readonly keys: CryptoKeyPair
  /** Where made things may be kept; undefined: nowhere. */
  readonly folder: string | undefined
}

export const authorityOf = (
  der: Uint8Array,
  keys: CryptoKeyPair,
  above: Authority | undefined,
  folder: string | undefined,
): Authority => {
  const text = pem('CERTIFICATE', der)
  return {
    certificate: certificateFrom(der),
    pem: text,
    chain: above ? text + above.chain : '',
    keys,
    folder: folder ?? above?.folder,
  }
}

/** Its distinguished name, as its certificate writes it: whoever it certifies must name it with the same bytes. */
export const nameOfAuthority = ({ certificate }: Authority): asn1.Name => readCertificate(certificate.raw).subject

const keyIdentifiers = new WeakMap<X509Certificate, asn1.Extension>()

/** By what an authority's key is recognized (RFC 5280 §4.2.1.1): as its certificate says, else by the key itself. */
export function authorityKeyIdentifier({ certificate }: Authority): asn1.Extension {
  const known = keyIdentifiers.get(certificate)
  if (known) return known
  const own = extensionOf(readCertificate(certificate.raw), asn1.id_ce_subjectKeyIdentifier, asn1.SubjectKeyIdentifier)
  const bytes = own ? Buffer.from(own.buffer) : keyIdentifier(certificate.publicKey)
  const made = extension(
    asn1.id_ce_authorityKeyIdentifier,
    bytes.toString('hex'),
    () => new asn1.AuthorityKeyIdentifier({ keyIdentifier: new asn1.KeyIdentifier(bytes) }),
  )
  keyIdentifiers.set(certificate, made)
  return made
}

export function subjectKeyIdentifier(key: KeyObject): asn1.Extension {
  const bytes = keyIdentifier(key)
  return extension(asn1.id_ce_subjectKeyIdentifier, bytes.toString('hex'), () => new asn1.SubjectKeyIdentifier(bytes))
}

const { keyCertSign, cRLSign, digitalSignature } = asn1.KeyUsageFlags

const extensions = (key: KeyObject, depth: number): asn1.Extension[] => [
  extension(
    asn1.id_ce_basicConstraints,
    `authority ${depth}`,
    () => new asn1.BasicConstraints({ cA: true, pathLenConstraint: depth }),
    { critical: true },
  ),
  extension(asn1.id_ce_keyUsage, 'authority', () => new asn1.KeyUsage(keyCertSign | cRLSign | digitalSignature), {
    critical: true,
  }),
  subjectKeyIdentifier(key),
]

/** A root, signed by itself. */
export async function rootAuthority(name: string, folder?: string): Promise<Authority> {
  const keys = await newKeys('ec')
  const publicKey = keyObject(keys.publicKey)
  const der = signCertificate(
    { subject: name, issuer: name, ...validity, publicKey, extensions: extensions(publicKey, 2) },
    keyObject(keys.privateKey),
  )
  return authorityOf(der, keys, undefined, folder)
}

/** The certificate (DER) of an authority below another, for whoever holds that key. */
export const certifyAuthority = (above: Authority, subject: Name, publicKey: KeyObject): Uint8Array =>
  signCertificate(
    {
      subject,
      issuer: nameOfAuthority(above),
      ...validity,
      publicKey,
      extensions: [...extensions(publicKey, 0), authorityKeyIdentifier(above)],
    },
    keyObject(above.keys.privateKey),
  )

/** An authority below another, with its own new key. */
export async function intermediateAuthority(above: Authority, name: string): Promise<Authority> {
  const keys = await newKeys('ec')
  return authorityOf(certifyAuthority(above, name, keyObject(keys.publicKey)), keys, above, above.folder)
}

/** Certificate and key as text, for a file; `authorityFrom` reads them back. */
export const authorityText = (authority: Authority): { certificate: string; key: string } => ({
  certificate: authority.pem,
  key: keyPem(authority.keys.privateKey),
})
