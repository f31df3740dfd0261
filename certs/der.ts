/** DER (X.690): writes the few types that certificates and revocation lists are made of, and takes elements apart. */

const tlv = (tag: number, ...content: readonly Uint8Array[]): Buffer => {
  let length = 0
  for (const part of content) length += part.length
  return Buffer.concat([head(tag, length), ...content])
}

const head = (tag: number, length: number): Buffer =>
  length < 0x80
    ? Buffer.of(tag, length)
    : length < 0x100
      ? Buffer.of(tag, 0x81, length)
      : length < 0x10000
        ? Buffer.of(tag, 0x82, length >> 8, length & 0xff)
        : Buffer.of(tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff)

export const sequence = (...elements: readonly Uint8Array[]): Buffer => tlv(0x30, ...elements)
export const set = (...elements: readonly Uint8Array[]): Buffer => tlv(0x31, ...elements)
export const octets = (content: Uint8Array): Buffer => tlv(0x04, content)
export const yes = Buffer.of(0x01, 0x01, 0xff)
export const nothing = Buffer.of(0x05, 0x00)
export const enumerated = (value: number): Buffer => tlv(0x0a, Buffer.of(value))
export const utf8 = (text: string): Buffer => tlv(0x0c, Buffer.from(text))
export const printable = (text: string): Buffer => tlv(0x13, Buffer.from(text, 'latin1'))
/** Bits; the last `unused` of them are none. */
export const bits = (content: Uint8Array, unused = 0): Buffer => tlv(0x03, Buffer.of(unused), content)

/** A number that is not negative, or its bytes, the highest first. */
export function integer(value: number | Uint8Array): Buffer {
  const hex = typeof value === 'number' ? value.toString(16) : Buffer.from(value).toString('hex')
  const bare = hex.replace(/^(?:00)+(?=.)/, '')
  const bytes = Buffer.from(bare.length % 2 ? `0${bare}` : bare, 'hex')
  return (bytes[0] as number) > 0x7f ? tlv(0x02, Buffer.of(0), bytes) : tlv(0x02, bytes)
}

/** An object identifier, as it is written with dots. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second, ...others].flatMap((part) => {
    const sevens = [part & 0x7f]
    for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128))
      sevens.unshift((rest & 0x7f) | 0x80)
    return sevens
  })
  return tlv(0x06, Buffer.from(bytes))
}

/** A moment in UTC, to the second: two digits of the year until 2049, four from then on (RFC 5280 §4.1.2.5). */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, '')
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(digits.slice(2))) : tlv(0x18, Buffer.from(digits))
}

/** `[n]` around elements. */
export const around = (n: number, ...elements: readonly Uint8Array[]): Buffer => tlv(0xa0 | n, ...elements)
/** `[n]` in place of the tag of a simple type. */
export const instead = (n: number, content: Uint8Array): Buffer => tlv(0x80 | n, content)

export interface Element {
  readonly tag: number
  readonly content: Buffer
  /** With tag and length. */
  readonly raw: Buffer
}

/** The elements that stand one after the other. Throws RangeError where they do not fill the bytes exactly. */
export function elementsOf(bytes: Uint8Array): Element[] {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const elements: Element[] = []
  for (let at = 0; at < all.length; ) {
    const first = all[at + 1] ?? 0x80
    const long = first & 0x80 ? first & 0x7f : 0
    // No certificate is longer than three bytes can say, and DER has no other form.
    if (first === 0x80 || long > 3 || at + 2 + long > all.length) throw new RangeError('this is not DER')
    const from = at + 2 + long
    const to = from + (long ? all.readUIntBE(at + 2, long) : first)
    if (to > all.length) throw new RangeError('an element ends before it should')
    elements.push({ tag: all[at] as number, content: all.subarray(from, to), raw: all.subarray(at, to) })
    at = to
  }
  return elements
}

/** The moment that an element tells. Throws RangeError where it tells none. */
export function momentOf({ tag, content }: Element): Date {
  const [, year = '', ...rest] =
    /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/.exec(content.toString('latin1')) ?? []
  const [month, day, hour, minute, second] = rest.map((digits) => Number(digits ?? 0)) as [number, ...number[]]
  const whole = Number(year) + (year.length === 4 ? 0 : Number(year) < 50 ? 2000 : 1900)
  const moment = new Date(Date.UTC(whole, month - 1, day, hour, minute, second))
  if ((tag !== 0x17 && tag !== 0x18) || Number.isNaN(moment.getTime())) throw new RangeError('this is no moment')
  return moment
}
