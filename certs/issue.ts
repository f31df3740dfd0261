/** Leaves: certificates of payers, their servers and their clients, right or wrong in exactly the way that is asked for. */
import { join } from 'node:path'
import { type Credentials, thumbprint } from '../harness/wire.ts'
import { type Authority, validity } from './authority.ts'
import { readOrMake } from './cache.ts'
import { keyPem, keysFromPem, newKeys, serialNumber, signingAlgorithm, x509 } from './keys.ts'

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
  readonly der: Uint8Array
  readonly certificate: x509.X509Certificate
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

const oids: Record<Usage, string> = {
  clientAuth: x509.ExtendedKeyUsage.clientAuth,
  serverAuth: x509.ExtendedKeyUsage.serverAuth,
  codeSigning: x509.ExtendedKeyUsage.codeSigning,
  ocspSigning: x509.ExtendedKeyUsage.ocspSigning,
}

const keyIdentifiers = new WeakMap<CryptoKey, Promise<x509.Extension>>()

/** By what an authority's key is recognized; made once for each. */
export function authorityKeyIdentifier({ keys: { publicKey } }: Authority): Promise<x509.Extension> {
  const known = keyIdentifiers.get(publicKey)
  if (known !== undefined) return known
  const made = x509.AuthorityKeyIdentifierExtension.create(publicKey)
  keyIdentifiers.set(publicKey, made)
  return made
}

/** The extensions of a leaf with those terms. */
async function leafExtensions(terms: Terms, publicKey: CryptoKey, authority: Authority): Promise<x509.Extension[]> {
  const names = subjectAltNames(terms)
  const usages = terms.usages ?? ['clientAuth', 'serverAuth']
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    ...(usages.length ? [new x509.ExtendedKeyUsageExtension(usages.map((usage) => oids[usage]))] : []),
    ...(names.length ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ...(terms.crlUrl ? [new x509.CRLDistributionPointsExtension([terms.crlUrl])] : []),
    ...(terms.ocspUrl ? [new x509.AuthorityInfoAccessExtension({ ocsp: terms.ocspUrl })] : []),
    await authorityKeyIdentifier(authority),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ]
}

export const subjectAltNames = ({ uris, dns, ips, emails }: Terms): x509.JsonGeneralName[] => [
  ...(uris ?? []).map((value) => ({ type: 'url' as const, value })),
  ...(dns ?? []).map((value) => ({ type: 'dns' as const, value })),
  ...(ips ?? []).map((value) => ({ type: 'ip' as const, value })),
  ...(emails ?? []).map((value) => ({ type: 'email' as const, value })),
]

/** A certificate for somebody's public key. */
export async function certify(authority: Authority, terms: Terms, publicKey: CryptoKey): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: terms.subject,
    issuer: authority.certificate.subject,
    notBefore: terms.notBefore ?? validity.notBefore,
    notAfter: terms.notAfter ?? validity.notAfter,
    signingKey: authority.keys.privateKey,
    publicKey,
    signingAlgorithm: signingAlgorithm(authority.keys.privateKey),
    extensions: await leafExtensions(terms, publicKey, authority),
  })
}

/** A certificate and its key. An EC one takes a few milliseconds; an RSA key is made once for each subject and folder. */
export async function issue(authority: Authority, terms: Terms): Promise<Issued> {
  const keys = terms.keyPem ? await keysFromPem(terms.keyPem) : await keysFor(terms, authority.folder)
  return issuedOf(await certify(authority, terms, keys.publicKey), keyPem(keys.privateKey), authority.chain)
}

/** Certificate, key and chain as `issue` gives them. */
export const issuedOf = (certificate: x509.X509Certificate, key: string, chain: string): Issued => {
  const der = new Uint8Array(certificate.rawData)
  return {
    credentials: { cert: `${certificate.toString('pem').trim()}\n${chain}`, key },
    der,
    certificate,
    thumbprint: thumbprint(der),
    serial: certificate.serialNumber,
  }
}

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
