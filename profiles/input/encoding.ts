/** Bytes to text. FHIR is UTF-8 without a byte order mark (RFC 8259, 8.1); anything else is named, with the place of the first bad byte. */
import { isUtf8 } from 'node:buffer'
import type { Trouble } from './trouble.ts'

export interface Decoded {
  readonly text: string | undefined
  readonly troubles: readonly Trouble[]
}

const none: readonly Trouble[] = []

/** Decodes UTF-8. `firstLine` is the number of the first line of `bytes` in its file. */
export function decode(bytes: Uint8Array, firstLine = 1): Decoded {
  const wide = wideEncoding(bytes)
  if (wide) return refused(`The text is ${wide}; FHIR is UTF-8. Save it as UTF-8.`, firstLine, 1)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  if (!isUtf8(bytes)) {
    const at = firstBadByte(bytes)
    const before = buffer.subarray(0, at)
    const line = firstLine + count(before, 10)
    const column = before.subarray(before.lastIndexOf(10) + 1).toString('utf8').length + 1
    const byte = (bytes[at] as number).toString(16).toUpperCase().padStart(2, '0')
    return refused(
      `The byte 0x${byte} is not UTF-8 here (in Latin-1 it is "${buffer.toString('latin1', at, at + 1)}"). Save the text as UTF-8.`,
      line,
      column,
    )
  }
  if (!marked) return { text: buffer.toString('utf8'), troubles: none }
  const message =
    'The text begins with a byte order mark, which JSON must not have (RFC 8259, 8.1). It was passed over.'
  return {
    text: buffer.toString('utf8', 3),
    troubles: [{ severity: 'warning', code: 'input-byte-order-mark', message, line: firstLine, column: 1 }],
  }
}

const refused = (message: string, line: number, column: number): Decoded => ({
  text: undefined,
  troubles: [{ severity: 'error', code: 'input-encoding', message, line, column }],
})

/** UTF-16 or UTF-32, by byte order mark or by where the zeros of its first two ASCII characters stand. */
function wideEncoding([a, b, c, d]: Uint8Array): string | undefined {
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'UTF-32 (big endian)'
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? 'UTF-32 (little endian)' : 'UTF-16 (little endian)'
  if (a === 0xfe && b === 0xff) return 'UTF-16 (big endian)'
  if (a === 0 && b === 0) return c === 0 ? undefined : 'UTF-16 or UTF-32'
  if (a === 0 && c === 0 && b !== undefined && d !== undefined) return 'UTF-16 (big endian)'
  if (b === 0 && a !== 0 && a !== undefined && c !== undefined)
    return c === 0 && d === 0 ? 'UTF-32 (little endian)' : 'UTF-16 (little endian)'
  return undefined
}

/** Index of the first byte that makes the bytes not UTF-8: found by halving, as whether a prefix is good is quick to ask. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    let middle = (good + bad) >> 1
    // A prefix must not end within a character: step back to the start of one, unless that passes what is known good.
    while (middle > good && ((bytes[middle] as number) & 0xc0) === 0x80) middle--
    if (middle === good) break
    if (isUtf8(bytes.subarray(good, middle))) good = middle
    else bad = middle
  }
  while (good < bad) {
    const length = lengthOf(bytes[good] as number)
    if (length === 0 || good + length > bytes.length || !isUtf8(bytes.subarray(good, good + length))) return good
    good += length
  }
  return good
}

const lengthOf = (lead: number): number =>
  lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0

/** How often a byte occurs. */
export function count(bytes: Uint8Array, byte: number): number {
  let times = 0
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) times++
  return times
}
