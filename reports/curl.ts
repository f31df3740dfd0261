/** The curl command that repeats a request; what was masked becomes a shell variable to fill in. Runs in the browser, too. */
import type { Exchange } from '../harness/transcript.ts'

/** Headers that curl sets itself. */
const own = new Set(['host', 'content-length', 'connection'])
/** Longer bodies go to a file, unless told otherwise. */
const longestBody = 4000

/** `command` for a POSIX shell; `variables` are the names it needs, and `file` the body when it is too long for a line. */
export interface Curl {
  readonly command: string
  readonly variables: readonly string[]
  readonly file?: { readonly name: string; readonly body: string }
}

/** Builds the command. `name` (as `s12-x3`) names the body's file. */
export function curlFor(
  { request, tls }: Pick<Exchange, 'request' | 'tls'>,
  name: string,
  longest = longestBody,
): Curl {
  const variables = new Set<string>()
  const quoted = (text: string): string => shellText(text, variables)
  const parts = [`--request ${quoted(request.method)}`, `--url ${quoted(request.url)}`, '--globoff', '--path-as-is']
  if (tls?.protocol === 'TLSv1.2' || tls?.protocol === 'TLSv1.1') parts.push(`--tls-max ${tls.protocol.slice(4)}`)
  if (tls?.server) parts.push('--cacert roots.pem')
  if (tls?.client) parts.push('--cert client.pem', '--key client.key')
  for (const [header, value] of request.headers)
    if (!own.has(header.toLowerCase()))
      parts.push(`--header ${quoted(value === '' ? `${header};` : `${header}: ${value}`)}`)
  let file: Curl['file']
  if (request.body.length > longest) {
    file = { name: `${name}-body.txt`, body: request.body }
    parts.push(`--data-binary @${file.name}`)
  } else if (request.body) parts.push(`--data-raw ${quoted(request.body)}`)
  return {
    command: `curl ${parts.join(' \\\n  ')}`,
    variables: [...variables],
    ...(file ? { file } : {}),
  }
}

/** Words that a shell takes as they are. */
const plain = /^[\w./:@%+,-]+$/

/** A placeholder is `«access token 3f2a91c4»`; its variable ACCESS_TOKEN_3F2A91C4. */
function shellText(text: string, variables: Set<string>): string {
  const clean = text.replaceAll('\u0000', '')
  if (plain.test(clean)) return clean
  const pieces = clean.split(/«([^«»]{1,80})»/)
  const out = pieces.map((piece, index) => {
    if (index % 2 === 0) return piece === '' ? '' : `'${piece.replaceAll("'", "'\\''")}'`
    const name = piece
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, '_')
    variables.add(name)
    return `"$${name}"`
  })
  return out.join('') || "''"
}
