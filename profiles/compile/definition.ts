/** The parts of FHIR definitions that the compiler reads: StructureDefinition and its elements. Everything else is prose to us. */

export interface ElementType {
  readonly code: string
  readonly extension?: readonly Extension[]
  readonly profile?: readonly string[]
  readonly targetProfile?: readonly string[]
  readonly aggregation?: readonly string[]
  readonly versioning?: string
}
interface Extension {
  readonly url: string
  readonly extension?: readonly Extension[]
  readonly [value: string]: unknown
}
interface Constraint {
  readonly key: string
  readonly severity: 'error' | 'warning'
  readonly expression?: string
  readonly source?: string
  readonly extension?: readonly Extension[]
}
interface Binding {
  readonly strength: string
  readonly valueSet?: string
  readonly extension?: readonly Extension[]
}
export interface Slicing {
  readonly discriminator?: readonly { readonly type: string; readonly path: string }[]
  readonly rules?: string
  readonly ordered?: boolean
}
export interface ElementDefinition {
  readonly id?: string
  readonly path: string
  readonly sliceName?: string
  readonly min?: number
  readonly max?: string
  readonly base?: { readonly path: string; readonly min: number; readonly max: string }
  readonly type?: readonly ElementType[]
  readonly contentReference?: string
  readonly constraint?: readonly Constraint[]
  readonly binding?: Binding
  readonly slicing?: Slicing
  readonly maxLength?: number
  readonly mustSupport?: boolean
  readonly isModifier?: boolean
  readonly extension?: readonly Extension[]
  readonly [key: string]: unknown
}
export interface StructureDefinition {
  readonly resourceType: 'StructureDefinition'
  readonly url: string
  readonly version?: string
  readonly name?: string
  readonly kind: 'resource' | 'complex-type' | 'primitive-type' | 'logical'
  readonly abstract?: boolean
  readonly type: string
  readonly baseDefinition?: string
  readonly derivation?: 'constraint' | 'specialization'
  readonly context?: readonly { readonly type: string; readonly expression: string }[]
  readonly contextInvariant?: readonly string[]
  readonly extension?: readonly Extension[]
  readonly snapshot?: { readonly element: readonly ElementDefinition[] }
  readonly differential?: { readonly element: readonly ElementDefinition[] }
}

/** The value of the first extension with that URL. */
export function extensionValue(extensions: readonly Extension[] | undefined, url: string): unknown {
  const found = extensions?.find((extension) => extension.url === url)
  if (!found) return undefined
  const key = Object.keys(found).find((name) => name.startsWith('value'))
  return key === undefined ? undefined : found[key]
}

/** The `fixed[x]`, `pattern[x]`, `minValue[x]` or `maxValue[x]` of an element: its FHIR type and its value. */
export function choiceValue(element: ElementDefinition, stem: string): { type: string; value: unknown } | undefined {
  for (const key in element) {
    if (key.length > stem.length && key.startsWith(stem)) {
      const type = key.slice(stem.length)
      if (/^[A-Z]/.test(type)) return { type, value: element[key] }
    }
  }
  return undefined
}
