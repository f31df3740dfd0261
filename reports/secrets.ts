/**
 * The register of a run's secrets: each one known gets a name that can be printed. Equal secrets get equal names, so a
 * reader can follow a token through a run; the digest is keyed, so nobody can try candidates against it.
 */
import { createHmac } from 'node:crypto'

/** Shorter ones are masked where they stand, but not hunted through every other text: they would hit ordinary words. */
const HUNTED = 8
const TABLE = 1 << 16

/** Rolling fingerprint of HUNTED characters; only a sieve, every hit is compared in full. */
const POWER = (() => {
  let power = 1
  for (let i = 1; i < HUNTED; i++) power = Math.imul(power, 31)
  return power
})()

export class SecretRegister {
  readonly #key: Uint8Array | string
  readonly #names = new Map<string, string>()
  readonly #issued = new Set<string>()
  /** Every spelling that is hunted, by its first characters; longest first. */
  readonly #byHead = new Map<string, string[]>()
  readonly #spelled = new Map<string, string>()
  readonly #sieve = new Uint8Array(TABLE)

  constructor(key: Uint8Array | string) {
    this.#key = key
  }

  /** `«access token 3f2a91c4»`: the same text for the same secret, whatever it is called later. */
  nameOf(secret: string, kind: string): string {
    const known = this.#names.get(secret)
    if (known) return known
    if (this.#issued.has(secret)) return secret
    const digest = createHmac('sha256', this.#key).update(secret).digest('hex').slice(0, 8)
    const name = `«${kind} ${digest}»`
    this.#names.set(secret, name)
    this.#issued.add(name)
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
    if (text.length < HUNTED || this.#spelled.size === 0) return text
    let print = 0
    for (let i = 0; i < HUNTED; i++) print = (Math.imul(print, 31) + text.charCodeAt(i)) | 0
    const parts: string[] = []
    let from = 0
    for (let at = 0; ; at++) {
      if (this.#sieve[print & (TABLE - 1)] && at >= from) {
        const hit = this.#byHead.get(text.slice(at, at + HUNTED))?.find((spelling) => text.startsWith(spelling, at))
        if (hit) {
          parts.push(text.slice(from, at), this.#spelled.get(hit) as string)
          from = at + hit.length
        }
      }
      if (at + HUNTED >= text.length) break
      print = (Math.imul(print - Math.imul(text.charCodeAt(at), POWER), 31) + text.charCodeAt(at + HUNTED)) | 0
    }
    return from === 0 ? text : parts.join('') + text.slice(from)
  }

  #hunt(spelling: string, name: string): void {
    if (spelling.length < HUNTED || this.#spelled.has(spelling)) return
    this.#spelled.set(spelling, name)
    const head = spelling.slice(0, HUNTED)
    const others = this.#byHead.get(head) ?? []
    others.push(spelling)
    others.sort((a, b) => b.length - a.length)
    this.#byHead.set(head, others)
    let print = 0
    for (let i = 0; i < HUNTED; i++) print = (Math.imul(print, 31) + spelling.charCodeAt(i)) | 0
    this.#sieve[print & (TABLE - 1)] = 1
  }
}
