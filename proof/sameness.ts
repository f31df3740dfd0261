/**
 * Are two plays of one scenario the same conversation? Ports, keys, signatures and random ids are new in every play and are
 * left out; where something was left out the comparison is blind to it, and says so.
 */
import { createHash } from 'node:crypto'
import { x509 } from '../certs/keys.ts'
import type { Exchange, HeaderList } from '../harness/transcript.ts'
import { next, type Said } from './facts.ts'

/** What is new in every play: signed tokens, PEM, long base64, hex and decimal numbers, UUIDs. */
const opaque =
  /(ey[\w-]{8,}\.ey[\w-]+\.[\w-]*)|(-----BEGIN [A-Z0-9 ]+-----[^-]+-----END [A-Z0-9 ]+-----)|[\w+/-]{40,}={0,2}|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?:[0-9A-Fa-f]{2}:?){16,}\b/g
const address = /(127\.0\.0\.1|localhost)(?::|%3A)\d+/gi

/** Without the port that a host happened to get, also where an address is a value in a query: the same seed tells the same. */
export const withoutPorts = (text: string): string => text.replace(address, '$1')

interface Plain {
  readonly text: string
  readonly blind: boolean
}

/** The text without what is new in every play. */
export function plain(text: string): Plain {
  let blind = false
  const known = withoutPorts(text).replace(opaque, (_whole, jwt: string | undefined, pem: string | undefined) => {
    blind = true
    return jwt ? claims(jwt) : pem ? block(pem) : '~'
  })
  return { text: known, blind }
}

/** A signed token says what it says: only its signature is new. */
function claims(jwt: string): string {
  const [header = '', payload = ''] = jwt.split('.')
  const read = (part: string): string => plain(Buffer.from(part, 'base64url').toString('utf8')).text
  return `${read(header)}.${read(payload)}`
}

/** A list of the revoked says how many they are, whatever their random numbers and its signature. */
function block(pem: string): string {
  if (!pem.includes(' CRL-----')) return '~'
  try {
    return `~ ${new x509.X509Crl(pem).entries.length} revoked`
  } catch {
    return '~'
  }
}

/** Told by the machinery of HTTP, or by the length of a signature: nobody's answer. */
const mechanical = new Set(['date', 'content-length', 'connection', 'keep-alive', 'transfer-encoding', 'host'])
const heads = (headers: HeaderList): string =>
  headers
    .filter(([name]) => !mechanical.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')

const digest = (text: string): string => createHash('sha1').update(text).digest('base64url').slice(0, 12)

/** The exchanges of a scenario, in order, as they can be compared with another play's. */
export function saidIn(exchanges: readonly Exchange[]): Said[] {
  const counts = new Map<string, number>()
  return exchanges.map((x) => {
    const { request, response, failure, tls } = x
    const asked = plain(`${x.move} ${x.from} > ${x.to} ${request.method} ${request.url} ${JSON.stringify(x.intent)}`)
    const all = plain(
      [
        heads(request.headers),
        request.body,
        response ? `${response.status}\n${heads(response.headers)}\n${response.body}` : '',
        failure?.kind ?? '',
        tls ? `${tls.protocol} ${tls.server?.subject} ${tls.server?.subjectAltName} ${tls.client?.subject}` : '',
      ].join('\n\n'),
    )
    const key = digest(asked.text)
    return { key: `${key}#${next(counts, key)}`, digest: digest(all.text), blind: all.blind }
  })
}
