/** A part of report.html that its own script reads when it is wanted: gzip in base64, inert text to a browser. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

export interface Part {
  /** Id of its element, without `part-`. */
  readonly id: string
  readonly text: Promise<string>
}

const zip = promisify(gzip)

/** Base64 has no character that markup could take for its own. The time in the gzip header stays zero: same run, same file. */
export const packed = (id: string, content: string | Buffer): Part => {
  const text = zip(content, { level: 4 }).then((bytes) => bytes.toString('base64'))
  return { id, text }
}
