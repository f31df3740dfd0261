/**
 * Where the definitions of a pack lie: a text of one line for each URL, in their order, that is searched as it is. Reading all
 * of it would take longer than judging a resource, and few lines are ever asked for.
 */

/** The place of a definition: bytes of a chunk. */
export interface Entry {
  /** Number of its package in the pack. */
  readonly home: number
  /** Empty where it is the package's. */
  readonly version: string
  readonly chunk: number
  readonly start: number
  readonly end: number
}

/** The text of a directory. */
export function directoryText(entries: readonly (Entry & { readonly url: string })[]): string {
  const lines = new Map<string, string>()
  for (const { url, home, version, chunk, start, end } of entries) {
    if (/\s/.test(url)) throw new Error(`"${url}" cannot be in a directory`)
    lines.set(url, `${lines.get(url) ?? url} ${[home, chunk, start, end, encodeURIComponent(version)].join()}`)
  }
  // By the units of the text, as they are compared when searched.
  return [...lines.keys()]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((url) => `${lines.get(url)}\n`)
    .join('')
}

export class Directory {
  readonly #text: string
  readonly #found = new Map<string, readonly Entry[]>()

  constructor(text: string) {
    this.#text = text
  }

  /** The definitions with that URL, by package. */
  find(url: string): readonly Entry[] {
    const known = this.#found.get(url)
    if (known) return known
    const found = this.#search(url)
    // URLs that are not at hand come from the input and without end.
    if (found.length > 0 || this.#found.size < 20_000) this.#found.set(url, found)
    return found
  }

  /** The URLs of a package's definitions. */
  *urls(home: number): Generator<string> {
    for (const line of this.#text.split('\n')) {
      const space = line.indexOf(' ')
      if (space !== -1 && entriesOf(line.slice(space + 1)).some((entry) => entry.home === home))
        yield line.slice(0, space)
    }
  }

  #search(url: string): readonly Entry[] {
    const text = this.#text
    let from = 0
    let to = text.length
    while (from < to) {
      const middle = (from + to) >> 1
      const start = middle === 0 ? 0 : text.lastIndexOf('\n', middle - 1) + 1
      const end = text.indexOf('\n', start)
      const space = text.indexOf(' ', start)
      const each = text.slice(start, space)
      if (each === url) return entriesOf(text.slice(space + 1, end))
      if (each < url) from = end + 1
      else to = start
    }
    return []
  }
}

const entriesOf = (text: string): Entry[] =>
  text.split(' ').map((part) => {
    const [home, chunk, start, end, version = ''] = part.split(',')
    return {
      home: Number(home),
      chunk: Number(chunk),
      start: Number(start),
      end: Number(end),
      version: decodeURIComponent(version),
    }
  })
