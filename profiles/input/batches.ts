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

/** Cuts the stream after a line end about every `size` bytes. A line longer than `longest` is named and passed over, never held. */
export async function* lineBatches(
  stream: AsyncIterable<Uint8Array>,
  size = usual,
  longest = defaultLimits.line,
): AsyncGenerator<LineBatch> {
  let held: Uint8Array[] = []
  let bytesHeld = 0
  /** Bytes since the last line end. */
  let open = 0
  let line = 1
  let skipping = false
  const take = (): LineBatch => {
    const bytes = new Uint8Array(new ArrayBuffer(bytesHeld))
    let at = 0
    for (const part of held) {
      bytes.set(part, at)
      at += part.length
    }
    const batch = { bytes, firstLine: line }
    line += count(bytes, lineFeed)
    held = []
    bytesHeld = 0
    open = 0
    return batch
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
    const last = rest.lastIndexOf(lineFeed)
    if (last !== -1 && bytesHeld + last + 1 >= size) {
      held.push(rest.subarray(0, last + 1))
      bytesHeld += last + 1
      yield take()
      rest = rest.subarray(last + 1)
      open = rest.length
    } else open = last === -1 ? open + rest.length : rest.length - last - 1
    if (rest.length > 0) {
      held.push(rest)
      bytesHeld += rest.length
    }
    if (open > longest) {
      const complete = bytesHeld - open
      if (complete > 0) {
        const all = Buffer.concat(held)
        held = [all.subarray(0, complete)]
        bytesHeld = complete
        yield take()
      }
      held = []
      bytesHeld = 0
      open = 0
      skipping = true
      yield { bytes: new Uint8Array(new ArrayBuffer(0)), firstLine: line, oversize: true }
    }
  }
  if (bytesHeld > 0) yield take()
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
