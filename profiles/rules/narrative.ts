/** The XHTML of narratives (txt-1, txt-2): well-formed, one div, only what FHIR allows, something to read. One pass over the text. */
import type { Slot } from '../compile/compiled.ts'
import type { Visit } from './visit.ts'
import { allowsAttribute, elements, entities } from './xhtml.ts'

const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const entity = /&(?:#([0-9]+)|#x([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]*));/y

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f]/

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
  return new Reader(text, anchors).read()
}

const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 9 || unit === 13
const isNameUnit = (unit: number): boolean => (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57)

class Reader {
  readonly #text: string
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
    if (control.test(text)) return 'has a control character'
    while (this.#at < text.length) {
      const next = text.indexOf('<', this.#at)
      const problem = this.#between(next === -1 ? text.length : next) ?? (next === -1 ? undefined : this.#mark())
      if (problem !== undefined) return problem
    }
    if (this.#open.length > 0) return `does not close <${this.#open.at(-1)}>`
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
    if (second === 33 || second === 63) return this.#comment()
    const closing = second === 47
    let at = start + (closing ? 2 : 1)
    const from = at
    while (isNameUnit(text.charCodeAt(at))) at++
    // Most tags are plain: a name and nothing else.
    if (at > from && text.charCodeAt(at) === 62) {
      this.#at = at + 1
      const name = text.slice(from, at)
      return closing ? this.#close(name) : this.#opening(name, '', false)
    }
    tag.lastIndex = start
    const found = tag.exec(text)
    if (!found) return `is not well-formed XHTML near "${text.slice(start, start + 30)}"`
    const [whole, slash, name, attributesText, selfClosing] = found as unknown as [
      string,
      string,
      string,
      string,
      string,
    ]
    this.#at = start + whole.length
    if (this.#nextEntity !== -1 && this.#nextEntity < this.#at) {
      this.#nextEntity = text.indexOf('&', this.#at)
    }
    return slash === '/' ? this.#close(name) : this.#opening(name, attributesText, selfClosing === '/')
  }

  #comment(): string | undefined {
    if (!this.#text.startsWith('<!--', this.#at)) {
      return 'has a processing instruction, CDATA or DOCTYPE, which narratives may not have'
    }
    const end = this.#text.indexOf('-->', this.#at + 4)
    if (end === -1) return 'has a comment that does not end'
    this.#at = end + 3
    if (this.#nextEntity !== -1 && this.#nextEntity < this.#at) this.#nextEntity = this.#text.indexOf('&', this.#at)
    return undefined
  }

  #close(name: string): string | undefined {
    return this.#open.pop() === name ? undefined : `closes <${name}> where it is not open`
  }

  #opening(name: string, attributesText: string, selfClosing: boolean): string | undefined {
    if (this.#open.length === 0) {
      if (this.#rootSeen) return 'has more than one root element'
      if (name !== 'div') return `must be a <div>, not <${name}>`
      this.#rootSeen = true
      if (!attributesText.includes('xmlns')) return 'must say its namespace: xmlns="http://www.w3.org/1999/xhtml"'
    }
    if (!elements.has(name)) return `has the element <${name}>, which narratives may not have`
    if (attributesText !== '') {
      const problem = attributesProblem(name, attributesText)
      if (problem !== undefined) return problem
      const anchor =
        this.#anchors && name === 'a' ? /href\s*=\s*["']#([^"']+)["']/.exec(attributesText)?.[1] : undefined
      if (anchor !== undefined) this.#anchors?.push(anchor)
    }
    if (name === 'img') this.#content = true
    if (!selfClosing) this.#open.push(name)
    return undefined
  }
}

const sound = new Set<string>()

/** The attributes of a tag; the same few come again and again, so answers are kept. */
function attributesProblem(name: string, text: string): string | undefined {
  const key = name + text
  if (sound.has(key)) return undefined
  const problem = judgeAttributes(name, text)
  if (problem === undefined && text.length < 200) {
    if (sound.size > 2000) sound.clear()
    sound.add(key)
  }
  return problem
}

function judgeAttributes(name: string, text: string): string | undefined {
  attribute.lastIndex = 0
  const seen = new Set<string>()
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    const problem = entityProblem(text, at)
    if (problem !== undefined) return `${problem} (in an attribute)`
  }
  for (let found = attribute.exec(text); found; found = attribute.exec(text)) {
    const key = found[1] as string
    const value = found[2] ?? found[3] ?? ''
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
