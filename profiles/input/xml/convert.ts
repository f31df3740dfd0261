/**
 * FHIR XML to the JSON of the same resource (http://hl7.org/fhir/R4/xml.html), by the types of R4. What XML alone can get wrong is named
 * here; what no type knows is handed on under its name, so that the validator reports it like any unknown property.
 */
import type { Element } from '@xmldom/xmldom'
import type { TypeInfo, TypeTable, Variant } from '../../compile/types.ts'
import type { Trouble, TroubleCode } from '../trouble.ts'
import { attributesOf, childrenOf, elementsOf, xhtmlNamespace, xhtmlText } from './xhtml.ts'

const fhirNamespace = 'http://hl7.org/fhir'
const instanceNamespace = 'http://www.w3.org/2001/XMLSchema-instance'
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

type JsonObject = Record<string, unknown>
interface Primitive {
  readonly value: unknown
  readonly shadow: JsonObject | undefined
}

/** Levels that a document nests, counted without recursion and only as far as `limit`. */
export function nestsDeeper(root: Element, limit: number): Element | undefined {
  let level: Element[] = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= limit) return level[0]
    level = level.flatMap((element) => [...elementsOf(element)])
  }
  return undefined
}

/** Converts one document. */
export class Converter {
  readonly troubles: Trouble[] = []
  readonly #types: TypeTable

  constructor(types: TypeTable) {
    this.#types = types
  }

  /** A resource: the root, or what lies in `contained` and `resource`. */
  resource(element: Element, around: string | null = null): JsonObject {
    this.#namespace(element, around)
    const type = nameOf(element)
    const known = this.#types.isResource(type) ? this.#types.get(type) : undefined
    const out: JsonObject = { resourceType: type }
    this.#attributes(element, [], 'the id of a resource is the element <id value="..."/>')
    this.#children(element, known, out)
    return out
  }

  #complex(element: Element, info: TypeInfo | undefined): JsonObject {
    const out: JsonObject = {}
    const allowed = info?.name === 'Extension' ? ['id', 'url'] : ['id']
    for (const [name, value] of this.#attributes(element, allowed)) out[name] = value
    this.#children(element, info, out)
    return out
  }

