/** A body as a text: its content codings undone (RFC 9110 §8.4), its bytes decoded. */
import { isAscii } from 'node:buffer'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

const codings: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
}

/** What is no text: it would be larger than the limit, or its coding is one that nobody here knows. */
export type NoText = { readonly large: true } | { readonly unknown: string }

/** The text of a body that came with that content coding. `limit`: bytes that it may have without it. */
export function textOf(body: Buffer, encoding: string | undefined, limit: number): string | NoText {
  const plain = encoding === undefined ? body : decoded(body, encoding, limit)
  if (!Buffer.isBuffer(plain)) return plain
  // What is ASCII need not be decoded, only copied.
  return plain.toString(isAscii(plain) ? 'latin1' : 'utf8')
}

/** Without its codings, last one first; as it came where it is not what its header says. */
function decoded(body: Buffer, encoding: string, limit: number): Buffer | NoText {
  let plain = body
  for (const name of encoding.toLowerCase().split(',').reverse()) {
    const coding = name.trim()
    if (coding === '' || coding === 'identity' || plain.length === 0) continue
    const decode = codings[coding]
    if (!decode) return isText(plain) ? plain : { unknown: coding }
    try {
      plain = decode(plain, { maxOutputLength: limit })
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? { large: true } : body
    }
  }
  return plain
}

/** JSON and XML begin so: whoever labels plain text with a coding (`utf-8`, `none`) has not coded it. */
const isText = (body: Buffer): boolean => /^[\s\ufeff]*[{[<]/.test(body.toString('utf8', 0, 64))
