/** The XHTML of narratives (txt-1, txt-2): well-formed, one div, only what FHIR allows, something to read. One pass over the text. */
import type { Slot } from '../compile/compiled.ts'
import type { Visit } from './visit.ts'
import { allowsAttribute, elements, entities } from './xhtml.ts'

const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const entity = /&(?:#([0-9]+)|#x([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]*));/y

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const suspect = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f]/
const lone = /\p{Surrogate}/u

/** May XML have that character (XML 1.0, section 2.2)? */
const isCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 32 && code < 0xd800) ||
  (code >= 0xe000 && code < 0xfffe) ||
  (code >= 0x10000 && code <= 0x10ffff)

/** What is wrong with the entity at that place of the text. */
function entityProblem(text: string, at: number): string | undefined {
  entity.lastIndex = at
  const found = entity.exec(text)
  if (!found) return 'has an & that begins no entity'
  const [, decimal, hexadecimal, name] = found
  if (name !== undefined)
    return entities.has(name) ? undefined : `has the entity &${name};, which XHTML does not have here`
  const code = decimal === undefined ? Number.parseInt(hexadecimal as string, 16) : Number(decimal)
  return isCharacter(code) ? undefined : `has the reference ${found[0]} to a character that XML does not have`
}

/** What is wrong with a narrative, or undefined. `anchors` gets the places in the same document that it links to. */
export function narrativeProblem(text: string, anchors?: string[]): string | undefined {
  if (suspect.test(text)) {
    if (control.test(text)) return 'has a control character'
    if (lone.test(text)) return 'has half of a surrogate pair, which is no Unicode character'
  }
  return new Reader(text, anchors).read()
}

const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 9 || unit === 13

/** A tag that was read: `</p>`, `<p class="x">`, `<br/>`. */
interface Tag {
  readonly length: number
  readonly name: string
  /** The text that closes it. */
  readonly end: string
  readonly closes: boolean
  readonly closed: boolean
  /** What is wrong with its name or its attributes. */
  readonly problem: string | undefined
  readonly namespace: boolean
  /** Place in the same document that it links to. */
  readonly anchor: string | undefined
}

/** The same few tags come again and again: what was read is kept by their text. */
const read = new Map<string, Tag>()

/** The tag that begins at that place; undefined where none does. */
function tagAt(text: string, at: number): Tag | undefined {
  const whole = text.slice(at, text.indexOf('>', at) + 1)
  const known = read.get(whole)
  if (known) return known
  tag.lastIndex = at
  const found = tag.exec(text)
  if (!found) return undefined
  const [all, slash, name, attributes, end] = found as unknown as [string, string, string, string, string]
  const closes = slash === '/'
  const made: Tag = {
    length: all.length,
    name,
    end: `</${name}>`,
    closes,
    closed: end === '/',
    problem: closes ? undefined : tagProblem(name, attributes),
    namespace: attributes.includes('xmlns'),
    anchor: name === 'a' ? /\shref\s*=\s*["']#([^"']+)["']/.exec(attributes)?.[1] : undefined,
  }
  // A > inside of an attribute cuts the text short, which then must not stand for the tag.
  if (all === whole && whole.length < 200) {
    if (read.size > 5000) read.clear()
    read.set(whole, made)
  }
  return made
}

class Reader {
  readonly #text: string
  /** The open tags, each as the text that closes it. */
  readonly #open: string[] = []
  readonly #anchors: string[] | undefined
  #at = 0
  /** Is there anything to read in it? */
  #content = false
  #rootSeen = false
  #nextEntity: number

  constructor(text: string, anchors: string[] | undefined) {
    this.#text = text
    this.#anchors = anchors
    this.#nextEntity = text.indexOf('&')
  }

  read(): string | undefined {
    const text = this.#text
    while (this.#at < text.length) {
      const next = text.indexOf('<', this.#at)
      const problem = this.#between(next === -1 ? text.length : next) ?? (next === -1 ? undefined : this.#mark())
      if (problem !== undefined) return problem
    }
    if (this.#open.length > 0) return `does not close <${this.#open.at(-1)?.slice(2)}`
    if (!this.#rootSeen) return 'has no <div>'
    return this.#content ? undefined : 'says nothing: some text or an image must be there (txt-2)'
  }

  /** Text up to the next mark. */
  #between(end: number): string | undefined {
    const text = this.#text
    while (this.#nextEntity !== -1 && this.#nextEntity < end) {
      const problem = entityProblem(text, this.#nextEntity)
      if (problem !== undefined) return problem
      this.#nextEntity = text.indexOf('&', this.#nextEntity + 1)
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
    const second = text.charCodeAt(start + 1)
    if (second === 47) {
      const last = this.#open.at(-1)
      if (last !== undefined && text.startsWith(last, start)) {
        this.#open.pop()
        this.#at = start + last.length
        return undefined
      }
    } else if (second === 33 || second === 63) return this.#comment()
    const found = tagAt(text, start)
    if (!found) return `is not well-formed XHTML near "${text.slice(this.#at, this.#at + 30)}"`
    this.#pass(this.#at + found.length)
    if (found.closes) return this.#open.pop() === found.name ? undefined : `closes <${found.name}> where it is not open`
    return this.#opening(found)
  }

  /** Goes on behind a mark; entities inside of it are not text. */
  #pass(to: number): void {
    this.#at = to
    if (this.#nextEntity !== -1 && this.#nextEntity < to) this.#nextEntity = this.#text.indexOf('&', to)
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

  #opening({ name, end, problem, namespace, closed, anchor }: Tag): string | undefined {
    if (this.#open.length === 0) {
      if (this.#rootSeen) return 'has more than one root element'
      if (name !== 'div') return `must be a <div>, not <${name}>`
      this.#rootSeen = true
      if (!namespace) return 'must say its namespace: xmlns="http://www.w3.org/1999/xhtml"'
    }
    if (problem !== undefined) return problem
    if (anchor !== undefined) this.#anchors?.push(anchor)
    if (name === 'img') this.#content = true
    if (!closed) this.#open.push(end)
    return undefined
  }
}

/** What is wrong with an opening tag: its name, its attributes. */
function tagProblem(name: string, text: string): string | undefined {
  if (!elements.has(name)) return `has the element <${name}>, which narratives may not have`
  const seen = new Set<string>()
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    const problem = entityProblem(text, at)
    if (problem !== undefined) return `${problem} (in an attribute)`
  }
  for (const [, key = '', double, simple] of text.matchAll(attribute)) {
    const value = double ?? simple ?? ''
    if (seen.has(key)) return `has the attribute ${key} twice on <${name}>`
    seen.add(key)
    if (key.startsWith('xmlns')) {
      if (key === 'xmlns' && value !== 'http://www.w3.org/1999/xhtml') {
        return `has the namespace ${value} instead of that of XHTML`
      }
      continue
    }
    if (!allowsAttribute(name, key)) return `has the attribute ${key} on <${name}>, which narratives may not have`
    if ((key === 'href' || key === 'src') && /^\s*(javascript|vbscript):/i.test(value))
      return `has active content in ${key}`
  }
  return undefined
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
