/** The tags and entities of narratives: what stands between < and >, what stands behind &, and what is wrong with either. */
import { allowsAttribute, elements, entities } from './xhtml.ts'

const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const entity = /&(?:#([0-9]+)|#x([0-9a-fA-F]+)|([A-Za-z][A-Za-z0-9]*));/y

/** May XML have that character (XML 1.0, section 2.2)? */
const isCharacter = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 32 && code < 0xd800) ||
  (code >= 0xe000 && code < 0xfffe) ||
  (code >= 0x10000 && code <= 0x10ffff)

/** What is wrong with the entity at that place of the text. */
export function entityProblem(text: string, at: number): string | undefined {
  entity.lastIndex = at
  const found = entity.exec(text)
  if (!found) return 'has an & that begins no entity'
  const [, decimal, hexadecimal, name] = found
  if (name !== undefined)
    return entities.has(name) ? undefined : `has the entity &${name};, which XHTML does not have here`
  const code = decimal === undefined ? Number.parseInt(hexadecimal as string, 16) : Number(decimal)
  return isCharacter(code) ? undefined : `has the reference ${found[0]} to a character that XML does not have`
}

/** A tag that was read: `</p>`, `<p class="x">`, `<br/>`. */
export interface Tag {
  /** As it stands in the narrative, from < to >. */
  readonly text: string
  readonly name: string
  readonly closes: boolean
  readonly closed: boolean
  /** Nothing but a name in it. */
  readonly bare: boolean
  /** What is wrong with its name or its attributes. */
  readonly problem: string | undefined
  readonly namespace: boolean
  /** Place in the same document that it links to. */
  readonly anchor: string | undefined
}

/** The same few tags come again and again: what was read is kept by their text. */
const read = new Map<string, Tag>()

/** The tag that begins at that place; undefined where none does. */
export function tagAt(text: string, at: number): Tag | undefined {
  const whole = text.slice(at, text.indexOf('>', at) + 1)
  const known = read.get(whole)
  if (known) return known
  const found = readTag(text, at)
  // A > inside of an attribute cuts the text short, which then must not stand for the tag.
  if (found?.text !== whole || whole.length >= 200) return found
  if (read.size > 5000) read.clear()
  read.set(whole, found)
  return found
}

function readTag(text: string, at: number): Tag | undefined {
  tag.lastIndex = at
  const found = tag.exec(text)
  if (!found) return undefined
  const [all, slash, name, attributes, end] = found as unknown as [string, string, string, string, string]
  const closes = slash === '/'
  return {
    text: all,
    name,
    closes,
    closed: end === '/',
    bare: attributes === '' && end === '',
    problem: closes ? undefined : tagProblem(name, attributes),
    namespace: attributes.includes('xmlns'),
    anchor: name === 'a' ? /\shref\s*=\s*["']#([^"']+)["']/.exec(attributes)?.[1] : undefined,
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
