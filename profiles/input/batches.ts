/** A stream of bytes as batches of whole lines: NDJSON of any size at constant memory, each line with its number. */
import { count } from './encoding.ts'
import { defaultLimits } from './trouble.ts'

export interface LineBatch {
  /** Whole lines, in a buffer of their own so that they can be handed to another thread. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Number of the first of them in the file. */
  readonly firstLine: number
  /** The one line was longer than allowed and was passed over. */
  readonly oversize?: true
}

const lineFeed = 10
const usual = 2 ** 20
/** Most batches end a bit later. */
const usualRoom = usual + 2 ** 18

/**
 * Cuts the stream after a line end about every `size` bytes. A line longer than `longest` is named and passed over, never held.
 * Batches are put into the `spare` memory that is there: who has judged one puts its memory back, as a gigabyte in pieces of a megabyte
 * would lie about until the next great clearing.
 */
export async function* lineBatches(
  stream: AsyncIterable<Uint8Array>,
  size = usual,
  longest = defaultLimits.line,
  spare: ArrayBuffer[] = [],
): AsyncGenerator<LineBatch> {
  let held = new Uint8Array(new ArrayBuffer(size + size))
  /** Bytes held, and how many of them are whole lines. */
  let filled = 0
  let whole = 0
  let line = 1
  let skipping = false
  const add = (bytes: Uint8Array): void => {
    if (filled + bytes.length > held.length) {
      const larger = new Uint8Array(new ArrayBuffer(Math.max(2 * held.length, filled + bytes.length)))
      larger.set(held.subarray(0, filled))
      held = larger
    }
    held.set(bytes, filled)
    const last = bytes.lastIndexOf(lineFeed)
    if (last !== -1) whole = filled + last + 1
    filled += bytes.length
  }
  const take = (length: number): LineBatch => {
    const memory = spare.pop()
    // That of a very long line is let go.
    const fits = memory !== undefined && memory.byteLength >= length && memory.byteLength <= 4 * usualRoom
    const bytes = new Uint8Array(fits ? memory : new ArrayBuffer(Math.max(length, usualRoom)), 0, length)
    bytes.set(held.subarray(0, length))
    const batch = { bytes, firstLine: line }
    line += count(bytes, lineFeed)
    return batch
  }
  const forget = (length: number): void => {
    held.copyWithin(0, length, filled)
    filled -= length
    whole = 0
    // A very long line was there.
    if (held.length > 8 * size && filled < size) held = held.slice(0, 2 * size)
  }
  for await (const chunk of stream) {
    let rest = chunk
    if (skipping) {
      const end = rest.indexOf(lineFeed)
      if (end === -1) continue
      skipping = false
      line++
      rest = rest.subarray(end + 1)
    }
    add(rest)
    const tooLong = filled - whole > longest
    if (whole > 0 && (whole >= size || tooLong)) {
      yield take(whole)
      forget(whole)
    }
    if (!tooLong) continue
    filled = 0
    forget(0)
    skipping = true
    yield { bytes: new Uint8Array(new ArrayBuffer(0)), firstLine: line, oversize: true }
  }
  if (filled > 0) yield take(filled)
}

/** The lines of a batch that hold something, each with its number. A carriage return before the line end is white space to JSON. */
export function* linesOf({ bytes, firstLine }: LineBatch): Generator<{ bytes: Uint8Array; line: number }> {
  let line = firstLine
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(lineFeed, start)
    const end = found === -1 ? bytes.length : found
    if (!blank(bytes, start, end)) yield { bytes: bytes.subarray(start, end), line }
    start = end + 1
  }
}

const blank = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte !== 32 && byte !== 13 && byte !== 9) return false
  }
  return true
}
