/**
 * The opening tags that most narratives are made of, read letter by letter without cutting out texts: `<td style="color: red">`.
 * What is not seen to be in order here is left to the reader of tags, which says what is wrong with it.
 */
import { allowsAttribute, elements } from './xhtml.ts'

interface Known {
  readonly name: string
  /** Of an attribute: its bit. Of an element: the bits of the attributes that it may have. */
  readonly bits: number
}

/** Looks up words that stand in a text by their first and last letter and their length. */
class Vocabulary {
  readonly #words: Known[][] = Array.from({ length: 256 }, () => [])

  constructor(words: Iterable<Known>) {
    for (const word of words) this.#words[this.#place(word.name, 0, word.name.length)]?.push(word)
  }

  #place(text: string, from: number, to: number): number {
    return (31 * text.charCodeAt(from) + 7 * text.charCodeAt(to - 1) + (to - from)) & 255
  }

  find(text: string, from: number, to: number): Known | undefined {
    for (const word of this.#words[this.#place(text, from, to)] as Known[]) {
      const { name } = word
      if (name.length !== to - from) continue
      let at = 0
      while (at < name.length && name.charCodeAt(at) === text.charCodeAt(from + at)) at++
      if (at === name.length) return word
    }
    return undefined
  }
}

/** Attributes that narratives use; each has a bit. */
const attributeNames =
  'style class id title href name lang dir width align valign colspan rowspan src alt border'.split(' ')
const attributes = new Vocabulary(attributeNames.map((name, at) => ({ name, bits: 1 << at })))
const names = new Vocabulary(
  [...elements].map((name) => ({
    name,
    bits: attributeNames.reduce((bits, each, at) => bits | (allowsAttribute(name, each) ? 1 << at : 0), 0),
  })),
)
const links = (1 << attributeNames.indexOf('href')) | (1 << attributeNames.indexOf('src'))

const isLower = (unit: number): boolean => unit >= 97 && unit <= 122
/** How the address of a page begins that holds no script and lies elsewhere: with a letter other than j and v (javascript:, vbscript:). */
const isPage = (unit: number): boolean => isLower(unit | 32) && (unit | 32) !== 106 && (unit | 32) !== 118

/** An opening tag. */
export interface PlainTag {
  readonly name: string
  readonly closed: boolean
  /** The place behind it. */
  readonly end: number
}

/** The tag that begins at that place, if it is plain and in order; nothing of it may stand at `limit` or behind. */
export function plainTagAt(text: string, start: number, limit: number): PlainTag | undefined {
  let at = start + 1
  while (isLower(text.charCodeAt(at)) || isDigit(text.charCodeAt(at))) at++
  const element = names.find(text, start + 1, at)
  if (!element) return undefined
  let seen = 0
  while (text.charCodeAt(at) === 32) {
    const from = ++at
    while (isLower(text.charCodeAt(at))) at++
    // `<br />`
    if (at === from) break
    const bit = attributes.find(text, from, at)?.bits ?? 0
    if ((bit & element.bits & ~seen) === 0) return undefined
    if (text.charCodeAt(at) !== 61 || text.charCodeAt(at + 1) !== 34) return undefined
    if ((bit & links) !== 0 && !isPage(text.charCodeAt(at + 2))) return undefined
    seen |= bit
    at = text.indexOf('"', at + 2) + 1
    if (at === 0 || at > limit) return undefined
  }
  const closed = text.charCodeAt(at) === 47
  if (closed) at++
  return text.charCodeAt(at) === 62 && at < limit ? { name: element.name, closed, end: at + 1 } : undefined
}

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57
