/** A body as a text: its content codings undone (RFC 9110 §8.4), its bytes decoded. */
import { isAscii } from 'node:buffer'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

const codings: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/** The text of a body that came with that content coding. `limit`: bytes that it may have without it. */
export function textOf(body: Buffer, encoding: string | undefined, limit: number): string {
  const plain = encoding === undefined ? body : decoded(body, encoding, limit)
  // What is ASCII need not be decoded, only copied.
  return plain.toString(isAscii(plain) ? 'latin1' : 'utf8')
}

/** Without its codings, last one first; as it came where it is not what its header says. */
function decoded(body: Buffer, encoding: string, limit: number): Buffer {
  let plain = body
  for (const name of encoding.toLowerCase().split(',').reverse()) {
    const decode = codings[name.trim()]
    if (!decode || plain.length === 0) continue
    try {
      plain = decode(plain, { maxOutputLength: limit })
    } catch {
      return body
    }
  }
  return plain
}
