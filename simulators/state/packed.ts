/** Many short texts in order, in little more memory than their letters: they lie joined, a block at a time. */
const blockSize = 256
const separator = '\n'

/** Takes texts without line breaks, and gives any stretch of them back. */
export class Packed {
  readonly #blocks: string[] = []
  #open: string[] = []

  constructor(texts: Iterable<string> = []) {
    for (const text of texts) this.add(text)
  }

  get length(): number {
    return this.#blocks.length * blockSize + this.#open.length
  }

  add(text: string): void {
    this.#open.push(text)
    if (this.#open.length < blockSize) return
    this.#blocks.push(this.#open.join(separator))
    this.#open = []
  }

  /** Those from one number on, up to another. */
  *slice(from: number, until = this.length): Generator<string> {
    const end = Math.min(until, this.length)
    for (let at = Math.floor(from / blockSize); at * blockSize < end; at++) {
      const start = at * blockSize
      const block = this.#blocks[at]?.split(separator) ?? this.#open
      for (let i = Math.max(from - start, 0); i < block.length && start + i < end; i++) yield block[i] as string
    }
  }

  [Symbol.iterator](): Generator<string> {
    return this.slice(0)
  }
}
