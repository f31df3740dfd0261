/** The extensions that our certificates, requests and revocation lists carry (RFC 5280 §4.2, §5.2, §5.3): in DER, and read from it. */
import { createHash, type KeyObject } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import {
  around,
  bits,
  type Element,
  elementsOf,
  enumerated,
  instead,
  integer,
  octets,
  oid,
  sequence,
  yes,
} from './der.ts'

const id = {
  subjectKeyIdentifier: oid('2.5.29.14'),
  keyUsage: oid('2.5.29.15'),
  subjectAltName: oid('2.5.29.17'),
  basicConstraints: oid('2.5.29.19'),
  crlNumber: oid('2.5.29.20'),
  reasonCode: oid('2.5.29.21'),
  crlDistributionPoints: oid('2.5.29.31'),
  authorityKeyIdentifier: oid('2.5.29.35'),
  extendedKeyUsage: oid('2.5.29.37'),
  authorityInfoAccess: oid('1.3.6.1.5.5.7.1.1'),
  ocsp: oid('1.3.6.1.5.5.7.48.1'),
} as const

export type Usage = 'clientAuth' | 'serverAuth' | 'codeSigning' | 'ocspSigning'
const usages: Readonly<Record<Usage, Buffer>> = {
  serverAuth: oid('1.3.6.1.5.5.7.3.1'),
  clientAuth: oid('1.3.6.1.5.5.7.3.2'),
  codeSigning: oid('1.3.6.1.5.5.7.3.3'),
  ocspSigning: oid('1.3.6.1.5.5.7.3.9'),
}

/** What a subject is called, by the kind of name. */
export interface Names {
  readonly uris?: readonly string[] | undefined
  readonly dns?: readonly string[] | undefined
  readonly ips?: readonly string[] | undefined
  readonly emails?: readonly string[] | undefined
}

const extension = (name: Buffer, value: Buffer): Buffer => sequence(name, octets(value))
const critical = (name: Buffer, value: Buffer): Buffer => sequence(name, yes, octets(value))

/** Of an authority, with how many authorities may stand below it. */
export const isAuthority = (below: number): Buffer => critical(id.basicConstraints, sequence(yes, integer(below)))
export const isLeaf = critical(id.basicConstraints, sequence())

/** The bits of KeyUsage: digitalSignature alone, or with keyCertSign and cRLSign. */
export const signsContent = critical(id.keyUsage, bits(Buffer.of(0x80), 7))
export const signsCertificates = critical(id.keyUsage, bits(Buffer.of(0x86), 1))

export const servesFor = (purposes: readonly Usage[]): Buffer =>
  extension(id.extendedKeyUsage, sequence(...purposes.map((purpose) => usages[purpose])))

const identifiers = new WeakMap<KeyObject, Buffer>()

/** By what a key is recognized: the SHA-1 of its bits (RFC 5280 §4.2.1.2, method 1). Worked out once for each. */
function keyIdentifier(key: KeyObject): Buffer {
  const known = identifiers.get(key)
  if (known) return known
  const [spki] = elementsOf(key.export({ type: 'spki', format: 'der' })) as [Element]
  const [, keyBits] = elementsOf(spki.content) as [Element, Element]
  const made = createHash('sha1').update(keyBits.content.subarray(1)).digest()
  identifiers.set(key, made)
  return made
}

export const hasKey = (key: KeyObject): Buffer => extension(id.subjectKeyIdentifier, octets(keyIdentifier(key)))
export const issuedWith = (key: KeyObject): Buffer =>
  extension(id.authorityKeyIdentifier, sequence(instead(0, keyIdentifier(key))))

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1')
const uri = (url: string): Buffer => instead(6, ascii(url))

/** SubjectAltName. Throws TypeError for an address that is none. */
export const isCalled = ({ uris = [], dns = [], ips = [], emails = [] }: Names): Buffer[] => {
  const names = [
    ...uris.map(uri),
    ...dns.map((name) => instead(2, ascii(name))),
    ...ips.map((ip) => instead(7, addressBytes(ip))),
    ...emails.map((email) => instead(1, ascii(email))),
  ]
  return names.length > 0 ? [extension(id.subjectAltName, sequence(...names))] : []
}

function addressBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number))
  if (!isIPv6(ip)) throw new TypeError(`${ip} is no IP address`)
  const [before = '', after = ''] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::')
  const [left, right] = [before, after].map((part) => part.split(':').filter(Boolean)) as [string[], string[]]
  const all = [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right]
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex')
}

/** Where its revocation can be learned. */
export const listedAt = (url: string): Buffer =>
  extension(id.crlDistributionPoints, sequence(sequence(around(0, around(0, uri(url))))))
export const answeredAt = (url: string): Buffer =>
  extension(id.authorityInfoAccess, sequence(sequence(id.ocsp, uri(url))))

/** Every list of an authority has a higher number than the last. */
export const numbered = (issue: number): Buffer => extension(id.crlNumber, integer(issue))
export const because = (reason: number): Buffer => extension(id.reasonCode, enumerated(reason))

/** The values of extensions, by their names in DER (hex). */
export type Extensions = ReadonlyMap<string, Buffer>

/** Reads a SEQUENCE of extensions. */
export const extensionsIn = ({ content }: Element): Extensions =>
  new Map(
    elementsOf(content).map((one) => {
      const parts = elementsOf(one.content) as [Element, ...Element[]]
      return [parts[0].raw.toString('hex'), (parts.at(-1) as Element).content]
    }),
  )

/** Those of a certificate (DER). */
export function extensionsOf(certificateDer: Uint8Array): Extensions {
  const [certificate] = elementsOf(certificateDer) as [Element]
  const [tbs] = elementsOf(certificate.content) as [Element]
  const [extensions] = elementsOf(tbs.content).flatMap(({ tag, content }) => (tag === 0xa3 ? elementsOf(content) : []))
  return extensions ? extensionsIn(extensions) : new Map()
}

/** The elements in the value of one of them. */
const inside = (extensions: Extensions, name: Buffer): Element[] => {
  const value = extensions.get(name.toString('hex'))
  const [whole] = value ? elementsOf(value) : []
  return whole ? elementsOf(whole.content) : []
}

/** The names of the subject. */
export function namesIn(extensions: Extensions): Names {
  const all = inside(extensions, id.subjectAltName)
  const of = (n: number): Buffer[] => all.filter(({ tag }) => tag === (0x80 | n)).map(({ content }) => content)
  const texts = (n: number): string[] => of(n).map((content) => content.toString('latin1'))
  return { emails: texts(1), dns: texts(2), uris: texts(6), ips: of(7).map(addressText) }
}

const addressText = (bytes: Buffer): string =>
  bytes.length === 4 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':')

/** The addresses of its revocation lists. */
export const listsIn = (extensions: Extensions): string[] =>
  inside(extensions, id.crlDistributionPoints)
    .flatMap(({ content }) => elementsOf(content).filter(({ tag }) => tag === 0xa0))
    .flatMap(({ content }) => elementsOf(content).filter(({ tag }) => tag === 0xa0))
    .flatMap(({ content }) => urlsIn(content))

/** The addresses of its OCSP responders. */
export const respondersIn = (extensions: Extensions): string[] =>
  inside(extensions, id.authorityInfoAccess)
    .filter(({ content }) => elementsOf(content)[0]?.raw.equals(id.ocsp))
    .flatMap(({ content }) => urlsIn(content))

const urlsIn = (content: Buffer): string[] =>
  elementsOf(content).flatMap(({ tag, content: url }) => (tag === 0x86 ? [url.toString('latin1')] : []))
