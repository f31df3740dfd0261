/** The types of FHIR R4 as tables: for every type, and every backbone inside of one, which JSON properties it may have. */
import type { DefinitionPackage } from '../packages/package.ts'
import type { Library } from './library.ts'
import { type TreeNode, treeOf } from './tree.ts'

export const coreUrl = 'http://hl7.org/fhir/StructureDefinition/'

export type TypeKind = 'primitive' | 'complex' | 'resource'

/** One JSON property: `valueQuantity`, `birthDate`. */
export interface Variant {
  readonly json: string
  /** `_birthDate`: the property with the id and extensions of a primitive. */
  readonly shadowJson: string
  /** Name of its type in the table: `Quantity`, `Patient.contact`, `date`. */
  readonly type: string
  /** Its step in an expression: `value.ofType(Quantity)`, `birthDate`. */
  readonly segment: string
  readonly element: TypeElement
}
/** One element of a type: `value[x]`, `birthDate`. */
export interface TypeElement {
  readonly name: string
  /** Name without `[x]`. */
  readonly stem: string
  readonly array: boolean
  readonly variants: readonly Variant[]
  readonly node: TreeNode
}
export interface TypeInfo {
  readonly name: string
  readonly kind: TypeKind
  readonly abstract: boolean
  /** The type it specialises: `DomainResource` of `Patient`, `string` of `code`. */
  readonly base: string | undefined
  readonly elements: ReadonlyMap<string, TypeElement>
  readonly byJson: ReadonlyMap<string, Variant>
  /** The row of the type's root or of the backbone element. */
  readonly node: TreeNode
}

const capital = (type: string): string => type.charAt(0).toUpperCase() + type.slice(1)

export class TypeTable {
  readonly #types = new Map<string, TypeInfo | null>()
  readonly #resources = new Map<string, boolean>()
  readonly #lines = new Map<string, ReadonlySet<string>>()
  readonly #library: Library
  /** The package of R4 itself. */
  readonly core: DefinitionPackage

  constructor(library: Library) {
    this.#library = library
    const core = library.packages.find((each) => each.versionOf('profile', `${coreUrl}Element`) !== undefined)
    if (!core) throw new Error('The definitions of FHIR R4 (hl7.fhir.r4.core) are missing.')
    this.core = core
  }

  /** The table of a type (`Patient`, `HumanName`, `date`) or of a backbone (`Patient.contact`). */
  get(name: string): TypeInfo | undefined {
    const known = this.#types.get(name)
    if (known !== undefined) return known ?? undefined
    const made = this.#make(name)
    // Names that are none come from the input and without end.
    if (made !== undefined || this.#types.size < 5000) this.#types.set(name, made ?? null)
    return made
  }

  /** Is `type` the same as, or a specialisation of, `base`? */
  is(type: string, base: string): boolean {
    return type === base || this.#line(type).has(base)
  }

  /** All that a type specialises. */
  #line(type: string): ReadonlySet<string> {
    let known = this.#lines.get(type)
    if (!known) {
      const line = new Set<string>()
      for (let at = this.get(type)?.base; at !== undefined; at = this.get(at)?.base) line.add(at)
      known = line
      if (this.#lines.size < 5000) this.#lines.set(type, known)
    }
    return known
  }

  /** True for the name of a concrete or abstract resource type. */
  isResource(name: string): boolean {
    const known = this.#resources.get(name)
    if (known !== undefined) return known
    const is = this.get(name)?.kind === 'resource' && !name.includes('.')
    if (this.#resources.size < 5000) this.#resources.set(name, is)
    return is
  }

  #make(name: string): TypeInfo | undefined {
    const dot = name.indexOf('.')
    const typeName = dot === -1 ? name : name.slice(0, dot)
    if (!/^[A-Za-z][A-Za-z0-9]*$/.test(typeName)) return undefined
    const sheet = this.core.sheet(coreUrl + typeName)
    if (sheet?.derivation !== 'specialization' || sheet.kind === 'logical') return undefined
    const node = dot === -1 ? treeOf(sheet) : this.#descend(treeOf(sheet), name.slice(dot + 1))
    if (!node) return undefined
    const elements = new Map<string, TypeElement>()
    const byJson = new Map<string, Variant>()
    for (const [childName, child] of node.children) {
      const element = this.#element(childName, child, dot === -1 && sheet.kind === 'resource')
      elements.set(element.stem, element)
      for (const variant of element.variants) byJson.set(variant.json, variant)
    }
    const kind =
      dot !== -1
        ? 'complex'
        : sheet.kind === 'primitive-type'
          ? 'primitive'
          : sheet.kind === 'resource'
            ? 'resource'
            : 'complex'
    const base = dot === -1 ? sheet.base?.slice(coreUrl.length) : (node.row.types[0]?.code ?? 'BackboneElement')
    return { name, kind, abstract: sheet.abstract && dot === -1, base, elements, byJson, node }
  }

  #descend(root: TreeNode, path: string): TreeNode | undefined {
    let node: TreeNode | undefined = root
    for (const segment of path.split('.')) node = node?.children.get(segment)
    return node
  }

  #element(name: string, node: TreeNode, ofResource: boolean): TypeElement {
    const choice = name.endsWith('[x]')
    const stem = choice ? name.slice(0, -3) : name
    const variants: Variant[] = []
    const element: TypeElement = { name, stem, array: node.row.max !== '1' && node.row.max !== '0', variants, node }
    if (choice) {
      for (const { code } of node.row.types) {
        const json = stem + capital(code)
        variants.push({ json, shadowJson: `_${json}`, type: code, segment: `${stem}.ofType(${code})`, element })
      }
    } else {
      // R4 states the type of Resource.id as string, and means id.
      const type = ofResource && name === 'id' ? 'id' : this.#typeName(node)
      variants.push({ json: name, shadowJson: `_${name}`, type, segment: name, element })
    }
    return element
  }

  /** Backbones are named by their path; a content reference by the path it points to. */
  #typeName(node: TreeNode): string {
    const { row } = node
    if (row.content !== undefined) return row.content.slice(row.content.indexOf('#') + 1)
    if (node.children.size > 0) return row.id
    return row.types[0]?.code ?? 'Element'
  }

  /** The profile with that canonical as the asking package means it. */
  profile(canonical: string, from?: DefinitionPackage) {
    return this.#library.profile(canonical, from)
  }
}
