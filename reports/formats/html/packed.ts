/** A part of report.html that its own script reads when it is wanted: gzip in base64, inert text to a browser. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const zip = promisify(gzip)

/** From level 4 on it takes nearly twice as long, while others wait for the processor, and makes the page a seventh smaller. */
const level = 2

/** Base64 has no character that markup could take for its own. The time in the gzip header stays zero: same run, same file. */
export const packed = async (content: string | Buffer): Promise<string> =>
  (await zip(content, { level })).toString('base64')
