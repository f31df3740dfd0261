/** Reads a FHIR resource from XML: the same JSON tree that its JSON form gives, and where in the XML each part of it stands. */
import type { Element } from '@xmldom/xmldom'
import { Library } from '../../compile/library.ts'
import { TypeTable } from '../../compile/types.ts'
import { shippedPackages } from '../../definitions.ts'
import { type Place, stepsOf } from '../places.ts'
import { defaultLimits, type Limits, type Trouble } from '../trouble.ts'
import { Converter, nestsDeeper } from './convert.ts'
import { parseXml } from './parse.ts'
import { elementsOf } from './xhtml.ts'

export interface ReadXml {
  /** The resource as JSON, or undefined where there is nothing to judge. */
  readonly value: unknown
  readonly troubles: readonly Trouble[]
  /** Where the element of a finding begins; of what is missing, the nearest around it. */
  placeOf(expression: string): Place
}

let types: TypeTable | undefined

/** Reads one document. */
export function readXml(bytes: Uint8Array, limits: Limits = defaultLimits): ReadXml {
  const { document, troubles } = parseXml(bytes, limits)
  const root = document?.documentElement
  if (!root) return { value: undefined, troubles, placeOf: () => ({ line: 1, column: 1 }) }
  const children = childrenByName()
  const placeOf = (expression: string): Place => placeIn(root, expression, children)
  // A level of XML is two of JSON where it is a list.
  const levels = Math.floor(limits.depth / 2)
  const deep = nestsDeeper(root, levels)
  if (deep) {
    const message = `Elements nest more than ${levels} levels deep here; no resource does.`
    const trouble: Trouble = { severity: 'error', code: 'xml-too-deep', message, ...placeAt(deep) }
    return { value: undefined, troubles: [trouble], placeOf }
  }
  types ??= new TypeTable(new Library(shippedPackages()))
  const converter = new Converter(types)
  const value = converter.resource(root)
  return { value, troubles: converter.troubles, placeOf }
}

const placeAt = ({ lineNumber, columnNumber }: Element): Place => ({ line: lineNumber || 1, column: columnNumber || 1 })

type Children = (parent: Element, name: string) => readonly Element[]

/** Elements by name, gathered once for each parent. */
function childrenByName(): Children {
  const known = new Map<Element, Map<string, Element[]>>()
  return (parent, name) => {
    let own = known.get(parent)
    if (!own) {
      own = new Map()
      for (const each of elementsOf(parent)) {
        const list = own.get(each.localName ?? '')
        if (list) list.push(each)
        else own.set(each.localName ?? '', [each])
      }
      known.set(parent, own)
    }
    return own.get(name) ?? []
  }
}

function placeIn(root: Element, expression: string, children: Children): Place {
  let at = root
  let list: readonly Element[] = []
  for (const step of stepsOf(expression)) {
    if (typeof step === 'string') list = children(at, step)
    const next = list[typeof step === 'number' ? step : 0]
    if (!next) break
    at = resourceIn(next) ?? next
  }
  return placeAt(at)
}

/** `contained` and `resource` wrap a resource, which JSON does not: its name begins with a capital. */
function resourceIn(element: Element): Element | undefined {
  const [only, second] = elementsOf(element)
  return only && !second && /^[A-Z]/.test(only.localName ?? '') ? only : undefined
}
