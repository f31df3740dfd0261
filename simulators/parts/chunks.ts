/** Long answers at constant memory: pieces of text are joined to chunks of 64 KiB, produced as fast as they are read. */
const chunkSize = 64 * 1024

/**
 * A body from pieces. What fits in one chunk becomes a plain string (and goes out with its length); the rest streams.
 */
export async function bodyFrom(
  pieces: Iterable<string> | AsyncIterable<string>,
): Promise<string | ReadableStream<Uint8Array>> {
  const iterator = (async function* () {
    yield* pieces
  })()
  const first = await nextChunk(iterator)
  if (first.done) return first.text
  const encoder = new TextEncoder()
  let ready: string | undefined = first.text
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (ready !== undefined) {
          controller.enqueue(encoder.encode(ready))
          ready = undefined
          return
        }
        const { text, done } = await nextChunk(iterator)
        if (text !== '') controller.enqueue(encoder.encode(text))
        if (done) controller.close()
      },
      async cancel() {
        await iterator.return(undefined)
      },
    },
    { highWaterMark: 1 },
  )
}

async function nextChunk(pieces: AsyncGenerator<string>): Promise<{ text: string; done: boolean }> {
  const parts: string[] = []
  let size = 0
  while (size < chunkSize) {
    const { value, done } = await pieces.next()
    if (done) return { text: parts.join(''), done: true }
    parts.push(value)
    size += value.length
  }
  return { text: parts.join(''), done: false }
}
