/**
 * An exchange from its line of the record: long bodies are cut out before the rest is parsed, and what two connections have in
 * common is parsed once. A line that is not as we write it is left to whoever parses it whole.
 */
import type { ExchangeLine } from '../harness/journal.ts'
import type { CertificateFacts, SentRequest, SentResponse, TlsFacts } from '../harness/transcript.ts'
import { fromBytes, withUnreadBody } from './unread.ts'

/** Reads lines of exchanges in the order of the record; each character of a line is a byte of UTF-8. */
export interface ExchangeReader {
  /** The line, its long bodies unread; undefined when it is not as we write it. `damaged` is for bodies that are no text. */
  readonly cut: (line: string, damaged: () => Error) => ExchangeLine | undefined
  /** A line that was parsed whole, with the certificate chains that the record left out of it. */
  readonly completed: (line: ExchangeLine) => ExchangeLine
}

/** In the text of a string every quote has a backslash before it: these can only be members. */
const bodyBegins = ',"body":"'
const afterBody = '},"'
const tlsBegins = ',"tls":{'
const tlsEnds = '},"timings":{'
/** Shorter bodies are parsed with the rest. */
const long = 1024

export function exchangeReader(): ExchangeReader {
  /** The chain of a certificate stands in the first exchange that shows it. */
  const chains = new Map<string, readonly string[]>()
  const connections = new Map<string, TlsFacts>()
  const withChain = (facts: CertificateFacts): CertificateFacts => {
    if (facts.chain.length === 0) return { ...facts, chain: chains.get(facts.thumbprint) ?? [] }
    chains.set(facts.thumbprint, facts.chain)
    // What was left out means this one from here on.
    connections.clear()
    return facts
  }
  const withChains = (tls: TlsFacts): TlsFacts => ({
    ...tls,
    ...(tls.server ? { server: withChain(tls.server) } : {}),
    ...(tls.client ? { client: withChain(tls.client) } : {}),
  })
  const connection = (json: string): TlsFacts => {
    const known = connections.get(json)
    if (known) return known
    // A part of a string keeps the whole in memory: this one stands alone.
    const own = Buffer.from(json, 'latin1')
    const tls = withChains(JSON.parse(own.toString('utf8')) as TlsFacts)
    connections.set(own.toString('latin1'), tls)
    return tls
  }
  return {
    cut: (line, damaged) => {
      const bodies: (string | undefined)[] = []
      let rest = ''
      let from = 0
      for (let at = line.indexOf(bodyBegins), n = 0; at >= 0 && n < 2; n++) {
        const start = at + bodyBegins.length
        const end = endOfBody(line, start)
        if (end < 0) return undefined
        if (end - start > long) {
          rest += `${line.slice(from, start - 1)}${bodies.length}`
          bodies.push(line.slice(start, end))
          from = end + 1
        }
        at = line.indexOf(bodyBegins, end)
      }
      const tlsAt = line.indexOf(tlsBegins, from)
      const tlsEnd = tlsAt < 0 ? 0 : line.indexOf(tlsEnds, tlsAt) + 1
      const tls = tlsEnd > 0 ? line.slice(tlsAt + tlsBegins.length - 1, tlsEnd) : undefined
      rest += tls ? `${line.slice(from, tlsAt)},"tls":0${line.slice(tlsEnd)}` : line.slice(from)
      const value = JSON.parse(fromBytes(rest)) as ExchangeLine
      const { exchange } = value
      let left = bodies.length
      const whole = <T extends SentRequest | SentResponse>(message: T): T => {
        const place: unknown = message?.body
        const json = typeof place === 'number' ? bodies[place] : undefined
        if (typeof place !== 'number' || json === undefined) return message
        bodies[place] = undefined
        left--
        return withUnreadBody(message, json, damaged)
      }
      const request = whole(exchange.request)
      const response = exchange.response && whole(exchange.response)
      if (left !== 0 || (tls && (exchange.tls as unknown) !== 0)) return undefined
      const facts = tls ? connection(tls) : exchange.tls && withChains(exchange.tls)
      return {
        ...value,
        exchange: { ...exchange, request, ...(response ? { response } : {}), ...(facts ? { tls: facts } : {}) },
      }
    },
    completed: (line) =>
      line.exchange.tls ? { ...line, exchange: { ...line.exchange, tls: withChains(line.exchange.tls) } } : line,
  }
}

/** The closing quote of a body that is the last member of its message; -1 when there is none. */
function endOfBody(line: string, start: number): number {
  for (let at = line.indexOf(afterBody, start); at >= 0; at = line.indexOf(afterBody, at + 1)) {
    if (line.charCodeAt(at - 1) !== 34) continue
    let backslashes = 0
    while (line.charCodeAt(at - 2 - backslashes) === 92) backslashes++
    if (backslashes % 2 === 0) return at - 1
  }
  return -1
}
