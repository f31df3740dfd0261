/**
 * What a request is to guards and handlers: the part of Fetch's Request that a server needs. Fetch's own is one, too; what
 * comes from a socket lies in memory already and is not wrapped in streams and signals that nobody asks for.
 */
import { type HeaderList, header, headerList } from '../harness/transcript.ts'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: AskedHeaders
  text(): Promise<string>
  json(): Promise<unknown>
  arrayBuffer(): Promise<ArrayBuffer>
  clone(): Asked
}

/** What servers ask of headers: a value by its name, or to walk through them all. */
type AskedHeaders = Pick<Headers, 'get' | 'has'> & Iterable<[string, string]>

/** Headers as they came. To be walked through they are first put in order as Fetch does. */
export class CameWith implements AskedHeaders {
  readonly headers: HeaderList

  constructor(headers: HeaderList) {
    this.headers = headers
  }

  get(name: string): string | null {
    return headerList(this, name) ?? null
  }

  has(name: string): boolean {
    return header(this, name) !== undefined
  }

  *[Symbol.iterator](): Iterator<[string, string]> {
    const ordered = new Headers()
    for (const [name, value] of this.headers) ordered.append(name, value)
    yield* ordered
  }
}

export interface Parts {
  readonly method: string
  readonly url: string
  readonly headers: AskedHeaders
  readonly body?: Uint8Array | undefined
}

/** A request as a host received it. Its body is read once, as Fetch has it. */
export class Incoming implements Asked {
  readonly method: string
  readonly url: string
  readonly headers: AskedHeaders
  readonly #body: Uint8Array | undefined
  #read = false

  constructor({ method, url, headers, body }: Parts) {
    this.method = method
    this.url = url
    this.headers = headers
    this.#body = body
  }

  /** For who would hand this to Fetch: it would lose the body without a word. */
  get body(): never {
    throw new TypeError('make another request of this one with altered()')
  }

  async text(): Promise<string> {
    const body = this.#taken()
    if (!body) return ''
    // Without its byte order mark, as Fetch decodes.
    const marked = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8', marked ? 3 : 0)
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return new Uint8Array(this.#taken() ?? []).buffer
  }

  clone(): Incoming {
    return this.with({})
  }

  /** The same with other parts, unread. */
  with(parts: Partial<Parts>): Incoming {
    if (this.#read && !parts.body) throw new TypeError('the body of this request was read already')
    const { method, url, headers } = this
    return new Incoming({ method, url, headers, body: this.#body, ...parts })
  }

  #taken(): Uint8Array | undefined {
    if (this.#read && this.#body) throw new TypeError('the body of this request was read already')
    this.#read = true
    return this.#body
  }
}

/** The request with another address, other headers or another body. */
export function altered(
  asked: Asked,
  { url, headers, body }: { readonly url?: URL | string; readonly headers?: HeadersInit; readonly body?: string },
): Asked {
  if (asked instanceof Incoming)
    return asked.with({
      ...(url === undefined ? {} : { url: String(url) }),
      ...(headers === undefined ? {} : { headers: new Headers(headers) }),
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
    })
  const moved = url === undefined ? (asked as Request) : new Request(url, asked as Request)
  return new Request(moved, { ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }) })
}
