/** A walk over a record, whether it is at hand or comes bit by bit: most are at hand, and a promise for each resource costs more than a look at it. */

/** Has a look at each of them, and waits only for what is not at hand. */
export function each<T>(items: Iterable<T> | AsyncIterable<T>, look: (item: T) => void): void | Promise<void> {
  if (!(Symbol.iterator in items)) return eachAwaited(items, look)
  for (const item of items) look(item)
}

async function eachAwaited<T>(items: AsyncIterable<T>, look: (item: T) => void): Promise<void> {
  for await (const item of items) look(item)
}
