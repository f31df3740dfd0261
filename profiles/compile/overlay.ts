/**
 * A profile compiled to what it demands beyond the base types: an Overlay for each element that it says something about.
 * The walk over the base types has already judged structure, so that an overlay visits only the places that it names.
 */
import type { DefinitionPackage } from '../packages/package.ts'
import type { Demand } from '../rules/visit.ts'
import { TypeChoice, typeRule } from './allowed-types.ts'
import type { AllowedTypes, Overlay, OverlayElement, ProfileCheck, Slice, Slicing, World } from './compiled.ts'
import { CompiledOverlay, type Content } from './compiled-overlay.ts'
import { correctedBinding } from './corrections.ts'
import { compileMatcher } from './discriminators.ts'
import { splitCanonical } from './library.ts'
import type { Invariant, ProfileSheet, Row, RowBinding, RowType } from './sheet.ts'
import { type TreeNode, treeOf } from './tree.ts'
import { coreUrl } from './types.ts'

/** The check of a profile. A class, as whatever is made in numbers and read for every value: literals with getters are all of other kinds to V8. */
export class CompiledProfile implements ProfileCheck {
  readonly sheet: ProfileSheet
  readonly home: DefinitionPackage
  readonly canonical: string
  readonly #world: World
  #overlay: Overlay | undefined | null = null

  constructor(world: World, sheet: ProfileSheet, home: DefinitionPackage) {
    this.#world = world
    this.sheet = sheet
    this.home = home
    this.canonical = sheet.url
  }

  /** Compiled when first used. */
  get overlay(): Overlay | undefined {
    if (this.#overlay === null) {
      const { sheet, home, canonical } = this
      this.#overlay = undefined
      const base = this.#world.types.get(sheet.type)?.node
      const compiler = new OverlayCompiler(this.#world, home, canonical)
      // Some profiles call themselves a specialization; only a type's own definition is one.
      if (sheet.url !== coreUrl + sheet.type) this.#overlay = compiler.overlay(treeOf(sheet), base ? [base] : [])
    }
    return this.#overlay
  }
}

/** A pattern for the whole value; one that JavaScript cannot read demands nothing. */
function wholeText(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u')
  } catch {
    return undefined
  }
}

const maxOf = (row: Row): number => (row.max === '*' ? Number.POSITIVE_INFINITY : Number(row.max))
/** The same binding, whether the version of its value set is written out or not. */
const sameBinding = (a: RowBinding | undefined, b: RowBinding | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  same({ ...a, valueSet: '' }, { ...b, valueSet: '' }) &&
  splitCanonical(a.valueSet ?? '').url === splitCanonical(b.valueSet ?? '').url
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The same types in the same order, whether a reference to them names a version or not. */
const sameTypes = (a: readonly RowType[], b: readonly RowType[]): boolean =>
  a.length === b.length &&
  a.every(({ code, profiles, targets, aggregation }, at) => {
    const other = b[at] as RowType
    return (
      code === other.code &&
      sameList(profiles, other.profiles) &&
      sameList(targets, other.targets) &&
      sameList(aggregation, other.aggregation)
    )
  })
const sameList = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((one, at) => one === b[at]))

/** Does the element already demand that? Of a core type's invariants the key is enough: profiles write them in other words. */
function demands({ row, sheet }: TreeNode, { key, expression }: Invariant): boolean {
  const isCore = sheet.derivation === 'specialization' && sheet.url.startsWith(coreUrl)
  return row.invariants.some((name) => {
    const known = sheet.invariants[name]
    return known?.key === key && (isCore || known.expression === expression)
  })
}

class OverlayCompiler {
  readonly #world: World
  readonly #home: DefinitionPackage
  readonly #profile: string

  constructor(world: World, home: DefinitionPackage, profile: string) {
    this.#world = world
    this.#home = home
    this.#profile = profile
  }

  #demand(node: TreeNode): Demand {
    return { profile: this.#profile, element: node.row.id }
  }

  /** What `node` demands of one value beyond what all of `known` demand already. */
  overlay(node: TreeNode, known: readonly TreeNode[]): Overlay | undefined {
    const { row } = node
    const demand = this.#demand(node)
    const rows = known.map((each) => each.row)
    const isNew = (name: keyof Row): boolean =>
      row[name] !== undefined && !rows.some((each) => each[name] !== undefined && same(each[name], row[name]))
    const types = node.name === 'id' ? undefined : this.#types(row, rows)
    const told = [...known, ...this.#typeRoots(row), ...this.#profileRoots(row)]
    const own = row.invariants.filter((name) => {
      const invariant = node.sheet.invariants[name]
      return invariant && !told.some((each) => demands(each, invariant))
    })
    const context = this.#contextType(node, known)
    const invariants =
      own.length > 0 ? this.#world.invariantsOf({ ...row, invariants: own }, node.sheet, context, this.#home) : []
    const binding =
      row.binding && !rows.some((each) => sameBinding(each.binding, row.binding))
        ? this.#world.binding(correctedBinding(row.binding, row.types.length), demand, this.#home)
        : undefined
    const elements = this.#elements(node, known)
    const content: Content = {
      demand,
      fixed: isNew('fixed') ? row.fixed : undefined,
      pattern: isNew('pattern') ? row.pattern : undefined,
      minValue: isNew('minValue') ? row.minValue : undefined,
      maxValue: isNew('maxValue') ? row.maxValue : undefined,
      maxLength: isNew('maxLength') ? row.maxLength : undefined,
      regex: isNew('regex') ? wholeText(row.regex as string) : undefined,
      binding,
      invariants,
      types,
    }
    const empty =
      !content.fixed &&
      !content.pattern &&
      !content.minValue &&
      !content.maxValue &&
      content.maxLength === undefined &&
      !content.regex &&
      !binding &&
      !types &&
      invariants.length === 0 &&
      elements.length === 0
    return empty ? undefined : new CompiledOverlay(content, elements, undefined)
  }

  /** The roots of the types that a value of the row can have: their invariants hold without the profile. */
  #typeRoots(row: Row): TreeNode[] {
    return row.types.flatMap(({ code }) => this.#world.types.get(code)?.node ?? [])
  }

  /** The roots of the one profile that a value of the row must have: their invariants are judged with it. */
  #profileRoots(row: Row): TreeNode[] {
    const profiles = row.types.length === 1 ? (row.types[0]?.profiles ?? []) : []
    const found = profiles.length === 1 ? this.#world.types.profile(profiles[0] as string, this.#home) : undefined
    return found ? [treeOf(found.sheet)] : []
  }

