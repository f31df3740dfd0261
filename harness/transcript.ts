/** Everything that the actors of one scenario said to each other, in order, as it was sent. */

import { HarnessError } from './errors.ts'
import type { Failure } from './failure.ts'
import type { Move } from './move.ts'
import { once } from './once.ts'

/** Names keep their case, order and repetitions: they are evidence. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** What one side of a TLS connection showed. */
export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** SHA-256 over the DER, base64url without padding: what RFC 8705 calls x5t#S256. */
  readonly thumbprint: string
  readonly serial: string
  readonly notBefore: string
  readonly notAfter: string
  /** `URI:…, DNS:…, IP Address:…` as OpenSSL prints it. */
  readonly subjectAltName: string
  /** Leaf first. */
  readonly chain: readonly string[]
}

export interface TlsFacts {
  readonly protocol: string
  readonly cipher: string
  readonly server?: CertificateFacts
  readonly client?: CertificateFacts
}

export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly body: string
}

export interface SentResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: HeaderList
  readonly body: string
}

/** One request, and the response or the failure. */
export interface Exchange {
  /** `x1`, `x2` ... in the order of sending. */
  readonly id: string
  readonly move: Move
  /** Names of the actors. */
  readonly from: string
  readonly to: string
  /** ISO instant of sending, by the scenario's clock. */
  readonly at: string
  /** What the sender meant by it: `{ person: 'Ana Adams', type: 'Condition', mistake: 'expired' }`. */
  readonly intent: Readonly<Record<string, string>>
  readonly request: SentRequest
  readonly response?: SentResponse
  readonly failure?: Failure
  readonly tls?: TlsFacts
  /** Milliseconds. */
  readonly timings: { readonly connect: number; readonly firstByte: number; readonly total: number }
}

/** Which exchanges are meant: by move, and by any part of who, to whom and what for. */
export interface Which {
  readonly from?: string
  readonly to?: string
  readonly intent?: Readonly<Record<string, string>>
  /** What else must hold, for instance of its URL: only what fits becomes evidence. */
  readonly where?: (exchange: Exchange) => boolean
}

const owners = new WeakMap<Exchange, Transcript>()

/** The exchange, which whoever found it among others now reads: it becomes evidence of the check that is judging. */
export function reading(exchange: Exchange): Exchange {
  owners.get(exchange)?.look(exchange)
  return exchange
}

/** Append-only. Reading marks the exchange as looked at, which is how a verdict knows its evidence. */
export class Transcript {
  readonly #exchanges: Exchange[] = []
  readonly #looked = new Set<string>()
  /** What `from(0)` gives, until something is added. */
  #all: readonly Exchange[] | undefined
  readonly #known = new Map<string, { readonly told: unknown; readonly looked: readonly string[] }>()

  static of(exchanges: readonly Exchange[]): Transcript {
    const transcript = new Transcript()
    transcript.#exchanges.push(...exchanges)
    for (const x of exchanges) owners.set(x, transcript)
    return transcript
  }

  record(exchange: Omit<Exchange, 'id'>): Exchange {
    const recorded: Exchange = { id: `x${this.#exchanges.length + 1}`, ...exchange }
    this.#exchanges.push(recorded)
    this.#known.clear()
    this.#all = undefined
    owners.set(recorded, this)
    return recorded
  }

  /** Marks it as looked at. */
  look(exchange: Exchange): void {
    this.#looked.add(exchange.id)
  }

  /** The exchanges made by these moves, in order; none is an empty list. */
  all(moves: Move | readonly Move[], which: Which = {}): Exchange[] {
    const found = this.#exchanges.filter((x) => isMeant(x, moves, which))
    for (const x of found) this.#looked.add(x.id)
    return found
  }

  /** The latest such exchange; undefined when there is none. */
  latest(moves: Move | readonly Move[], which: Which = {}): Exchange | undefined {
    const found = this.#exchanges.findLast((x) => isMeant(x, moves, which))
    if (found) this.#looked.add(found.id)
    return found
  }

