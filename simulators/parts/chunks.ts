/** Long answers at constant memory: pieces of text are joined to chunks of 64 KiB, produced as fast as they are read. */

/** Text piece by piece; what is at hand is read without waiting. */
export type Pieces = Iterable<string> | AsyncIterable<string>

const chunkSize = 64 * 1024

/** What fits in one chunk comes as a plain string (and goes out with its length); the rest chunk by chunk. */
export async function bodyFrom(pieces: Pieces): Promise<string | AsyncIterableIterator<string>> {
  const chunks = chunked(pieces)
  const { value: first = '' } = await chunks.next()
  if (first.length < chunkSize) return first
  let ready: string | undefined = first
  const body: AsyncIterableIterator<string> = {
    async next() {
      if (ready === undefined) return chunks.next()
      const value = ready
      ready = undefined
      return { value, done: false }
    },
    // Not `yield*`: who never begins to read must end the pieces, too.
    return: () => chunks.return(undefined),
    [Symbol.asyncIterator]: () => body,
  }
  return body
}

async function* chunked(pieces: Pieces): AsyncGenerator<string, undefined> {
  let text = ''
  if (Symbol.iterator in pieces)
    for (const piece of pieces) {
      text += piece
      if (text.length < chunkSize) continue
      yield text
      text = ''
    }
  else
    for await (const piece of pieces) {
      text += piece
      if (text.length < chunkSize) continue
      yield text
      text = ''
    }
  if (text !== '') yield text
}

/** The same items, so many at a time: what waits for each of a hundred thousand waits longer than it works. */
export async function* batches<T>(items: Iterable<T> | AsyncIterable<T>, size = 64): AsyncGenerator<T[]> {
  let batch: T[] = []
  if (Symbol.iterator in items)
    for (const item of items) {
      if (batch.push(item) < size) continue
      yield batch
      batch = []
    }
  else
    for await (const item of items) {
      if (batch.push(item) < size) continue
      yield batch
      batch = []
    }
  if (batch.length > 0) yield batch
}
