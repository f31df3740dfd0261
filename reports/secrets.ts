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
  readonly #wholeWords: boolean
  /** Characters of the block by which the hunt decides how far it may jump (Wu and Manber). */
  readonly #block: number
  readonly #names = new Map<string, string>()
  readonly #issued = new Set<string>()
  /** Every spelling that is hunted, by its first characters; longest first. */
  readonly #byHead = new Map<string, string[]>()
  readonly #spelled = new Map<string, string>()
  /** How far the hunt may jump when it sees a block; 0 where a spelling may end its head. */
  readonly #jump: Uint8Array

  constructor(key: Uint8Array | string, options: { shortest?: number; wholeWords?: boolean } = {}) {
    this.#key = key
    this.#shortest = options.shortest ?? 8
    this.#wholeWords = options.wholeWords ?? false
    this.#block = Math.min(4, this.#shortest)
    this.#jump = new Uint8Array(TABLE).fill(this.#shortest - this.#block + 1)
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

  /** The text with every known secret replaced by its name, in one pass however many there are. */
  replaceIn(text: string): string {
    const length = this.#shortest
    const block = this.#block
    const jump = this.#jump
    if (text.length < length || this.#spelled.size === 0) return text
    const parts: string[] = []
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
        parts.push(text.slice(from, at), this.#spelled.get(hit) as string)
        from = at + hit.length
        end = from + length
      } else end++
    }
    return from === 0 ? text : parts.join('') + text.slice(from)
  }

  #stands(text: string, spelling: string, at: number): boolean {
    if (!text.startsWith(spelling, at)) return false
    if (!this.#wholeWords) return true
    return !wordly.test(text[at - 1] ?? '') && !wordly.test(text[at + spelling.length] ?? '')
  }

  #hunt(spelling: string, name: string): void {
    if (spelling.length < this.#shortest || this.#spelled.has(spelling)) return
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
}

/** Where a block stands in the table. Different blocks may share a place: every hit is compared in full. */
function fingerprint(text: string, from: number, length: number): number {
  let print = 0
  for (let i = from; i < from + length; i++) print = Math.imul(print, 0x9e5) + text.charCodeAt(i)
  return print & (TABLE - 1)
}
