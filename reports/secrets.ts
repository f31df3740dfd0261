/**
 * A register of what must not be shown (secrets, or what tells who a person is): each one known gets a name that can be
 * printed. Equal ones get equal names, so a reader can follow a token through a run; the digest is keyed, so nobody can
 * try candidates against it.
 */
import { createHmac } from 'node:crypto'

const TABLE = 1 << 18
const wordly = /[\p{L}\p{N}]/u

export class SecretRegister {
  readonly #key: Uint8Array | string
  /** Shorter ones are masked where they stand, but not hunted through every other text: they would hit ordinary words. */
  readonly #shortest: number
  readonly #names = new Map<string, string>()
  readonly #issued = new Set<string>()
  readonly #long: Hunt
  readonly #short: Hunt

  constructor(key: Uint8Array | string, options: { shortest?: number; wholeWords?: boolean } = {}) {
    this.#key = key
    this.#shortest = options.shortest ?? 8
    this.#long = new Hunt(Math.max(long, this.#shortest), options.wholeWords ?? false)
    this.#short = new Hunt(this.#shortest, options.wholeWords ?? false)
  }

  /** `«access token 3f2a91c4»`: the same text for the same secret, whatever it is called later. */
  nameOf(secret: string, kind: string, options: { hunt?: boolean } = {}): string {
    const known = this.#names.get(secret)
    if (known) return known
    if (this.#issued.has(secret)) return secret
    const digest = createHmac('sha256', this.#key).update(secret).digest('hex').slice(0, 8)
    const name = `«${kind} ${digest}»`
    this.#names.set(secret, name)
    this.#issued.add(name)
    if (options.hunt === false) return name
    this.#hunt(secret, name)
    // A lone surrogate has no URL form: it cannot be hunted there, and cannot have been sent there.
    const component = encodeURIComponent(secret.replace(/[\uD800-\uDFFF]/gu, '\uFFFD'))
    this.#hunt(component, name)
    this.#hunt(component.replaceAll('%20', '+'), name)
    this.#hunt(JSON.stringify(secret).slice(1, -1), name)
    return name
  }

  /** Whether a text is such a name already. */
  isName(text: string): boolean {
    return this.#issued.has(text)
  }

  /** The text with every known secret replaced by its name, however many there are; a long one goes before a short one. */
  replaceIn(text: string): string {
    let parts: Part[] = [{ text }]
    for (const hunt of [this.#long, this.#short])
      if (hunt.size > 0) parts = parts.flatMap((part) => (part.name ? [part] : hunt.split(part.text)))
    return parts.length === 1 ? (parts[0] as Part).text : parts.map((part) => part.text).join('')
  }

  #hunt(spelling: string, name: string): void {
    if (spelling.length >= Math.max(long, this.#shortest)) this.#long.add(spelling, name)
    else if (spelling.length >= this.#shortest) this.#short.add(spelling, name)
  }
}

/** A piece of a text: as it was, or the name of what stood there. */
interface Part {
  readonly text: string
  readonly name?: true
}

/** From here on a secret is long: most are tokens and signatures, and among them alone the hunt jumps far. */
const long = 32

/** Looks for spellings that have at least `shortest` characters, in one pass however many there are (Wu and Manber). */
class Hunt {
  readonly #shortest: number
  readonly #wholeWords: boolean
  /** Characters of the block by which it decides how far it may jump. */
  readonly #block: number
  /** Every spelling, by its first characters; longest first. */
  readonly #byHead = new Map<string, string[]>()
  readonly #spelled = new Map<string, string>()
  /** How far it may jump when it sees a block; 0 where a spelling may end its head. */
  readonly #jump: Uint8Array

  constructor(shortest: number, wholeWords: boolean) {
    this.#shortest = shortest
    this.#wholeWords = wholeWords
    this.#block = Math.min(4, shortest)
    this.#jump = new Uint8Array(TABLE).fill(shortest - this.#block + 1)
  }

  get size(): number {
    return this.#spelled.size
  }

  add(spelling: string, name: string): void {
    if (this.#spelled.has(spelling)) return
    this.#spelled.set(spelling, name)
    const head = spelling.slice(0, this.#shortest)
    const others = this.#byHead.get(head) ?? []
    others.push(spelling)
    others.sort((a, b) => b.length - a.length)
    this.#byHead.set(head, others)
    for (let end = this.#block; end <= this.#shortest; end++) {
      const print = fingerprint(spelling, end - this.#block, this.#block)
      this.#jump[print] = Math.min(this.#jump[print] as number, this.#shortest - end)
    }
  }

  /** The text in pieces, each spelling in place of itself as its name. */
  split(text: string): Part[] {
    const length = this.#shortest
    const block = this.#block
    const jump = this.#jump
    const parts: Part[] = []
    let from = 0
    for (let end = length; end <= text.length; ) {
      const far = jump[fingerprint(text, end - block, block)] as number
      if (far > 0) {
        end += far
        continue
      }
      const at = end - length
      const hit = this.#byHead.get(text.slice(at, end))?.find((spelling) => this.#stands(text, spelling, at))
      if (hit) {
        parts.push({ text: text.slice(from, at) }, { text: this.#spelled.get(hit) as string, name: true })
        from = at + hit.length
        end = from + length
      } else end++
    }
    parts.push({ text: from === 0 ? text : text.slice(from) })
    return parts
  }

  #stands(text: string, spelling: string, at: number): boolean {
    if (!text.startsWith(spelling, at)) return false
    if (!this.#wholeWords) return true
    return !wordly.test(text[at - 1] ?? '') && !wordly.test(text[at + spelling.length] ?? '')
  }
}

/** Where a block stands in the table. Different blocks may share a place: every hit is compared in full. */
function fingerprint(text: string, from: number, length: number): number {
  let print = 0
  for (let i = from; i < from + length; i++) print = Math.imul(print, 0x9e5) + text.charCodeAt(i)
  return print & (TABLE - 1)
}
