/** The XHTML of narratives (txt-1, txt-2): well-formed, one div, only what FHIR allows, something to read. One pass over the text. */
import type { Slot } from '../compile/compiled.ts'
import type { Visit } from './visit.ts'

const elements = new Set(
  'p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo kbd q sub sup ul ol li dl dt dd pre table caption colgroup col thead tr tfoot tbody th td code samp img map area ins del u'.split(
    ' ',
  ),
)
const attributes = new Set(
  'title style class id lang xml:lang xml:space dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan colspan border cellpadding cellspacing frame rules summary href name target rel rev type hreflang charset src alt longdesc height usemap ismap shape coords nohref cite datetime start value compact reversed xmlns nowrap'.split(
    ' ',
  ),
)
const entity = /&(?:#[0-9]+|#x[0-9a-fA-F]+|(?:amp|lt|gt|quot|apos|[A-Za-z][A-Za-z0-9]*));/y
const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** What is wrong with a narrative, or undefined. */
export function narrativeProblem(text: string): string | undefined {
  const open: string[] = []
  let content = false
  let at = 0
  let rootSeen = false
  while (at < text.length) {
    const character = text.charCodeAt(at)
    if (character === 60) {
      if (text.startsWith('<!--', at)) {
        const end = text.indexOf('-->', at + 4)
        if (end === -1) return 'has a comment that does not end'
        at = end + 3
        continue
      }
      if (text.startsWith('<?', at) || text.startsWith('<!', at))
        return 'has a processing instruction, CDATA or DOCTYPE, which narratives may not have'
      tag.lastIndex = at
      const found = tag.exec(text)
      if (!found) return `is not well-formed XHTML near "${text.slice(at, at + 30)}"`
      const [whole, closing, name, attributesText, selfClosing] = found as unknown as [
        string,
        string,
        string,
        string,
        string,
      ]
      if (closing) {
        if (open.pop() !== name) return `closes <${name}> where it is not open`
      } else {
        if (open.length === 0) {
          if (rootSeen) return 'has more than one root element'
          if (name !== 'div') return `must be a <div>, not <${name}>`
          rootSeen = true
        }
        const problem = tagProblem(name, attributesText)
        if (problem) return problem
        if (name === 'img') content = true
        if (!selfClosing) open.push(name)
        else if (name === 'div' && open.length === 0) return 'is an empty <div>'
      }
      at += whole.length
      continue
    }
    if (character === 38) {
      entity.lastIndex = at
      const found = entity.exec(text)
      if (!found) return 'has an & that begins no entity'
      const name = found[0].slice(1, -1)
      if (!name.startsWith('#') && !knownEntities.has(name))
        return `has the entity &${name};, which XHTML does not have here`
      if (open.length > 0) content = true
      at += found[0].length
      continue
    }
    const next = nextMark(text, at)
    if (open.length === 0) {
      if (text.slice(at, next).trim() !== '') return 'has text outside of its <div>'
    } else if (!content && !isBlank(text, at, next)) content = true
    at = next
  }
  if (open.length > 0) return `does not close <${open[open.length - 1]}>`
  if (!rootSeen) return 'has no <div>'
  return content ? undefined : 'says nothing: some text or an image must be there (txt-2)'
}

const nextMark = (text: string, from: number): number => {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === 60 || unit === 38) return at
  }
  return text.length
}
const isBlank = (text: string, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) > 32) return false
  return true
}
const knownEntities = new Set(
  'amp lt gt quot apos nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest times divide ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger bull hellip permil prime Prime lsaquo rsaquo euro trade larr uarr rarr darr harr le ge ne'.split(
    ' ',
  ),
)

function tagProblem(name: string, text: string): string | undefined {
  if (!elements.has(name)) return `has the element <${name}>, which narratives may not have`
  if (text === '') return undefined
  attribute.lastIndex = 0
  for (let found = attribute.exec(text); found; found = attribute.exec(text)) {
    const key = found[1] as string
    const value = found[2] ?? found[3] ?? ''
    if (key.startsWith('xmlns')) {
      if (key === 'xmlns' && value !== 'http://www.w3.org/1999/xhtml')
        return `has the namespace ${value} instead of that of XHTML`
      continue
    }
    if (!attributes.has(key)) return `has the attribute ${key} on <${name}>, which narratives may not have`
    if ((key === 'href' || key === 'src') && /^\s*(javascript|vbscript):/i.test(value))
      return `has active content in ${key}`
  }
  return undefined
}

/** Judges Narrative.div. */
export function judgeNarrative(visit: Visit, value: unknown, slot: Slot): void {
  if (typeof value !== 'string') {
    visit.report('error', 'structure-primitive-expected', 'The narrative must be text (XHTML).', slot.demand)
    return
  }
  const problem = narrativeProblem(value)
  if (problem)
    visit.report('error', 'narrative-xhtml', `The narrative ${problem}.`, slot.demand, {
      key: problem.endsWith('(txt-2)') ? 'txt-2' : 'txt-1',
    })
}
