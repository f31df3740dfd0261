/** The XHTML of narratives (txt-1, txt-2): well-formed, one div, only what FHIR allows, something to read. One pass over the text. */
import type { Slot } from '../compile/compiled.ts'
import { characterProblem } from './characters.ts'
import { plainTagAt } from './plain-tags.ts'
import { entityProblem, type Tag, tagAt } from './tags.ts'
import type { Visit } from './visit.ts'

/** What is wrong with a narrative, or undefined. `anchors` gets the places in the same document that it links to. */
export function narrativeProblem(text: string, anchors?: string[]): string | undefined {
  return characterProblem(text) ?? new Reader(text, anchors).read()
}

const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 9 || unit === 13

/** Where the closing tag of that name, which begins at that place, ends; -1 where there is another. Letter by letter, as names are short. */
function endOf(text: string, at: number, name: string | undefined): number {
  if (name === undefined) return -1
  const end = at + 2 + name.length
  if (text.charCodeAt(end) !== 62) return -1
  for (let letter = 0; letter < name.length; letter++) {
    if (text.charCodeAt(at + 2 + letter) !== name.charCodeAt(letter)) return -1
  }
  return end + 1
}

/** Where that letter stands next; behind the text where it does not. */
function placeOf(text: string, letter: string, from: number): number {
  const at = text.indexOf(letter, from)
  return at === -1 ? text.length : at
}

class Reader {
  readonly #text: string
  /** The names of the open tags. */
  readonly #open: string[] = []
  readonly #anchors: string[] | undefined
  #at = 0
  /** Is there anything to read in it? */
  #content = false
  #rootSeen = false
  /** The next & and the next <; behind the text where there is none. */
  #nextEntity: number
  #nextMark: number

  constructor(text: string, anchors: string[] | undefined) {
    this.#text = text
    this.#anchors = anchors
    this.#nextEntity = placeOf(text, '&', 0)
    this.#nextMark = placeOf(text, '<', 0)
  }

  read(): string | undefined {
    const text = this.#text
    while (this.#at < text.length) {
      const mark = this.#nextMark
      const problem = this.#between(mark) ?? (mark < text.length ? this.#mark() : undefined)
      if (problem !== undefined) return problem
    }
    if (this.#open.length > 0) return `does not close <${this.#open.at(-1)}>`
    if (!this.#rootSeen) return 'has no <div>'
    return this.#content ? undefined : 'says nothing: some text or an image must be there (txt-2)'
  }

  /** Text up to the next mark. */
  #between(end: number): string | undefined {
    const text = this.#text
    while (this.#nextEntity < end) {
      const problem = entityProblem(text, this.#nextEntity)
      if (problem !== undefined) return problem
      this.#nextEntity = placeOf(text, '&', this.#nextEntity + 1)
    }
    if (this.#open.length === 0 || !this.#content) {
      for (let at = this.#at; at < end; at++) {
        if (isSpace(text.charCodeAt(at))) continue
        if (this.#open.length === 0) return 'has text outside of its <div>'
        this.#content = true
        break
      }
    }
    this.#at = end
    return undefined
  }

  /** A tag or a comment. */
  #mark(): string | undefined {
    const text = this.#text
    const start = this.#at
    this.#nextMark = placeOf(text, '<', start + 1)
    const second = text.charCodeAt(start + 1)
    if (second === 47) {
      const end = endOf(text, start, this.#open.at(-1))
      if (end !== -1) {
        this.#open.pop()
        this.#at = end
        return undefined
      }
    } else if (second === 33 || second === 63) return this.#comment()
    else if (this.#open.length > 0) {
      const plain = plainTagAt(text, start, Math.min(this.#nextMark, this.#nextEntity))
      if (plain) {
        this.#at = plain.end
        if (plain.name === 'img') this.#content = true
        if (!plain.closed) this.#open.push(plain.name)
        return undefined
      }
    }
    const found = tagAt(text, start)
    if (!found) return `is not well-formed XHTML near "${text.slice(start, start + 30)}"`
    this.#pass(start + found.text.length)
    if (!found.closes) return this.#opening(found)
    return found.bare && this.#open.pop() === found.name ? undefined : `closes <${found.name}> where it is not open`
  }

  /** Goes on behind a mark; entities inside of it are not text. */
  #pass(to: number): void {
    this.#at = to
    if (this.#nextEntity < to) this.#nextEntity = placeOf(this.#text, '&', to)
    if (this.#nextMark < to) this.#nextMark = placeOf(this.#text, '<', to)
  }

  #comment(): string | undefined {
    if (!this.#text.startsWith('<!--', this.#at)) {
      return 'has a processing instruction, CDATA or DOCTYPE, which narratives may not have'
    }
    const end = this.#text.indexOf('-->', this.#at + 4)
    if (end === -1) return 'has a comment that does not end'
    this.#pass(end + 3)
    return undefined
  }

  #opening({ name, problem, namespace, closed, anchor }: Tag): string | undefined {
    if (this.#open.length === 0) {
      if (this.#rootSeen) return 'has more than one root element'
      if (name !== 'div') return `must be a <div>, not <${name}>`
      this.#rootSeen = true
      if (!namespace) return 'must say its namespace: xmlns="http://www.w3.org/1999/xhtml"'
    }
    if (problem !== undefined) return problem
    if (anchor !== undefined) this.#anchors?.push(anchor)
    if (name === 'img') this.#content = true
    if (!closed) this.#open.push(name)
    return undefined
  }
}

/** Links within the document lead to an id: of an element, a contained resource, or a mark in a narrative. */
function judgeAnchors(visit: Visit, anchors: readonly string[], slot: Slot): void {
  if (anchors.length === 0) return
  const ids = new Set<string>()
  collectIds(visit.values[0], ids)
  for (const anchor of anchors) {
    if (ids.has(anchor)) continue
    visit.report(
      'warning',
      'narrative-xhtml',
      `The narrative links to #${anchor}, which is nowhere in the resource.`,
      slot.demand,
      { actual: `#${anchor}` },
    )
  }
}

const marks = /\s(?:id|name)\s*=\s*["']([^"']+)["']/g

function collectIds(value: unknown, into: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collectIds(each, into)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'id' && typeof inner === 'string') into.add(inner)
      else if (key === 'div' && typeof inner === 'string')
        for (const [, mark] of inner.matchAll(marks)) into.add(mark as string)
      else if (typeof inner === 'object') collectIds(inner, into)
    }
  }
}

/** Judges Narrative.div. */
export function judgeNarrative(visit: Visit, value: unknown, slot: Slot): void {
  if (typeof value !== 'string') {
    visit.report('error', 'structure-primitive-expected', 'The narrative must be text (XHTML).', slot.demand)
    return
  }
  const anchors: string[] = []
  const problem = narrativeProblem(value, anchors)
  if (problem === undefined) {
    judgeAnchors(visit, anchors, slot)
    return
  }
  visit.report('error', 'narrative-xhtml', `The narrative ${problem}.`, slot.demand, {
    key: problem.endsWith('(txt-2)') ? 'txt-2' : 'txt-1',
  })
}
