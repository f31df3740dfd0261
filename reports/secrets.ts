/**
 * A register of what must not be shown (secrets, or what tells who a person is): each one known gets a name that can be
 * printed. Equal ones get equal names, so a reader can follow a token through a run; the digest is keyed, so nobody can
 * try candidates against it.
 */
import { createHmac } from 'node:crypto'

/** Spelled alike in a text, in a URL and in JSON. */
const plain = /^[\w.!~*'()-]*$/
const wordly = /[\p{L}\p{N}]/u

export class SecretRegister {
  readonly #key: Uint8Array | string
  /** Shorter ones are masked where they stand, but not hunted through every other text: they would hit ordinary words. */
  readonly #shortest: number
  readonly #names = new Map<string, string>()
  readonly #issued = new Set<string>()
  readonly #hunt: Hunt

  constructor(key: Uint8Array | string, options: { shortest?: number; wholeWords?: boolean } = {}) {
    this.#key = key
    this.#shortest = Math.max(options.shortest ?? 8, block)
    this.#hunt = new Hunt(options.wholeWords ?? false)
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
    for (const spelling of spellings(secret)) if (spelling.length >= this.#shortest) this.#hunt.add(spelling, name)
    return name
  }

  /** Whether a text is such a name already. */
  isName(text: string): boolean {
    return text.startsWith('«') && this.#issued.has(text)
  }

  /** The text with every known secret replaced by its name, however many there are. */
  replaceIn(text: string): string {
    return this.#hunt.replaceIn(text)
  }
}

/** A secret as it stands in a text, in a URL, in a form and in JSON. */
function spellings(secret: string): string[] {
  if (plain.test(secret)) return [secret]
  // A lone surrogate has no URL form: it cannot be hunted there, and cannot have been sent there.
  const component = encodeURIComponent(secret.replace(/[\uD800-\uDFFF]/gu, '\uFFFD'))
  return [secret, component, component.replaceAll('%20', '+'), JSON.stringify(secret).slice(1, -1)]
}

/** Places of the table of jumps. */
const table = 2 ** 18
/** Characters by which it is decided how far to jump: no spelling that is hunted has fewer. */
const block = 3
/** Of a longer spelling only so much is its head: from here on further jumps cost more entries than they save steps. */
const longestHead = 32

/**
 * Looks for spellings in one pass, however many there are (Wu and Manber). How far it jumps depends on the shortest one
 * known, and they differ much: tokens alone are long, a password in a plan may be short.
 */
class Hunt {
  readonly #wholeWords: boolean
  readonly #names = new Map<string, string>()
  /** Characters of a spelling that are looked at before all of it is: as many as the shortest one has. */
  #head = longestHead
  /** Every spelling, by its head; longest first. */
  readonly #byHead = new Map<string, string[]>()
  /** How far it may jump when it sees a block; 0 where a head may end. */
  readonly #jumps = new Uint8Array(table)

  constructor(wholeWords: boolean) {
    this.#wholeWords = wholeWords
  }

  add(spelling: string, name: string): void {
    if (this.#names.has(spelling)) return
    const first = this.#names.size === 0
    this.#names.set(spelling, name)
    if (first || spelling.length < this.#head) {
      this.#head = Math.min(spelling.length, this.#head)
      this.#byHead.clear()
      this.#jumps.fill(this.#head - block + 1)
      for (const known of this.#names.keys()) this.#enter(known)
    } else this.#enter(spelling)
  }

  #enter(spelling: string): void {
    const head = this.#head
    const start = spelling.slice(0, head)
    const alike = this.#byHead.get(start) ?? []
    alike.push(spelling)
    alike.sort((a, b) => b.length - a.length)
    this.#byHead.set(start, alike)
    for (let end = block; end <= head; end++) {
      const print = fingerprint(spelling, end)
      this.#jumps[print] = Math.min(this.#jumps[print] as number, head - end)
    }
  }

  /** Spellings that overlap go as one, under the name of the longest: nothing of any of them is left. */
  replaceIn(text: string): string {
    if (this.#names.size === 0) return text
    const head = this.#head
    const jumps = this.#jumps
    const parts: string[] = []
    let found = ''
    /** Where the last one found ends. */
    let to = 0
    for (let end = head; end <= text.length; ) {
      const far = jumps[fingerprint(text, end)] as number
      if (far > 0) {
        end += far
        continue
      }
      const at = end - head
      const hit = this.#byHead.get(text.slice(at, end))?.find((spelling) => this.#stands(text, spelling, at))
      if (hit !== undefined) {
        if (at >= to) {
          if (found !== '') parts.push(this.#names.get(found) as string)
          parts.push(text.slice(to, at))
          found = hit
        } else if (hit.length > found.length) found = hit
        to = Math.max(to, at + hit.length)
      }
      end++
    }
    if (found === '') return text
    parts.push(this.#names.get(found) as string, text.slice(to))
    return parts.join('')
  }

  #stands(text: string, spelling: string, at: number): boolean {
    if (!text.startsWith(spelling, at)) return false
    if (!this.#wholeWords) return true
    return !wordly.test(text[at - 1] ?? '') && !wordly.test(text[at + spelling.length] ?? '')
  }
}

/** Where the block before that place stands in the table. Different blocks may share a place: every hit is compared in full. */
const fingerprint = (text: string, end: number): number =>
  (Math.imul(text.charCodeAt(end - 3), 0x65d2c1) +
    Math.imul(text.charCodeAt(end - 2), 0xa17) +
    text.charCodeAt(end - 1)) &
  (table - 1)
