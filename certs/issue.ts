/** Leaves: certificates of payers, their servers and their clients, right or wrong in exactly the way that is asked for. */
import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import * as asn1 from '@peculiar/asn1-x509'
import type { Credentials } from '../harness/wire.ts'
import { type Authority, authorityKeyIdentifier, nameOfAuthority, subjectKeyIdentifier, validity } from './authority.ts'
import { readOrMake } from './cache.ts'
import { extension, type Name, signCertificate } from './certificate.ts'
import { keyObject, keyPem, keysFromPem, newKeys, pem } from './keys.ts'

export type Usage = 'clientAuth' | 'serverAuth' | 'codeSigning' | 'ocspSigning'

/** What a certificate says. What is left out is not in it, except the dates (`validity`) and the usages (client and server). */
export interface Terms {
  /** Distinguished name: `CN=New Plan, O=New Plan`. */
  readonly subject: string
  /** SAN entries. */
  readonly uris?: readonly string[]
  readonly dns?: readonly string[]
  readonly ips?: readonly string[]
  readonly emails?: readonly string[]
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
  /** The leaf alone. */
  readonly der: Uint8Array
}

/** Periods that are over, or not begun, by every clock of the house. */
export const over = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2021-01-01T00:00:00Z') } as const
export const tocome = {
  notBefore: new Date('2040-01-01T00:00:00Z'),
  notAfter: new Date('2045-01-01T00:00:00Z'),
} as const

const oids: Record<Usage, string> = {
  clientAuth: asn1.id_kp_clientAuth,
  serverAuth: asn1.id_kp_serverAuth,
  codeSigning: asn1.id_kp_codeSigning,
  ocspSigning: asn1.id_kp_OCSPSigning,
}
const critical = { critical: true } as const

/** The extensions of a leaf with those terms. */
function leafExtensions(terms: Omit<Terms, 'subject'>, publicKey: KeyObject, authority: Authority): asn1.Extension[] {
  const names = subjectAltName(terms)
  const { usages = ['clientAuth', 'serverAuth'], crlUrl, ocspUrl } = terms
  return [
    extension(asn1.id_ce_basicConstraints, 'leaf', () => new asn1.BasicConstraints(), critical),
    extension(asn1.id_ce_keyUsage, 'leaf', () => new asn1.KeyUsage(asn1.KeyUsageFlags.digitalSignature), critical),
    ...(usages.length ? [extendedKeyUsage(usages)] : []),
    ...(names ? [names] : []),
    ...(crlUrl ? [distributionPoint(crlUrl)] : []),
    ...(ocspUrl ? [responder(ocspUrl)] : []),
    authorityKeyIdentifier(authority),
    subjectKeyIdentifier(publicKey),
  ]
}

const extendedKeyUsage = (usages: readonly Usage[]): asn1.Extension =>
  extension(
    asn1.id_ce_extKeyUsage,
    usages.join(' '),
    () => new asn1.ExtendedKeyUsage(usages.map((usage) => oids[usage])),
  )

const uri = (uniformResourceIdentifier: string): asn1.GeneralName => new asn1.GeneralName({ uniformResourceIdentifier })

const distributionPoint = (url: string): asn1.Extension =>
  extension(asn1.id_ce_cRLDistributionPoints, url, () => {
    const distributionPoint = new asn1.DistributionPointName({ fullName: [uri(url)] })
    return new asn1.CRLDistributionPoints([new asn1.DistributionPoint({ distributionPoint })])
  })

const responder = (url: string): asn1.Extension =>
  extension(asn1.id_pe_authorityInfoAccess, url, () => {
    const access = { accessMethod: asn1.id_ad_ocsp, accessLocation: uri(url) }
    return new asn1.AuthorityInfoAccessSyntax([new asn1.AccessDescription(access)])
  })

/** The SAN with those names; undefined where there are none. */
export function subjectAltName({ uris = [], dns = [], ips = [], emails = [] }: Omit<Terms, 'subject'>) {
  const names = [
    ...uris.map((uniformResourceIdentifier) => ({ uniformResourceIdentifier })),
    ...dns.map((dNSName) => ({ dNSName })),
    ...ips.map((iPAddress) => ({ iPAddress })),
    ...emails.map((rfc822Name) => ({ rfc822Name })),
  ]
  if (!names.length) return undefined
  return extension(
    asn1.id_ce_subjectAltName,
    JSON.stringify(names),
    () => new asn1.SubjectAlternativeName(names.map((name) => new asn1.GeneralName(name))),
  )
}

/** What a certificate for somebody says: the name may be one that was read. */
export type LeafTerms = Omit<Terms, 'subject' | 'key' | 'keyPem'> & { readonly subject: Name }

/** A certificate (DER) for somebody's public key. */
export const certify = (authority: Authority, terms: LeafTerms, publicKey: KeyObject): Uint8Array =>
  signCertificate(
    {
      subject: terms.subject,
      issuer: nameOfAuthority(authority),
      notBefore: terms.notBefore ?? validity.notBefore,
      notAfter: terms.notAfter ?? validity.notAfter,
      publicKey,
      extensions: leafExtensions(terms, publicKey, authority),
    },
    keyObject(authority.keys.privateKey),
  )

/** A certificate and its key. An EC one takes a few milliseconds; an RSA key is made once for each subject and folder. */
export async function issue(authority: Authority, terms: Terms): Promise<Issued> {
  const keys = terms.keyPem ? await keysFromPem(terms.keyPem) : await keysFor(terms, authority.folder)
  return issuedOf(certify(authority, terms, keyObject(keys.publicKey)), keyPem(keys.privateKey), authority.chain)
}

/** Certificate, key and chain as `issue` gives them. */
export const issuedOf = (der: Uint8Array, key: string, chain: string): Issued => ({
  credentials: { cert: `${pem('CERTIFICATE', der)}${chain}`, key },
  der,
})

/** An RSA key takes a tenth of a second or more: one for each name is kept in the folder. */
export async function keptRsaKey(
  name: string,
  folder: string | undefined,
  kind: 'rsa' | 'rsa-1024' = 'rsa',
): Promise<CryptoKeyPair> {
  if (!folder) return newKeys(kind)
  const file = join(
    folder,
    'keys',
    `${kind}-${name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')}.pem`,
  )
  return keysFromPem(await readOrMake(file, async () => keyPem((await newKeys(kind)).privateKey)))
}

const keysFor = (terms: Terms, folder: string | undefined): Promise<CryptoKeyPair> =>
  terms.key === 'rsa' || terms.key === 'rsa-1024' ? keptRsaKey(terms.subject, folder, terms.key) : newKeys('ec')