  /** Type name for expressions on the node: the one type that it can have, else undefined. */
  #contextType(node: TreeNode, known: readonly TreeNode[]): string | undefined {
    const base = known[0]
    if (node.parent === undefined) return node.sheet.type
    if (node.row.types.length === 1) {
      const code = node.row.types[0]?.code as string
      if (code !== 'BackboneElement' && code !== 'Element') return code
    }
    if (base?.row.content !== undefined) return base.row.content.slice(base.row.content.indexOf('#') + 1)
    if (base && base.children.size > 0) return base.row.id
    return node.row.types.length === 1 ? node.row.types[0]?.code : undefined
  }

  #types(row: Row, rows: readonly Row[]): AllowedTypes | undefined {
    if (row.types.length === 0) return undefined
    if (rows.some((each) => sameTypes(each.types, row.types))) return undefined
    return new TypeChoice(
      this.#world,
      row.types.map((type) => typeRule(this.#world, this.#home, type)),
    )
  }

  #elements(node: TreeNode, known: readonly TreeNode[]): OverlayElement[] {
    const elements: OverlayElement[] = []
    for (const [name, child] of node.children) {
      const element = this.#element(name, child, node, known)
      if (element) elements.push(element)
    }
    return elements
  }

  #element(name: string, child: TreeNode, node: TreeNode, known: readonly TreeNode[]): OverlayElement | undefined {
    const bases = known.flatMap((each) => this.childOf(each, name, node.row) ?? [])
    const fromTypes =
      bases.length === 0 ? this.#typeRoots(node.row).flatMap((each) => this.childOf(each, name, node.row) ?? []) : bases
    const core = fromTypes[0]
    if (!core) return undefined
    // The value of a primitive is no element of JSON.
    if (name === 'value' && core.sheet.kind === 'primitive-type') return undefined
    const type = this.#world.typeElement(core)
    if (!type) return undefined
    const demand = this.#demand(child)
    const least = Math.max(0, ...fromTypes.map((each) => each.row.min))
    const most = Math.min(Number.POSITIVE_INFINITY, ...fromTypes.map((each) => maxOf(each.row)))
    const min = child.row.min > least ? child.row.min : 0
    const max = maxOf(child.row) < most ? maxOf(child.row) : Number.POSITIVE_INFINITY
    const item = this.overlay(child, fromTypes)
    const slicing = this.slicing(child, fromTypes)
    if (min === 0 && max === Number.POSITIVE_INFINITY && !item && !slicing) return undefined
    const { variants } = type
    return {
      demand,
      stem: type.stem,
      variants,
      byJson: variants.length > 8 ? new Map(variants.map((variant) => [variant.json, variant])) : undefined,
      only: variants.length === 1 && !slicing ? variants[0] : undefined,
      array: type.array,
      min,
      max,
      item,
      slicing,
    }
  }

  /** The child of a known element: its own, its reference's, or its one type's. */
  childOf(node: TreeNode, name: string, narrowed: Row): TreeNode | undefined {
    const own = node.children.get(name)
    if (own) return own
    if (node.row.content !== undefined) {
      return this.#world.types.get(node.row.content.slice(node.row.content.indexOf('#') + 1))?.node.children.get(name)
    }
    if (node.children.size > 0 && node.row.types[0]?.code === 'BackboneElement') return undefined
    // A choice is read as the types that the profile leaves.
    for (const { code } of narrowed.types.length > 0 && node.row.types.length > 1 ? narrowed.types : node.row.types) {
      const found = this.#world.types.get(code)?.node.children.get(name)
      if (found) return found
    }
    return undefined
  }

  slicing(node: TreeNode, known: readonly TreeNode[]): Slicing | undefined {
    const stated = node.row.slicing
    if (node.slices.length === 0) return undefined
    const isExtension = node.name === 'extension' || node.name === 'modifierExtension'
    const discriminators =
      stated && stated.discriminators.length > 0
        ? stated.discriminators
        : isExtension
          ? [{ type: 'value', path: 'url' }]
          : node.name.endsWith('[x]')
            ? [{ type: 'type', path: '$this' }]
            : []
    const slices = node.slices.map((slice) => this.#slice(slice, node, known, discriminators))
    return {
      demand: this.#demand(node),
      slices,
      rules: stated?.rules ?? 'open',
      ordered: stated?.ordered ?? false,
    }
  }

  #slice(
    slice: TreeNode,
    sliced: TreeNode,
    known: readonly TreeNode[],
    discriminators: readonly { type: string; path: string }[],
  ): Slice {
    const matcher = compileMatcher(this.#world, this.#home, slice, discriminators)
    return {
      name: slice.slice as string,
      demand: this.#demand(slice),
      match: matcher.match,
      undecided: matcher.undecided,
      min: slice.row.min,
      max: maxOf(slice.row),
      item: this.overlay(slice, [...known, sliced]),
      slicing: this.slicing(slice, [...known, sliced]),
    }
  }
}
