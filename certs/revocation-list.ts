/** Certificate revocation lists (RFC 5280 §5): an authority makes them, anybody reads them. */
import { createHash } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { once } from '../harness/once.ts'
import { type Authority, authorityKeyIdentifier, nameOfAuthority, validity } from './authority.ts'
import { pem, signingAlgorithm, x509 } from './keys.ts'

export interface Revocation {
  /** Hex, as in the certificate. */
  readonly serial: string
  readonly at: Date
  readonly reason?: RevocationReason
}
export type RevocationReason =
  | 'unspecified'
  | 'keyCompromise'
  | 'affiliationChanged'
  | 'superseded'
  | 'cessationOfOperation'

const made = new Map<string, Promise<Uint8Array>>()

/**
 * The list of that authority, DER. Its period is that of the certificates, so that every clock of the house is inside. A list
 * that says the same as one before is that one: most are of nobody.
 */
export function revocationList(authority: Authority, revoked: readonly Revocation[], issue = 1): Promise<Uint8Array> {
  const name = `${authority.pem}${issue} ${JSON.stringify(revoked)}`
  return once(made, name, () => newList(authority, revoked, issue))
}

async function newList(authority: Authority, revoked: readonly Revocation[], issue: number): Promise<Uint8Array> {
  const list = await x509.X509CrlGenerator.create({
    issuer: new x509.Name(nameOfAuthority(authority)),
    thisUpdate: validity.notBefore,
    nextUpdate: validity.notAfter,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: signingAlgorithm(authority.keys.privateKey),
    // Without a reason the library writes an empty extension list, which strict readers refuse.
    entries: revoked.map(({ serial, at, reason }) => ({
      serialNumber: serial,
      revocationDate: wholeSecond(at),
      reason: x509.X509CrlReason[reason ?? 'unspecified'],
    })),
    extensions: [new x509.Extension(AsnConvert.serialize(authorityKeyIdentifier(authority))), crlNumber(issue)],
  })
  return new Uint8Array(list.rawData)
}

/** Times of certificates, of lists and of OCSP have no fractions of a second (RFC 5280 §4.1.2.5.2). */
export const wholeSecond = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000)

/** CRLNumber: every list of an authority has a higher one than the last. */
const crlNumber = (value: number): x509.Extension => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  const positive = (bytes[0] as number) > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes
  return new x509.Extension('2.5.29.20', false, Uint8Array.of(0x02, positive.length, ...positive))
}

/** PEM with the label that OpenSSL and Node read. */
export const revocationListPem = (der: Uint8Array): string => pem('X509 CRL', der)

const number = (serial: string): string =>
  serial
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '')
    .replace(/^0+/, '')

/**
 * What a list (DER or PEM) says of a serial number: revoked or not, or why the list cannot be believed. `issuer` is the
 * certificate (DER) of the authority whose list it must be.
 */
export async function readRevocationList(
  list: Uint8Array,
  issuer: Uint8Array,
  serial: string,
  at: Date,
): Promise<{ believed: true; revoked: boolean } | { believed: false; why: string }> {
  const known = await listOf(list, issuer)
  if ('why' in known) return { believed: false, why: known.why }
  if (known.from > at) return { believed: false, why: 'it is from the future' }
  if (known.until && known.until < at) return { believed: false, why: 'a newer one is due' }
  return { believed: true, revoked: known.serials.has(number(serial)) }
}

/** A list that its issuer signed, or why it is none. */
type KnownList =
  | { readonly from: Date; readonly until: Date | undefined; readonly serials: ReadonlySet<string> }
  | { readonly why: string }

const lists = new Map<string, Promise<KnownList>>()

/** Each list is read once for its issuer: the same few are asked about every certificate. */
function listOf(list: Uint8Array, issuer: Uint8Array): Promise<KnownList> {
  const name = createHash('sha256').update(issuer).update(list).digest('base64')
  return once(lists, name, () => signedList(list, issuer))
}

async function signedList(list: Uint8Array, issuer: Uint8Array): Promise<KnownList> {
  try {
    const text = Buffer.from(list).toString('latin1')
    const block = /-----BEGIN (?:X509 )?CRL-----([^-]+)-----END/.exec(text)?.[1]
    const crl = new x509.X509Crl(block ? Buffer.from(block, 'base64') : new Uint8Array(list))
    const authority = new x509.X509Certificate(new Uint8Array(issuer))
    if (crl.issuer !== authority.subject) return { why: `it is the list of ${crl.issuer}` }
    if (!(await crl.verify({ publicKey: await authority.publicKey.export() })))
      return { why: 'its signature is not that of the issuer' }
    const serials = new Set(crl.entries.map((entry) => number(entry.serialNumber)))
    return { from: crl.thisUpdate, until: crl.nextUpdate, serials }
  } catch (cause) {
    return { why: `it cannot be read: ${(cause as Error).message}` }
  }
}

/** Do both hex texts write the same serial number? */
export const sameSerial = (one: string, other: string): boolean => number(one) === number(other)
