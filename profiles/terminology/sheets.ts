/** Value sets and code systems reduced to what decides membership: URLs, systems, codes and filters, no prose. */

export interface Filter {
  readonly property: string
  readonly op: string
  readonly value: string
}
export interface Include {
  readonly system?: string
  readonly version?: string
  readonly codes?: readonly string[]
  readonly filters?: readonly Filter[]
  readonly valueSets?: readonly string[]
  /** A list of codes was here that may not be shipped. */
  readonly undisclosed?: boolean
}
export interface ValueSetSheet {
  readonly url: string
  readonly version: string
  readonly include: readonly Include[]
  readonly exclude?: readonly Include[]
  /** An expansion that came with the value set: system -> codes. */
  readonly expansion?: Readonly<Record<string, readonly string[]>>
}
export interface Concept {
  readonly code: string
  readonly parents?: readonly string[]
  /** property -> values, for filters. */
  readonly properties?: Readonly<Record<string, readonly string[]>>
}
export interface CodeSystemSheet {
  readonly url: string
  readonly version: string
  readonly content: 'complete' | 'fragment' | 'example' | 'not-present' | 'supplement'
  readonly caseSensitive: boolean
  readonly supplements?: string
  readonly concepts: readonly Concept[]
}

interface RawInclude {
  readonly system?: string
  readonly version?: string
  readonly concept?: readonly { readonly code: string }[]
  readonly filter?: readonly Filter[]
  readonly valueSet?: readonly string[]
}
interface RawContains {
  readonly system?: string
  readonly code?: string
  readonly abstract?: boolean
  readonly contains?: readonly RawContains[]
}

const readInclude = ({ system, version, concept, filter, valueSet }: RawInclude): Include => ({
  // A published value set has a version inside of its system's URL.
  ...(system !== undefined && { system: system.split('|')[0] as string }),
  ...(version !== undefined && { version }),
  ...(concept && { codes: concept.map(({ code }) => code) }),
  ...(filter && { filters: filter.map(({ property, op, value }) => ({ property, op, value })) }),
  ...(valueSet && { valueSets: valueSet }),
})

/** The sheet of a ValueSet resource. */
export function readValueSet(raw: object): ValueSetSheet {
  const { url, version, compose, expansion } = raw as {
    url: string
    version?: string
    compose?: { include?: RawInclude[]; exclude?: RawInclude[] }
    expansion?: { contains?: RawContains[]; parameter?: { name: string; valueBoolean?: boolean }[]; total?: number }
  }
  const whole = expansion?.contains && !expansion.parameter?.some(({ name }) => name === 'limitedExpansion')
  return {
    url,
    version: version ?? '',
    include: (compose?.include ?? []).map(readInclude),
    ...(compose?.exclude && { exclude: compose.exclude.map(readInclude) }),
    ...(whole && { expansion: flatten(expansion?.contains ?? []) }),
  }
}

function flatten(contains: readonly RawContains[]): Record<string, string[]> {
  const systems: Record<string, string[]> = {}
  const visit = (list: readonly RawContains[]): void => {
    for (const { system, code, abstract, contains: inner } of list) {
      if (system !== undefined && code !== undefined && abstract !== true) {
        systems[system] ??= []
        systems[system].push(code)
      }
      if (inner) visit(inner)
    }
  }
  visit(contains)
  return systems
}

interface RawConcept {
  readonly code: string
  readonly concept?: readonly RawConcept[]
  readonly property?: readonly { readonly code: string; readonly [value: string]: unknown }[]
}

/** The sheet of a CodeSystem resource; the hierarchy becomes parents, from nesting and from `parent`/`subsumedBy` properties. */
export function readCodeSystem(raw: object): CodeSystemSheet {
  const { url, version, content, caseSensitive, concept, supplements } = raw as {
    url: string
    version?: string
    content?: CodeSystemSheet['content']
    caseSensitive?: boolean
    concept?: RawConcept[]
    supplements?: string
  }
  const concepts: Concept[] = []
  const visit = (list: readonly RawConcept[], parent: string | undefined): void => {
    for (const { code, concept: inner, property } of list) {
      const parents = parent === undefined ? [] : [parent]
      const properties: Record<string, string[]> = {}
      for (const each of property ?? []) {
        const key = Object.keys(each).find((name) => name.startsWith('value'))
        if (key === undefined) continue
        const value = each[key]
        const text =
          typeof value === 'object' && value !== null ? String((value as { code?: string }).code) : String(value)
        if (each.code === 'parent' || each.code === 'subsumedBy') parents.push(text)
        properties[each.code] ??= []
        properties[each.code]?.push(text)
      }
      concepts.push({
        code,
        ...(parents.length > 0 && { parents }),
        ...(Object.keys(properties).length > 0 && { properties }),
      })
      if (inner) visit(inner, code)
    }
  }
  visit(concept ?? [], undefined)
  return {
    url,
    version: version ?? '',
    content: content ?? 'complete',
    caseSensitive: caseSensitive !== false,
    ...(supplements !== undefined && { supplements }),
    concepts,
  }
}
