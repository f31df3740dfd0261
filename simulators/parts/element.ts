/** A careful look into JSON that a stranger sent: every step says what it expects, and what is not so ends as one Unreadable. */

/** What was wrong and where; never what the sender wrote there. */
export class Unreadable extends Error {
  readonly code: string
  readonly at: string
  constructor(code: string, at: string, message: string) {
    super(message)
    this.name = 'Unreadable'
    this.code = code
    this.at = at
  }
}

/** One object in a message and the path to it. */
export class Element {
  readonly at: string
  readonly #value: Readonly<Record<string, unknown>>

  /** Throws Unreadable when the value is no object. */
  constructor(value: unknown, at: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Unreadable('structure', at, `${at} is not an object`)
    this.#value = value as Record<string, unknown>
    this.at = at
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined
  }

  raw(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined
  }

  /** The whole object as it came, for who has read enough of it to know its type. */
  as<T>(): T {
    return this.#value as T
  }

  /** Names of its members. */
  names(): string[] {
    return Object.keys(this.#value)
  }

  child(name: string): Element | undefined {
    return this.has(name) ? new Element(this.raw(name), `${this.at}.${name}`) : undefined
  }

  needed(name: string): Element {
    return this.child(name) ?? this.#missing(name)
  }

  /** A repeating element; absent is an empty list. */
  list(name: string): Element[] {
    return this.#items(name).map((item, i) => new Element(item, `${this.at}.${name}[${i}]`))
  }

  /** A repeating string. A null holds the place of an extension and says nothing. */
  texts(name: string): string[] {
    return this.#items(name).flatMap((item, i) => {
      if (item === null) return []
      if (typeof item === 'string') return item.trim() ? [item] : []
      throw new Unreadable('structure', `${this.at}.${name}[${i}]`, `${this.at}.${name}[${i}] is not a string`)
    })
  }

  /** A string that says something; undefined when absent. */
  text(name: string): string | undefined {
    const value = this.raw(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value.trim() === '')
      throw new Unreadable('structure', `${this.at}.${name}`, `${this.at}.${name} is not a string with a content`)
    return value
  }

  neededText(name: string): string {
    return this.text(name) ?? this.#missing(name)
  }

  /** True when one coding of the concept, or of one of its concepts, is that code. */
  hasCode(name: string, system: string, code: string): boolean {
    const value = this.raw(name)
    const concepts = Array.isArray(value) ? this.list(name) : [this.child(name)].filter((c) => c !== undefined)
    return concepts.some((concept) =>
      concept.list('coding').some((coding) => coding.raw('system') === system && coding.raw('code') === code),
    )
  }

  /** Ends the reading: this element is not as its profile wants it. */
  refuse(message: string, name?: string, code = 'invalid'): never {
    const at = name ? `${this.at}.${name}` : this.at
    throw new Unreadable(code, at, `${at} ${message}`)
  }

  #items(name: string): readonly unknown[] {
    const value = this.raw(name)
    if (value === undefined) return []
    if (!Array.isArray(value))
      throw new Unreadable('structure', `${this.at}.${name}`, `${this.at}.${name} is not a list`)
    return value
  }

  #missing(name: string): never {
    throw new Unreadable('required', `${this.at}.${name}`, `${this.at}.${name} is missing`)
  }
}