  /** The same. Throws `not-seen` when there is none: the check then ends as skip, never as pass. */
  last(moves: Move | readonly Move[], which: Which = {}): Exchange {
    const found = this.latest(moves, which)
    if (!found) throw new HarnessError('not-seen', this.#unseen(moves, which))
    return found
  }

  /** Like `all`, but throws `not-seen` when there is none. */
  some(moves: Move | readonly Move[], which: Which = {}): Exchange[] {
    const found = this.all(moves, which)
    if (found.length === 0) throw new HarnessError('not-seen', this.#unseen(moves, which))
    return found
  }

  /** `there was no "export status" to responding payer`, or that none of those there were is what was asked about. */
  #unseen(moves: Move | readonly Move[], which: Which): string {
    const { where: _, ...others } = which
    const near = which.where ? this.#exchanges.filter((x) => isMeant(x, moves, others)).length : 0
    if (near > 0)
      return `among ${near} ${near === 1 ? 'request' : 'requests'}${describe(which)} there was none of the kind that is judged here`
    const names = (typeof moves === 'string' ? [moves] : moves).map((move) => move.replaceAll('-', ' '))
    return names.length === 1
      ? `there was no "${names[0]}"${describe(which)}`
      : `there was nothing${describe(which)} of ${names.join(', ')}`
  }

  /** Every exchange, in order. */
  every(): readonly Exchange[] {
    for (const x of this.#exchanges) this.#looked.add(x.id)
    return this.#exchanges
  }

  /** Number of exchanges so far. */
  get length(): number {
    return this.#exchanges.length
  }

  /** Those from that number on, without marking them as evidence (for recorders). */
  from(index: number): readonly Exchange[] {
    if (index > 0) return this.#exchanges.slice(index)
    this.#all ??= [...this.#exchanges]
    return this.#all
  }

  /**
   * What `tell` tells, worked out once until something is added; asked again, it reads again what it read then. `name` names
   * all that the answer depends on besides the transcript.
   */
  known<T>(name: string, tell: () => T): T {
    let answer = this.#known.get(name)
    if (!answer) {
      const before = [...this.#looked]
      this.#looked.clear()
      try {
        answer = { told: tell(), looked: [...this.#looked] }
      } finally {
        for (const id of before) this.#looked.add(id)
      }
      this.#known.set(name, answer)
    }
    for (const id of answer.looked) this.#looked.add(id)
    return answer.told as T
  }

  /** Runs `look` and tells which exchanges it read. */
  watching<T>(look: () => T): { result: T; evidence: string[] } {
    this.#looked.clear()
    const result = look()
    return { result, evidence: this.#exchanges.filter((x) => this.#looked.has(x.id)).map((x) => x.id) }
  }
}

const isMeant = (x: Exchange, moves: Move | readonly Move[], { from, to, intent, where }: Which): boolean =>
  (typeof moves === 'string' ? moves === x.move : moves.includes(x.move)) &&
  (from === undefined || x.from === from) &&
  (to === undefined || x.to === to) &&
  (intent === undefined || Object.entries(intent).every(([key, value]) => x.intent[key] === value)) &&
  (where === undefined || where(x))

const describe = ({ from, to, intent }: Which): string =>
  `${from ? ` from ${from}` : ''}${to ? ` to ${to}` : ''}${intent ? ` with ${JSON.stringify(intent)}` : ''}`

/** The response. Throws `not-answered` when none came: trouble of the wire is never the system's failure. */
export function answered(exchange: Exchange): SentResponse {
  if (!exchange.response) throw new HarnessError('not-answered', notAnswered(exchange))
  return exchange.response
}

/** That no answer came, and why. */
export const notAnswered = ({ request: { method, url }, failure }: Exchange): string =>
  `no answer to ${method} ${url}: ${failure?.message ?? 'unknown'}`

/** Value of the first header of that name, whatever its case. */
export const header = (message: { readonly headers: HeaderList }, name: string): string | undefined => {
  const wanted = name.toLowerCase()
  // Most names differ in length already.
  for (const [known, value] of message.headers)
    if (known.length === wanted.length && known.toLowerCase() === wanted) return value
  return undefined
}

/** Every value of that header, joined as one list: a sender may spread a list over several lines (RFC 9110 §5.3). */
export const headerList = (message: { readonly headers: HeaderList }, name: string): string | undefined => {
  const wanted = name.toLowerCase()
  let joined: string | undefined
  for (const [known, value] of message.headers)
    if (known.length === wanted.length && known.toLowerCase() === wanted)
      joined = joined === undefined ? value : `${joined}, ${value}`
  return joined
}

/** Media type in lower case without parameters; '' when there is none. */
export const mediaType = (message: { readonly headers: HeaderList }): string =>
  (header(message, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const parsed = new WeakMap<object, unknown>()

const originals = new WeakMap<object, { readonly body: string }>()

/** Notes that one message is a copy of the other: if its body is still the same, it is not parsed once more. */
export function noteCopy(copy: { readonly body: string }, original: { readonly body: string }): void {
  if (copy.body === original.body) originals.set(copy, original)
}

/** The body as JSON; undefined when it is none. Parsed once. */
export function json(message: { readonly body: string }): unknown {
  if (parsed.has(message)) return parsed.get(message)
  const original = originals.get(message)
  const value = original ? json(original) : isPlainlyNone(message.body) ? undefined : readJson(message.body)
  parsed.set(message, value)
  return value
}

/** Nothing at all, or objects one after another: for these most frequent cases the parser need not throw, which is dear. */
function isPlainlyNone(body: string): boolean {
  const end = body.indexOf('\n')
  return body === '' || (end > 0 && body[end - 1] === '}' && body[end + 1] === '{')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One line of NDJSON: undefined where it is no JSON. */
export interface JsonLine {
  readonly number: number
  readonly text: string
  readonly value: unknown
}
const lines = new WeakMap<object, readonly JsonLine[]>()
/** By their text: one scenario after another fetches the same resources. Nobody changes what was read. */
const lineValues = new Map<string, unknown>()
const mostLines = 5000

/** The lines of an NDJSON body, without what follows the last line end. Parsed once. */
export function jsonLines(message: { readonly body: string }): readonly JsonLine[] {
  const known = lines.get(message)
  if (known) return known
  const texts = message.body.split('\n')
  if (texts.at(-1) === '') texts.pop()
  const read = texts.map((text, i) => ({
    number: i + 1,
    text,
    value: once(lineValues, text, () => readJson(text), mostLines),
  }))
  lines.set(message, read)
  return read
}
