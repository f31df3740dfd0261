/** Certificate signing requests: made by who holds the key, verified and granted by an authority. */
import { AsnConvert } from '@peculiar/asn1-schema'
import { type Authority, authorityOf, certifyAuthority } from './authority.ts'
import { certify, type Issued, issuedOf, type LeafTerms, subjectAltName, type Terms } from './issue.ts'
import { keyObject, keyPem, newKeys, signingAlgorithm, x509 } from './keys.ts'

export interface SigningRequest {
  /** PEM, `CERTIFICATE REQUEST`. */
  readonly pem: string
  readonly keys: CryptoKeyPair
}

/** A request for that subject and those names, with its own new key or the given one. */
export async function signingRequest(terms: Terms, keys?: CryptoKeyPair): Promise<SigningRequest> {
  const own = keys ?? (await newKeys(terms.key ?? 'ec'))
  const names = subjectAltName(terms)
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: terms.subject,
    keys: own,
    signingAlgorithm: signingAlgorithm(own.privateKey),
    extensions: names ? [new x509.Extension(AsnConvert.serialize(names))] : [],
  })
  return { pem: `${request.toString('pem').trim()}\n`, keys: own }
}

/** Reads a request (PEM) and proves that the sender holds its key. Undefined when it cannot be read or does not hold. */
export async function readRequest(pem: string): Promise<x509.Pkcs10CertificateRequest | undefined> {
  try {
    const request = new x509.Pkcs10CertificateRequest(pem)
    return (await request.verify()) ? request : undefined
  } catch {
    return undefined
  }
}

/** Grants a leaf (DER) for a request: its subject, its key, its SAN. */
export async function grantLeaf(
  authority: Authority,
  request: x509.Pkcs10CertificateRequest,
  terms: Partial<LeafTerms> = {},
): Promise<Uint8Array> {
  const san = request.getExtension('2.5.29.17')
  const names = san instanceof x509.SubjectAlternativeNameExtension ? san.names.items : []
  const of = (type: x509.GeneralNameType): string[] =>
    names.filter((name) => name.type === type).map((name) => name.value)
  const asked = { subject: request.subject, uris: of('url'), dns: of('dns'), ips: of('ip'), emails: of('email') }
  return certify(authority, { ...asked, ...terms }, keyObject(await request.publicKey.export()))
}

/** Grants the right to sign: the requester becomes an authority below this one. */
const grantAuthority = async (authority: Authority, request: x509.Pkcs10CertificateRequest): Promise<Uint8Array> =>
  certifyAuthority(authority, request.subject, keyObject(await request.publicKey.export()))

/** A new authority, as its owner gets it: makes a key, asks by request, and is granted. */
export async function authorityByRequest(above: Authority, name: string): Promise<Authority> {
  const own = await signingRequest({ subject: name })
  const request = await readRequest(own.pem)
  if (!request) throw new TypeError('our own request does not verify')
  return authorityOf(await grantAuthority(above, request), own.keys, above, above.folder)
}

/** A leaf, as its owner gets it. */
export async function leafByRequest(authority: Authority, terms: Terms): Promise<Issued> {
  const own = await signingRequest(terms)
  const request = await readRequest(own.pem)
  if (!request) throw new TypeError('our own request does not verify')
  const { subject: _subject, key: _key, keyPem: _keyPem, ...rest } = terms
  return issuedOf(await grantLeaf(authority, request, rest), keyPem(own.keys.privateKey), authority.chain)
}
