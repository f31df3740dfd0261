/** A certificate authority: who may sign for whom. Roots sign authorities, authorities sign leaves (issue.ts). */
import { keyPem, newKeys, serialNumber, signingAlgorithm, x509 } from './keys.ts'

/** Valid by the virtual clock of self-play and by the machine's own, whatever the day. */
export const validity = {
  notBefore: new Date('2025-01-01T00:00:00Z'),
  notAfter: new Date('2036-01-01T00:00:00Z'),
} as const

export interface Authority {
  /** Distinguished name. */
  readonly name: string
  readonly certificate: x509.X509Certificate
  /** Of this authority alone. */
  readonly pem: string
  /** PEM of this authority and of those above it, nearest first, without the root: what a leaf carries behind itself. */
  readonly chain: string
  readonly keys: CryptoKeyPair
  /** Where made things may be kept; undefined: nowhere. */
  readonly folder: string | undefined
}

export const authorityOf = (
  certificate: x509.X509Certificate,
  keys: CryptoKeyPair,
  above: Authority | undefined,
  folder: string | undefined,
): Authority => {
  const text = `${certificate.toString('pem').trim()}\n`
  return {
    name: certificate.subject,
    certificate,
    pem: text,
    chain: above ? text + above.chain : '',
    keys,
    folder: folder ?? above?.folder,
  }
}

const extensions = async (key: CryptoKey, depth: number, above?: Authority): Promise<x509.Extension[]> => [
  new x509.BasicConstraintsExtension(true, depth, true),
  new x509.KeyUsagesExtension(
    x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
    true,
  ),
  await x509.SubjectKeyIdentifierExtension.create(key),
  ...(above ? [await x509.AuthorityKeyIdentifierExtension.create(above.keys.publicKey)] : []),
]

/** A root, signed by itself. */
export async function rootAuthority(name: string, folder?: string): Promise<Authority> {
  const keys = await newKeys('ec')
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name,
    ...validity,
    keys,
    signingAlgorithm: signingAlgorithm(keys.privateKey),
    extensions: await extensions(keys.publicKey, 2),
  })
  return authorityOf(certificate, keys, undefined, folder)
}

/** An authority below another. `publicKey` makes a certificate for somebody else's key, as from a request. */
export async function certifyAuthority(
  above: Authority,
  name: string,
  publicKey: CryptoKey,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: above.certificate.subject,
    ...validity,
    signingKey: above.keys.privateKey,
    publicKey,
    signingAlgorithm: signingAlgorithm(above.keys.privateKey),
    extensions: await extensions(publicKey, 0, above),
  })
}

/** An authority below another, with its own new key. */
export async function intermediateAuthority(above: Authority, name: string): Promise<Authority> {
  const keys = await newKeys('ec')
  return authorityOf(await certifyAuthority(above, name, keys.publicKey), keys, above, above.folder)
}

/** Certificate and key as text, for a file; `authorityFrom` reads them back. */
export const authorityText = (authority: Authority): { certificate: string; key: string } => ({
  certificate: authority.pem,
  key: keyPem(authority.keys.privateKey),
})