  #children(element: Element, info: TypeInfo | undefined, out: JsonObject): void {
    const byName = new Map<string, Element[]>()
    const order = info && [...info.elements.keys()]
    let last = -1
    let disordered = false
    for (const child of childrenOf(element)) {
      if (child.nodeType === child.TEXT_NODE || child.nodeType === child.CDATA_SECTION_NODE) {
        const text = child.nodeValue?.trim()
        if (text)
          this.#trouble('xml-text', element, `Text has no place in <${nameOf(element)}>: "${text.slice(0, 40)}".`)
      }
      if (child.nodeType !== child.ELEMENT_NODE) continue
      const inner = child as Element
      const name = nameOf(inner)
      if (name === 'resourceType' || name.startsWith('_')) {
        this.#trouble('xml-element', inner, `There is no element <${name}> in FHIR XML.`)
        continue
      }
      const variant = info?.byJson.get(name)
      const rank = variant ? (order?.indexOf(variant.element.stem) ?? -1) : -1
      if (rank !== -1 && rank < last && !disordered) {
        disordered = true
        const before = order?.[last]
        this.#trouble('xml-order', inner, `<${name}> comes before <${before}> in ${info?.name}, not after it.`)
      }
      last = Math.max(last, rank)
      if (variant?.type !== 'xhtml') this.#namespace(inner, element.namespaceURI)
      const list = byName.get(name)
      if (list) list.push(inner)
      else byName.set(name, [inner])
    }
    for (const [name, list] of byName) this.#property(name, list, info, out)
  }

  #property(name: string, list: readonly Element[], info: TypeInfo | undefined, out: JsonObject): void {
    const variant = info?.byJson.get(name)
    const type = variant && this.#types.get(variant.type)
    const isAttribute =
      info && info.kind !== 'resource' && (name === 'id' || (name === 'url' && info.name === 'Extension'))
    if (isAttribute) {
      this.#trouble('xml-attribute', list[0] as Element, `${name} is an attribute of ${info.name}, not an element.`)
      out[name] ??= list[0]?.getAttribute('value') ?? ''
      return
    }
    if (variant && variant.type !== 'xhtml' && type?.kind === 'primitive') this.#primitives(variant, list, out)
    else {
      const values = list.map((element) => this.#value(element, variant, type))
      out[name] = variant?.element.array || values.length > 1 ? values : values[0]
    }
  }

  #value(element: Element, variant: Variant | undefined, type: TypeInfo | undefined): unknown {
    if (variant?.type === 'xhtml') {
      if (element.namespaceURI !== xhtmlNamespace)
        this.#trouble('xml-namespace', element, `The div of a narrative is XHTML: <div xmlns="${xhtmlNamespace}">.`)
      return xhtmlText(element)
    }
    if (!variant) return this.#unknown(element)
    if (type?.kind !== 'resource') return this.#complex(element, type)
    this.#attributes(element, [])
    const [first, second] = elementsOf(element)
    if (second) this.#trouble('xml-element', second, `<${nameOf(element)}> holds one resource, not several.`)
    return first ? this.resource(first, element.namespaceURI) : {}
  }

  /** As JSON would have it: values in one property, ids and extensions in another that begins with an underscore. */
  #primitives(
    { json, shadowJson, type, element: { array } }: Variant,
    list: readonly Element[],
    out: JsonObject,
  ): void {
    const read = list.map((element) => this.#primitive(element, type))
    if (!array && read.length === 1) {
      const [{ value, shadow }] = read as [Primitive]
      if (value !== undefined) out[json] = value
      if (shadow || value === undefined) out[shadowJson] = shadow ?? {}
      return
    }
    if (read.some(({ value }) => value !== undefined)) out[json] = read.map(({ value }) => value ?? null)
    if (read.some(({ value, shadow }) => shadow || value === undefined))
      out[shadowJson] = read.map(({ value, shadow }) => shadow ?? (value === undefined ? {} : null))
  }

  #primitive(element: Element, type: string): Primitive {
    const { value: text, ...shadow } = Object.fromEntries(this.#attributes(element, ['value', 'id'])) as JsonObject
    this.#children(element, this.#types.get('Element'), shadow)
    return {
      value: text === undefined ? undefined : primitiveValue(String(text), type),
      shadow: Object.keys(shadow).length > 0 ? shadow : undefined,
    }
  }

  /** By its looks, as no definition tells. */
  #unknown(element: Element): unknown {
    const out: JsonObject = {}
    for (const { name, value } of attributesOf(element)) if (!name.startsWith('xmlns')) out[name] = value
    this.#children(element, undefined, out)
    const names = Object.keys(out)
    return names.length === 1 && names[0] === 'value' ? out.value : out
  }

  /** The attributes that FHIR has here; any other is named. */
  #attributes(element: Element, allowed: readonly string[], hint?: string): [string, string][] {
    const found: [string, string][] = []
    for (const { name, localName, namespaceURI, prefix, value } of attributesOf(element)) {
      if (name === 'xmlns' || prefix === 'xmlns') continue
      if (namespaceURI === instanceNamespace && localName === 'schemaLocation') continue
      if (!namespaceURI && allowed.includes(name)) {
        found.push([name, value])
        continue
      }
      const xmlId = namespaceURI === xmlNamespace && localName === 'id' && allowed.includes('id')
      if (xmlId) found.push(['id', value])
      const more = xmlId ? 'write id' : (hint ?? `it may have ${allowed.length > 0 ? allowed.join(' and ') : 'none'}`)
      this.#trouble('xml-attribute', element, `<${nameOf(element)}> has no attribute "${name}" in FHIR; ${more}.`)
    }
    return found
  }

  /** Said once where it changes, not again for all that is below. */
  #namespace(element: Element, around: string | null): void {
    const { namespaceURI } = element
    if (namespaceURI === fhirNamespace || (around !== null && namespaceURI === around)) return
    if (around === null && namespaceURI === null && element.parentNode?.nodeType === element.ELEMENT_NODE) return
    const said = namespaceURI ? `in the namespace ${namespaceURI.slice(0, 80)}` : 'in no namespace'
    this.#trouble('xml-namespace', element, `<${nameOf(element)}> is ${said}; FHIR's is xmlns="${fhirNamespace}".`)
  }

  #trouble(code: TroubleCode, { lineNumber, columnNumber }: Element, message: string): void {
    this.troubles.push({ severity: 'error', code, message, line: lineNumber || 1, column: columnNumber || 1 })
  }
}

const nameOf = (element: Element): string => element.localName ?? element.nodeName

const integers = new Set(['integer', 'positiveInt', 'unsignedInt'])

/** What is no number or boolean by FHIR's rules stays text, which the validator refuses with the rule. */
function primitiveValue(text: string, type: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (integers.has(type)) return /^(0|[-+]?[1-9][0-9]*)$/.test(text) ? Number(text) : text
  if (type === 'decimal') return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text) ? Number(text) : text
  return text
}
