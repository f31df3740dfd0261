/**
 * An answer that is at hand, or comes chunk by chunk, and goes to the wire as it is. The streams of Fetch cost more
 * than the rest of a small answer: they are made only for who looks into the body.
 */

/** A text, bytes, or the chunks of a text that is not at hand as a whole. */
export type Spoken = string | Uint8Array | AsyncIterableIterator<string>

/** An answer to say it with: to whoever looks, a Response of Fetch. */
export class Said implements Response {
  readonly status: number
  readonly statusText = ''
  readonly type = 'default'
  readonly url = ''
  readonly redirected = false
  readonly #said: Spoken
  /** As they were given, until somebody looks at them. */
  #headers: Headers | Readonly<Record<string, string>>
  #looked: Response | undefined
  #taken = false

  /** It comes with its media type: Fetch would make one up for a text. Names of headers are given in small letters. */
  constructor(
    said: Spoken,
    init: { readonly status?: number; readonly headers: Headers | Readonly<Record<string, string>> },
  ) {
    this.status = init.status ?? 200
    this.#headers = init.headers instanceof Headers ? new Headers(init.headers) : init.headers
    this.#said = said
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }

  get headers(): Headers {
    if (!(this.#headers instanceof Headers)) this.#headers = new Headers(this.#headers)
    return this.#headers
  }

  /** Its headers, for who writes them. */
  lines(): Iterable<readonly [string, string]> {
    return this.#headers instanceof Headers ? this.#headers : Object.entries(this.#headers)
  }

  /** What is said, for who hands it on; undefined when somebody has looked at the body before. */
  take(): Spoken | undefined {
    if (this.#looked || this.#taken) return undefined
    this.#taken = true
    return this.#said
  }

  get #whole(): Response {
    if (this.#taken) throw new TypeError('the body of this answer was read already or is on the wire')
    this.#looked ??= new Response(bodyOf(this.#said), this)
    return this.#looked
  }

  /** A text that nobody has looked at, read without streams. What Fetch would decode to another text is left to it. */
  #atOnce(): string | undefined {
    const said = this.#said
    if (this.#looked || this.#taken || typeof said !== 'string' || !plainText(said)) return undefined
    this.#taken = true
    return said
  }

  get body(): Response['body'] {
    return this.#whole.body
  }
  get bodyUsed(): boolean {
    return this.#taken || (this.#looked?.bodyUsed ?? false)
  }
  async text(): Promise<string> {
    return this.#atOnce() ?? this.#whole.text()
  }
  async json(): Promise<unknown> {
    const text = this.#atOnce()
    return text === undefined ? this.#whole.json() : JSON.parse(text)
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#whole.arrayBuffer()
  }
  async bytes(): ReturnType<Response['bytes']> {
    return new Uint8Array(await this.arrayBuffer())
  }
  async blob(): ReturnType<Response['blob']> {
    return this.#whole.blob()
  }
  async formData(): ReturnType<Response['formData']> {
    return this.#whole.formData()
  }
  clone(): Response {
    if (!isComing(this.#said) && !this.#looked && !this.#taken)
      return new Said(this.#said, { status: this.status, headers: this.#headers })
    // The headers of now count, not those of when somebody looked.
    return new Response(this.#whole.clone().body, this)
  }
}

/** Whether it is an answer: what a handler's own parts may give in place of what they were asked for. */
export const isAnswer = (given: unknown): given is Response => given instanceof Said || given instanceof Response

const isComing = (said: Spoken): said is AsyncIterableIterator<string> =>
  typeof said !== 'string' && !(said instanceof Uint8Array)

/** Neither a byte order mark before it nor half a pair in it. */
const plainText = (text: string): boolean => !text.startsWith('\ufeff') && !/\p{Surrogate}/u.test(text)

const bodyOf = (said: Spoken): BodyInit =>
  isComing(said) ? streamOf(said) : typeof said === 'string' ? said : new Uint8Array(said)

function streamOf(chunks: AsyncIterableIterator<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        const { value, done } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(encoder.encode(value))
      },
      async cancel() {
        await chunks.return?.()
      },
    },
    { highWaterMark: 1 },
  )
}
