/** Long answers at constant memory: pieces of text are joined to chunks of 64 KiB, produced as fast as they are read. */

/** Text piece by piece; what is at hand is read without waiting. */
export type Pieces = Iterable<string> | AsyncIterable<string>
type Body = string | AsyncIterableIterator<string>

const chunkSize = 64 * 1024

/** What fits in one chunk comes as a plain string (and goes out with its length); the rest chunk by chunk. */
export function bodyFrom(pieces: Pieces): Body | Promise<Body> {
  if (Symbol.iterator in pieces) {
    const chunks = chunked(pieces)
    const { value: first = '' } = chunks.next()
    return first.length < chunkSize ? first : readable(first, chunks)
  }
  const chunks = chunkedAwaited(pieces)
  return chunks.next().then(({ value: first = '' }) => (first.length < chunkSize ? first : readable(first, chunks)))
}

/** The chunks again, the first among them. Not `yield*`: who never begins to read must end the pieces, too. */
function readable(
  first: string,
  chunks: Generator<string, undefined> | AsyncGenerator<string, undefined>,
): AsyncIterableIterator<string> {
  let ready: string | undefined = first
  const body: AsyncIterableIterator<string> = {
    async next() {
      if (ready === undefined) return chunks.next()
      const value = ready
      ready = undefined
      return { value, done: false }
    },
    return: async () => chunks.return(undefined),
    [Symbol.asyncIterator]: () => body,
  }
  return body
}

function* chunked(pieces: Iterable<string>): Generator<string, undefined> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < chunkSize) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

async function* chunkedAwaited(pieces: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length < chunkSize) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

/** A beginning, what is written of each item, and an end: each made when it is its turn. */
export const written = <T>(
  head: string,
  items: Iterable<T> | AsyncIterable<T>,
  piece: (item: T) => string,
  rest: () => Iterable<string>,
): Pieces =>
  Symbol.iterator in items ? writtenAtOnce(head, items, piece, rest) : writtenAsRead(head, items, piece, rest)

function* writtenAtOnce<T>(
  head: string,
  items: Iterable<T>,
  piece: (item: T) => string,
  rest: () => Iterable<string>,
): Generator<string> {
  yield head
  for (const item of items) yield piece(item)
  yield* rest()
}

/** So many items at a time: what waits for each of a hundred thousand waits longer than it works. */
const batchSize = 64

async function* writtenAsRead<T>(
  head: string,
  items: AsyncIterable<T>,
  piece: (item: T) => string,
  rest: () => Iterable<string>,
): AsyncGenerator<string> {
  let text = head
  let waiting = 0
  for await (const item of items) {
    text += piece(item)
    if (++waiting < batchSize) continue
    yield text
    text = ''
    waiting = 0
  }
  yield text
  yield* rest()
}
