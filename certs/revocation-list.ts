/** Certificate revocation lists (RFC 5280 §5): an authority makes them, anybody reads them. */
import { createHash } from 'node:crypto'
import { certificateFrom } from '../harness/certificates.ts'
import { once } from '../harness/once.ts'
import { type Authority, validity } from './authority.ts'
import { elementsOf, momentOf } from './der.ts'
import { nameText, sameName, subjectBytes } from './distinguished-name.ts'
import { because, issuedWith, numbered } from './extensions.ts'
import { pem } from './keys.ts'
import { readSigned, signedList } from './signed.ts'

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

/** CRLReason; a reason that is unspecified is not written (RFC 5280 §5.3.1). */
const reasons: Readonly<Record<RevocationReason, number>> = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
}

/** The list of that authority, DER. Its period is that of the certificates, so that every clock of the house is inside. */
export const revocationList = (authority: Authority, revoked: readonly Revocation[], issue = 1): Uint8Array =>
  signedList(authority.key, {
    issuer: subjectBytes(authority.certificate),
    thisUpdate: validity.notBefore,
    nextUpdate: validity.notAfter,
    entries: revoked.map(({ serial, at, reason = 'unspecified' }) => ({
      serial,
      at,
      extensions: reason === 'unspecified' ? [] : [because(reasons[reason])],
    })),
    extensions: [issuedWith(authority.publicKey), numbered(issue)],
  })

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
export function readRevocationList(
  list: Uint8Array,
  issuer: Uint8Array,
  serial: string,
  at: Date,
): { believed: true; revoked: boolean } | { believed: false; why: string } {
  const known = listOf(list, issuer)
  if ('why' in known) return { believed: false, why: known.why }
  if (known.from > at) return { believed: false, why: 'it is from the future' }
  if (known.until && known.until < at) return { believed: false, why: 'a newer one is due' }
  return { believed: true, revoked: known.serials.has(number(serial)) }
}

/** A list that its issuer signed, or why it is none. */
type KnownList =
  | { readonly from: Date; readonly until: Date | undefined; readonly serials: ReadonlySet<string> }
  | { readonly why: string }

const lists = new Map<string, KnownList>()

/** Each list is read once for its issuer: the same few are asked about every certificate. */
function listOf(list: Uint8Array, issuer: Uint8Array): KnownList {
  const name = createHash('sha256').update(issuer).update(list).digest('base64')
  return once(lists, name, () => believable(list, issuer))
}

function believable(list: Uint8Array, issuer: Uint8Array): KnownList {
  try {
    const authority = certificateFrom(issuer)
    const { name, from, until, serials, holds } = readList(list)
    if (!sameName(name, subjectBytes(authority))) return { why: `it is the list of ${nameText(name)}` }
    if (!holds(authority.publicKey)) return { why: 'its signature is not that of the issuer' }
    return { from, until, serials: new Set(serials) }
  } catch (cause) {
    return { why: `it cannot be read: ${(cause as Error).message}` }
  }
}

/** Takes a list (DER or PEM) apart. Throws RangeError where it is none. */
function readList(list: Uint8Array) {
  const block = /-----BEGIN (?:X509 )?CRL-----([^-]+)-----END/.exec(Buffer.from(list).toString('latin1'))?.[1]
  const { content, holds } = readSigned(block ? Buffer.from(block, 'base64') : list)
  // A list of version 1 does not say so; then: algorithm, issuer, moment, next moment if any, entries if any, extensions.
  const [, issuer, from, ...more] = content.slice(content[0]?.tag === 0x02 ? 1 : 0)
  if (!issuer || !from) throw new RangeError('this is no revocation list')
  const until = more[0]?.tag === 0x17 || more[0]?.tag === 0x18 ? momentOf(more[0]) : undefined
  const entries = elementsOf(more.find(({ tag }) => tag === 0x30)?.content ?? Buffer.of())
  const serials = entries.map((entry) => number(elementsOf(entry.content)[0]?.content.toString('hex') ?? ''))
  return { name: issuer.raw, from: momentOf(from), until, serials, holds }
}

/** How many a list (PEM) names; undefined where it cannot be read. */
export function revokedIn(pemText: string): number | undefined {
  try {
    return readList(Buffer.from(pemText)).serials.length
  } catch {
    return undefined
  }
}

/** Do both hex texts write the same serial number? */
export const sameSerial = (one: string, other: string): boolean => number(one) === number(other)
