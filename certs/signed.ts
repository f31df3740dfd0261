/** What is signed in DER, each the same way: certificates, revocation lists and requests (RFC 5280 §4.1, §5.1; RFC 2986). */
import type { KeyObject } from 'node:crypto'
import { around, bits, type Element, elementsOf, integer, sequence, time } from './der.ts'
import { isSignatureOf, signingWith } from './signature-algorithms.ts'

export interface Signed {
  /** The elements of what is signed. */
  readonly content: readonly Element[]
  /** Is the signature that of this key? */
  holds(key: KeyObject): boolean
}

/** Takes it apart. Throws RangeError where it is not SEQUENCE { content, algorithm, signature }. */
export function readSigned(der: Uint8Array): Signed {
  const [whole] = elementsOf(der)
  const [content, algorithm, signature] = whole ? elementsOf(whole.content) : []
  if (!content || !algorithm || signature?.tag !== 0x03) throw new RangeError('this is not signed')
  return {
    content: elementsOf(content.content),
    holds: (key) => isSignatureOf(key, algorithm, content.raw, signature.content.subarray(1)),
  }
}

const signed = (key: KeyObject, content: (algorithm: Buffer) => Buffer): Buffer => {
  const { identifier, over } = signingWith(key)
  const toSign = content(identifier)
  return sequence(toSign, identifier, bits(over(toSign)))
}

const spki = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

export interface CertificateContents {
  /** Hex. */
  readonly serial: string
  /** Names in DER. */
  readonly subject: Uint8Array
  readonly issuer: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKey: KeyObject
  readonly extensions: readonly Buffer[]
}

/** A certificate (DER), signed with `key`. Throws TypeError for a kind of key that nobody signs with here. */
export const signedCertificate = (key: KeyObject, contents: CertificateContents): Buffer =>
  signed(key, (algorithm) =>
    sequence(
      around(0, integer(2)),
      integer(Buffer.from(contents.serial, 'hex')),
      algorithm,
      contents.issuer,
      sequence(time(contents.notBefore), time(contents.notAfter)),
      contents.subject,
      spki(contents.publicKey),
      around(3, sequence(...contents.extensions)),
    ),
  )

export interface ListContents {
  /** Name in DER. */
  readonly issuer: Uint8Array
  readonly thisUpdate: Date
  readonly nextUpdate: Date
  /** Who is revoked: number (hex), since when, and why. */
  readonly entries: readonly { readonly serial: string; readonly at: Date; readonly extensions: readonly Buffer[] }[]
  readonly extensions: readonly Buffer[]
}

/** A revocation list (DER), signed with `key`. */
export const signedList = (key: KeyObject, contents: ListContents): Buffer =>
  signed(key, (algorithm) => {
    const entries = contents.entries.map(({ serial, at, extensions }) =>
      sequence(integer(Buffer.from(serial, 'hex')), time(at), ...(extensions.length ? [sequence(...extensions)] : [])),
    )
    return sequence(
      integer(1),
      algorithm,
      contents.issuer,
      time(contents.thisUpdate),
      time(contents.nextUpdate),
      // A list of nobody is left out (RFC 5280 §5.1.2.6).
      ...(entries.length > 0 ? [sequence(...entries)] : []),
      around(0, sequence(...contents.extensions)),
    )
  })

/** A certification request (DER, PKCS #10), signed with the key that it is for. `attributes`: in DER. */
export const signedRequest = (
  key: KeyObject,
  publicKey: KeyObject,
  subject: Uint8Array,
  attributes: readonly Buffer[],
): Buffer => signed(key, () => sequence(integer(0), subject, spki(publicKey), around(0, ...attributes)))
