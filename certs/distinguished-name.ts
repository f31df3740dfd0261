/** Distinguished names: of organizations, in DER, and as a certificate writes them (RFC 4514, RFC 5280 §4.1.2.4). */
import type { X509Certificate } from 'node:crypto'
import { type Element, elementsOf, oid, printable, sequence, set, utf8 } from './der.ts'

/** `CN=New Plan, O=New Plan`: survives commas and quotes in the name. */
export const distinguishedName = (name: string): string => {
  const escaped = name.replace(/[\\,+"<>;=#]/g, '\\$&')
  return `CN=${escaped}, O=${escaped}`
}

const attributes: Readonly<Record<string, Buffer>> = {
  CN: oid('2.5.4.3'),
  C: oid('2.5.4.6'),
  L: oid('2.5.4.7'),
  ST: oid('2.5.4.8'),
  O: oid('2.5.4.10'),
  OU: oid('2.5.4.11'),
}

/** A name in DER. Throws TypeError for an attribute that is not used here. */
export const nameBytes = (name: string): Buffer =>
  sequence(
    ...(name.match(/(?:\\.|[^\\,])+/g) ?? []).map((part) => {
      const [, key = '', escaped = ''] = /^\s*(\w+)=(.*?)\s*$/s.exec(part) ?? []
      const attribute = attributes[key]
      if (!attribute) throw new TypeError(`a name is not made of "${part}"`)
      const value = escaped.replace(/\\(.)/gs, '$1')
      return set(sequence(attribute, key === 'C' ? printable(value) : utf8(value)))
    }),
  )

/** The subject of a certificate, as it stands there. */
export function subjectBytes({ raw }: X509Certificate): Buffer {
  const [certificate] = elementsOf(raw) as [Element]
  const [tbs] = elementsOf(certificate.content) as [Element]
  const fields = elementsOf(tbs.content)
  // [0] version is left out of certificates of version 1; then: serial, algorithm, issuer, validity, subject.
  return (fields[fields[0]?.tag === 0xa0 ? 5 : 4] as Element).raw
}

/** What a name (DER) is made of. */
function partsOf(name: Uint8Array): { key: string; value: string }[] {
  const [whole] = elementsOf(name) as [Element]
  return elementsOf(whole.content).flatMap(({ content }) =>
    elementsOf(content).map((part) => {
      const [attribute, value] = elementsOf(part.content) as [Element, Element]
      const known = Object.keys(attributes).find((key) => attributes[key]?.equals(attribute.raw))
      return { key: known ?? attribute.raw.toString('hex'), value: textOf(value) }
    }),
  )
}

const textOf = ({ tag, content }: Element): string =>
  tag === 0x0c
    ? content.toString('utf8')
    : tag === 0x1e
      ? Buffer.from(content).swap16().toString('utf16le')
      : content.toString('latin1')

/** `CN=New Plan, O=New Plan` */
export const nameText = (name: Uint8Array): string =>
  partsOf(name)
    .map(({ key, value }) => `${key}=${value}`)
    .join(', ')

/** Are two names (DER) the same, whatever their case, spaces and kinds of strings (RFC 5280 §7.1)? */
export function sameName(one: Uint8Array, other: Uint8Array): boolean {
  if (Buffer.compare(one, other) === 0) return true
  const plain = (name: Uint8Array): string =>
    JSON.stringify(partsOf(name).map(({ key, value }) => [key, value.trim().replace(/\s+/g, ' ').toLowerCase()]))
  return plain(one) === plain(other)
}
