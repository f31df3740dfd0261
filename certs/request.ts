/** Certificate signing requests (PKCS #10): made by who holds the key, verified and granted by an authority. */
import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { type Authority, authorityOf, certifyAuthority } from './authority.ts'
import { type Element, elementsOf, oid, sequence, set } from './der.ts'
import { nameBytes } from './distinguished-name.ts'
import { extensionsIn, isCalled, type Names, namesIn } from './extensions.ts'
import { certify, type Issued, issuedOf, type Terms } from './issue.ts'
import { keyPem, newKey, pem } from './keys.ts'
import { readSigned, signedRequest } from './signed.ts'

export interface SigningRequest {
  /** PEM, `CERTIFICATE REQUEST`. */
  readonly pem: string
  readonly key: KeyObject
}

/** What a request asks for, by who holds the key. */
export interface Asked {
  /** Name in DER. */
  readonly subject: Uint8Array
  readonly names: Names
  readonly publicKey: KeyObject
}

const extensionRequest = oid('1.2.840.113549.1.9.14')

/** A request for that subject and those names, with its own new key. */
export async function signingRequest(terms: Terms): Promise<SigningRequest> {
  const key = await newKey(terms.key ?? 'ec')
  const wanted = isCalled(terms)
  const attributes = wanted.length > 0 ? [sequence(extensionRequest, set(sequence(...wanted)))] : []
  const der = signedRequest(key, createPublicKey(key), nameBytes(terms.subject), attributes)
  return { pem: pem('CERTIFICATE REQUEST', der), key }
}

/** Reads a request (PEM) and proves that the sender holds its key. Undefined when it cannot be read or does not hold. */
export function readRequest(text: string): Asked | undefined {
  try {
    const block = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([^-]+)-----END/.exec(text)?.[1] ?? ''
    const { content, holds } = readSigned(Buffer.from(block, 'base64'))
    const [, subject, spki, attributes] = content as [Element, Element, Element, Element?]
    const publicKey = createPublicKey({ key: spki.raw, type: 'spki', format: 'der' })
    if (!holds(publicKey)) return undefined
    return { subject: subject.raw, names: requestedNames(attributes), publicKey }
  } catch {
    return undefined
  }
}

function requestedNames(attributes: Element | undefined): Names {
  for (const attribute of attributes ? elementsOf(attributes.content) : []) {
    const [name, values] = elementsOf(attribute.content) as [Element, Element]
    const [extensions] = name.raw.equals(extensionRequest) ? elementsOf(values.content) : []
    if (extensions) return namesIn(extensionsIn(extensions))
  }
  return {}
}

/** Grants a leaf for a request: its subject, its key, its SAN. */
export const grantLeaf = (
  authority: Authority,
  { subject, names, publicKey }: Asked,
  terms: Omit<Terms, 'subject' | 'key' | 'keyPem'> = {},
): X509Certificate => certify(authority, { ...names, ...terms }, subject, publicKey)

/** A new authority, as its owner gets it: makes a key, asks by request, and is granted to sign below that one. */
export async function authorityByRequest(above: Authority, name: string): Promise<Authority> {
  const { pem: text, key } = await signingRequest({ subject: name })
  const { subject, publicKey } = proven(text)
  return authorityOf(certifyAuthority(above, subject, publicKey), key, above, above.folder)
}

/** A leaf, as its owner gets it. */
export async function leafByRequest(authority: Authority, terms: Terms): Promise<Issued> {
  const { pem: text, key } = await signingRequest(terms)
  const { subject: _subject, key: _key, keyPem: _keyPem, ...rest } = terms
  return issuedOf(grantLeaf(authority, proven(text), rest), keyPem(key), authority.chain)
}

function proven(text: string): Asked {
  const asked = readRequest(text)
  if (!asked) throw new TypeError('our own request does not verify')
  return asked
}
