/**
 * Writes an answer to its socket: what is there at once with its length, what keeps coming as it comes, no faster than the
 * client reads, and given up when the client leaves.
 */
import type { ServerResponse } from 'node:http'
import { rawOf } from '../harness/header-lines.ts'
import type { HeaderList } from '../harness/transcript.ts'
import { Said } from './said.ts'

/** Small chunks of a stream are put together up to this size: one write, one TLS record of the largest kind. */
const writeSize = 64 * 1024

export interface Writing {
  /** The answer to a HEAD. */
  readonly bodiless: boolean
  /** Bytes of the body that are kept for the record. */
  readonly keep: number
  /** How the name of a header is written. */
  readonly named?: ((name: string) => string) | undefined
}

/** Writes it all; gives back what was written. */
export async function writeAnswer(response: Response, outgoing: ServerResponse, how: Writing): Promise<Written> {
  const head = new Head(response, outgoing, how.named)
  const kept = new Kept(how.keep)
  const said = response instanceof Said ? response.take() : undefined
  if (how.bodiless) {
    if (typeof said === 'object' && 'return' in said) await said.return?.()
    else if (said === undefined) await response.body?.cancel()
    head.write()
    outgoing.end()
  } else if (typeof said === 'string') {
    kept.add(said)
    const length = Buffer.byteLength(said)
    head.write(length)
    // What is ASCII need not be encoded, only copied.
    outgoing.end(said, length === said.length ? 'latin1' : 'utf8')
  } else if (said instanceof Uint8Array) {
    kept.add(said)
    head.write(said.byteLength)
    outgoing.end(said)
  } else if (said) {
    await writeChunks(said, outgoing, head, kept)
  } else if (response.body) {
    await writeStream(response.body, outgoing, head, kept)
  } else {
    head.write(response.status === 204 || response.status === 304 ? undefined : 0)
    outgoing.end()
  }
  return { headers: head.lines, kept }
}

interface Written {
  readonly headers: HeaderList
  readonly kept: Kept
}

/** Status and headers: written in one go, just before the first byte of the body or its end. */
class Head {
  readonly lines: (readonly [string, string])[] = []
  readonly #status: number
  readonly #outgoing: ServerResponse
  #sized = false

  constructor(response: Response, outgoing: ServerResponse, named: Writing['named']) {
    this.#status = response.status
    this.#outgoing = outgoing
    for (const [name, value] of response instanceof Said ? response.lines() : response.headers) {
      if (name === 'content-length') this.#sized = true
      this.lines.push([named ? named(name) : name, value])
    }
  }

  /** Once. `length`: of the body, where it is known; it counts where the answer does not tell it itself. */
  write(length?: number): void {
    if (this.#outgoing.headersSent) return
    if (length !== undefined && !this.#sized) this.lines.push(['content-length', String(length)])
    this.#outgoing.writeHead(this.#status, rawOf(this.lines))
  }
}

/** Wakes whoever waits when the client leaves. */
class Leaving {
  gone: boolean
  #wake: (() => void) | undefined
  readonly #outgoing: ServerResponse

  constructor(outgoing: ServerResponse, andThen: () => void = () => undefined) {
    this.#outgoing = outgoing
    this.gone = outgoing.destroyed
    outgoing.on('close', () => {
      this.gone = true
      this.#wake?.()
      andThen()
    })
  }

  /** What comes, or undefined when the client leaves before. Not a race: that would hold what it gave until the end. */
  orComes<T>(coming: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.#wake = () => resolve(undefined)
      coming.then(resolve, reject)
    })
  }

  /** Writes, and waits until there is room for more. */
  async write(piece: string | Uint8Array): Promise<void> {
    if (this.#outgoing.write(piece) || this.gone) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#outgoing.once('drain', resolve)
    })
  }
}

async function writeChunks(
  chunks: AsyncIterableIterator<string>,
  outgoing: ServerResponse,
  head: Head,
  kept: Kept,
): Promise<void> {
  const client = new Leaving(outgoing)
  try {
    while (!client.gone) {
      const next = await client.orComes(chunks.next())
      if (!next) break
      head.write()
      if (next.done) {
        outgoing.end()
        return
      }
      kept.add(next.value)
      await client.write(next.value)
    }
  } catch (error) {
    breakOff(outgoing, error)
  }
  // Nobody listens any more: the source learns of it when it can.
  chunks.return?.().catch(() => undefined)
}

/** A stream of Fetch may come in small chunks, and pause. */
async function writeStream(
  body: NonNullable<Response['body']>,
  outgoing: ServerResponse,
  head: Head,
  kept: Kept,
): Promise<void> {
  const reader = body.getReader()
  const client = new Leaving(outgoing, () => {
    // Also ends a read that is still pending: the source learns that nobody listens.
    if (!outgoing.writableFinished) reader.cancel('the client left').catch(() => undefined)
  })
  let pending: Uint8Array[] = []
  let size = 0
  const gathered = (): Uint8Array => (pending.length === 1 ? (pending[0] as Uint8Array) : Buffer.concat(pending, size))
  const flush = async (): Promise<void> => {
    if (size === 0 || client.gone) return
    const piece = gathered()
    pending = []
    size = 0
    head.write()
    await client.write(piece)
  }
  try {
    while (!client.gone) {
      const reading = reader.read()
      // What was gathered waits only as long as the source has more at hand.
      let next = size > 0 ? await atHand(reading) : await reading
      if (next === undefined) {
        await flush()
        next = await reading
      }
      if (next.done) break
      pending.push(next.value)
      size += next.value.byteLength
      kept.add(next.value)
      if (size >= writeSize) await flush()
    }
    if (client.gone) return
    head.write(size)
    outgoing.end(gathered())
  } catch (error) {
    breakOff(outgoing, error)
  }
}

/** The source broke: half a body must not look whole. */
function breakOff(outgoing: ServerResponse, error: unknown): void {
  if (!outgoing.headersSent) throw error
  outgoing.destroy()
}

/** The result if it comes without waiting for the outer world (two turns of the microtasks and one of the loop), else undefined. */
async function atHand<T>(promise: Promise<T>): Promise<T | undefined> {
  let result: T | undefined
  let settled = false
  const watched = promise.then((value) => {
    settled = true
    result = value
  })
  // A rejection is met by whoever awaits the promise itself.
  watched.catch(() => undefined)
  for (let turn = 0; turn < 4 && !settled; turn++) await Promise.resolve()
  if (!settled) await new Promise((resolve) => setImmediate(resolve))
  return result
}

/** The beginning of a body, for the record. */
export class Kept {
  readonly #most: number
  readonly #chunks: Uint8Array[] = []
  #size = 0
  truncated = false

  constructor(most: number) {
    this.#most = most
  }

  add(piece: string | Uint8Array): void {
    if (this.#most === 0) return
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : piece
    if (this.#size + chunk.byteLength > this.#most) {
      this.truncated = true
      return
    }
    this.#chunks.push(chunk)
    this.#size += chunk.byteLength
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8')
  }
}
