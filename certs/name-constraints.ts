/**
 * Name constraints (RFC 5280 §4.2.1.10): which names may stand in certificates below an authority. A kind of name that is
 * constrained and that nobody here can compare is not let through (§6.1.4: process it, or reject).
 */
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import * as asn1 from '@peculiar/asn1-x509'

type Kind = keyof asn1.GeneralName
/** Does the subtree hold the name? Undefined: that cannot be told. */
type Holds = (subtree: asn1.GeneralName, name: asn1.GeneralName) => boolean | undefined

/** Subject and alternative names of a certificate, each as its own kind (§6.1.3 (b) and (c)). */
export function namesOf(subject: asn1.Name, alternative: readonly asn1.GeneralName[] | undefined): asn1.GeneralName[] {
  const names = [...(alternative ?? [])]
  if (subject.length) names.push(new asn1.GeneralName({ directoryName: subject }))
  // Where there is no SAN, an address in the subject counts like one in it.
  if (!alternative)
    for (const { type, value } of subject.flat())
      if (type === emailAddress) names.push(new asn1.GeneralName({ rfc822Name: value.toString() }))
  return names
}
const emailAddress = '1.2.840.113549.1.9.1'

/** Why an authority with these constraints may not have such a name below it; undefined where it may. */
export function nameDoubt(constraints: asn1.NameConstraints, name: asn1.GeneralName): string | undefined {
  const kind = kindOf(name)
  const own = (subtrees: readonly asn1.GeneralSubtree[] = []): asn1.GeneralSubtree[] =>
    subtrees.filter(({ base }) => kindOf(base) === kind)
  const excluded = own(constraints.excludedSubtrees)
  const permitted = own(constraints.permittedSubtrees)
  // Subtrees with a depth are not part of the profile (§4.2.1.10).
  const odd = [...excluded, ...permitted].some(({ minimum, maximum }) => minimum !== 0 || maximum !== undefined)
  const holds = holdings[kind]
  if (odd || (!holds && excluded.length + permitted.length > 0))
    return `it constrains names (${kind}) in a way not known here`
  if (!holds) return undefined
  const held = (subtrees: readonly asn1.GeneralSubtree[]): (boolean | undefined)[] =>
    subtrees.map(({ base }) => holds(base, name))
  if (held(excluded).some((one) => one !== false))
    return `it excludes a name (${kind}) that is in the certificate below it`
  if (permitted.length && !held(permitted).includes(true))
    return `it does not permit a name (${kind}) that is in the certificate below it`
  return undefined
}

/** Reads the extension. Throws where it is empty, or holds a mask of addresses that is no prefix (RFC 4632). */
export function readNameConstraints(value: BufferSource): asn1.NameConstraints {
  const read = AsnConvert.parse(value, asn1.NameConstraints)
  const subtrees = [...(read.permittedSubtrees ?? []), ...(read.excludedSubtrees ?? [])]
  if (!subtrees.length) throw new TypeError('name constraints without any')
  // The library reads a mask as the number of its bits: where it writes another, it was no prefix.
  const addresses = subtrees.some(({ base }) => base.iPAddress !== undefined)
  if (addresses && !Buffer.from(AsnConvert.serialize(read)).equals(bytesOf(value)))
    throw new TypeError('a range of addresses that cannot be read')
  return read
}

const kindOf = (name: asn1.GeneralName): Kind =>
  (Object.keys(name) as Kind[]).find((kind) => name[kind] !== undefined) as Kind

const bytesOf = (source: BufferSource): Buffer =>
  ArrayBuffer.isView(source) ? Buffer.from(source.buffer, source.byteOffset, source.byteLength) : Buffer.from(source)

const lower = (host: string): string => host.toLowerCase().replace(/\.$/, '')

/** `host.example` is that host, `.example` every host below. */
const hostIn = (subtree: string, host: string): boolean =>
  subtree.startsWith('.') ? host.endsWith(lower(subtree)) : host === lower(subtree)

/** An address, or a range with its mask behind it. */
const octets = (text: string): Buffer =>
  Buffer.from(AsnConvert.parse(asn1.AsnIpConverter.toASN(text).toBER(), OctetString).buffer)

const holdings: Partial<Record<Kind, Holds>> = {
  /** A name and all names to which labels were added on its left; the empty one holds them all. */
  dNSName: ({ dNSName: subtree = '' }, { dNSName: name = '' }) => {
    const [within, host] = [lower(subtree).replace(/^\./, ''), lower(name)]
    return within === '' || host.endsWith(`.${within}`) || (host === within && !subtree.startsWith('.'))
  },
  /** Only of a URI with a host name this can be told. */
  uniformResourceIdentifier: ({ uniformResourceIdentifier: subtree = '' }, { uniformResourceIdentifier: uri = '' }) => {
    const host = URL.canParse(uri) ? lower(new URL(uri).hostname) : ''
    return host === '' || host.startsWith('[') || /^[\d.]+$/.test(host) ? undefined : hostIn(subtree, host)
  },
  /** One mailbox, all of a host, or all of the hosts below a domain. What stands before the @ is told apart by case. */
  rfc822Name: ({ rfc822Name: subtree = '' }, { rfc822Name: address = '' }) => {
    const at = address.lastIndexOf('@')
    if (at < 0) return undefined
    const [box, host] = [address.slice(0, at), lower(address.slice(at + 1))]
    const own = subtree.lastIndexOf('@')
    return own < 0 ? hostIn(subtree, host) : subtree.slice(0, own) === box && lower(subtree.slice(own + 1)) === host
  },
  iPAddress: ({ iPAddress: subtree = '' }, { iPAddress: address = '' }) => {
    const range = octets(subtree)
    const bytes = octets(address)
    const mask = range.subarray(bytes.length)
    return (
      range.length === 2 * bytes.length &&
      bytes.every((byte, i) => ((byte ^ (range[i] as number)) & (mask[i] as number)) === 0)
    )
  },
  /** Begins with the same relative names. */
  directoryName: ({ directoryName: subtree }, { directoryName: name }) =>
    (subtree ?? []).every((part, i) => sameRelativeName(part, name?.[i])),
}

const sameRelativeName = (one: asn1.RelativeDistinguishedName, other?: asn1.RelativeDistinguishedName): boolean =>
  one.length === other?.length && one.every((own) => other.some((its) => own.type === its.type && sameText(own, its)))

/** Case and runs of spaces do not count (§7.1), nor does the kind of string. */
const sameText = (one: asn1.AttributeTypeAndValue, other: asn1.AttributeTypeAndValue): boolean =>
  plain(one.value) === plain(other.value)
const plain = (value: asn1.AttributeValue): string =>
  value.toString().normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')
