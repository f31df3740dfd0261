/**
 * Which must-support elements occur in a set of resources, by profile. No verdict: that an element never occurs is a question to the
 * sender (does the system hold such data?), as US Core and PDex define must support.
 */
import { compileMatcher } from '../compile/discriminators.ts'
import { Library } from '../compile/library.ts'
import type { ProfileSheet } from '../compile/sheet.ts'
import { type TreeNode, treeOf } from '../compile/tree.ts'
import { CompiledWorld } from '../compile/world.ts'
import type { DefinitionPackage } from '../packages/package.ts'
import { defaultPolicy } from '../policy.ts'
import { rules } from '../rules/index.ts'
import { Scope } from '../rules/scope.ts'
import { type Json, Visit } from '../rules/visit.ts'

export interface CoverageCount {
  /** Canonical with version. */
  readonly profile: string
  /** Resources that were held to it. */
  readonly resources: number
  /** Id of each must-support element, and in how many of the resources it occurs. */
  readonly elements: readonly (readonly [id: string, seen: number])[]
}

type Match = (visit: Visit, value: unknown, type: string | undefined) => boolean | undefined
interface Count {
  readonly profile: string
  readonly root: TreeNode
  readonly home: DefinitionPackage
  readonly seen: Map<string, number>
  resources: number
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Counts as it sees resources. */
export class Coverage {
  readonly #world: CompiledWorld
  readonly #counts = new Map<string, Count>()
  readonly #byCanonical = new Map<string, Count | undefined>()
  readonly #matchers = new Map<TreeNode, Match | undefined>()

  constructor(packages: readonly DefinitionPackage[], editions: ReadonlyMap<string, string>) {
    this.#world = new CompiledWorld(new Library(packages, editions), defaultPolicy, rules)
  }

  /** Counts a resource under the profiles that it claims and those that it is held to, and all that travel within it. */
  see(resource: Json, profiles: readonly string[] = []): void {
    this.#see(resource, new Scope(resource), profiles)
  }

  /** The counts so far, by profile. */
  counts(): CoverageCount[] {
    return [...this.#counts.values()]
      .map(({ profile, resources, seen }) => ({ profile, resources, elements: [...seen] }))
      .sort((a, b) => (a.profile < b.profile ? -1 : 1))
  }

  #see(resource: Json, scope: Scope, profiles: readonly string[]): void {
    const claimed = (resource.meta as Json | undefined)?.profile
    const wanted = new Set([...profiles, ...(Array.isArray(claimed) ? claimed : [])])
    const counted = new Set<Count>()
    for (const profile of wanted) {
      const count = typeof profile === 'string' ? this.#count(profile) : undefined
      if (!count || counted.has(count) || count.root.sheet.type !== resource.resourceType) continue
      counted.add(count)
      count.resources++
      const visit = new Visit(scope)
      visit.push(String(resource.resourceType), -1, undefined, resource)
      const found = new Set<string>()
      this.#walk(count, visit, count.root, resource, found)
      for (const id of found) count.seen.set(id, (count.seen.get(id) ?? 0) + 1)
    }
    for (const inner of Array.isArray(resource.contained) ? resource.contained : [])
      if (isObject(inner)) this.#see(inner, scope.within(inner), [])
    for (const entry of resource.resourceType === 'Bundle' && Array.isArray(resource.entry) ? resource.entry : [])
      if (isObject(entry) && isObject(entry.resource)) this.#see(entry.resource, scope.within(entry.resource), [])
  }

  /** The count of a canonical; a bare one and one with its version are the same profile. */
  #count(canonical: string): Count | undefined {
    if (this.#byCanonical.has(canonical)) return this.#byCanonical.get(canonical)
    const found = this.#world.library.profile(canonical)
    const count = found?.sheet.kind === 'resource' ? this.#countOf(found.sheet, found.home) : undefined
    this.#byCanonical.set(canonical, count)
    return count
  }

  #countOf(sheet: ProfileSheet, home: DefinitionPackage): Count | undefined {
    const profile = `${sheet.url}|${sheet.version}`
    const known = this.#counts.get(profile)
    if (known) return known
    const ids = sheet.rows.filter(({ mustSupport, max }) => mustSupport && max !== '0').map(({ id }) => id)
    if (ids.length === 0) return undefined
    const count = { profile, root: treeOf(sheet), home, seen: new Map(ids.map((id) => [id, 0])), resources: 0 }
    this.#counts.set(profile, count)
    return count
  }

  #walk(count: Count, visit: Visit, node: TreeNode, object: Json, found: Set<string>): void {
    for (const [name, child] of node.children) {
      for (const { value, type } of valuesOf(object, name)) {
        if (count.seen.has(child.row.id)) found.add(child.row.id)
        if (isObject(value)) this.#walk(count, visit, child, value, found)
        this.#slices(count, visit, child, child.slices, value, type, found)
      }
    }
  }

  #slices(
    count: Count,
    visit: Visit,
    sliced: TreeNode,
    slices: readonly TreeNode[],
    value: unknown,
    type: string | undefined,
    found: Set<string>,
  ): void {
    for (const slice of slices) {
      if (this.#matcher(count, sliced, slice)?.(visit, value, type) !== true) continue
      if (count.seen.has(slice.row.id)) found.add(slice.row.id)
      if (isObject(value)) this.#walk(count, visit, slice, value, found)
      this.#slices(count, visit, slice, slice.slices, value, type, found)
    }
  }

  #matcher(count: Count, sliced: TreeNode, slice: TreeNode): Match | undefined {
    if (this.#matchers.has(slice)) return this.#matchers.get(slice)
    const discriminators = sliced.row.slicing?.discriminators
    let match: Match | undefined
    if (discriminators && discriminators.length > 0)
      match = compileMatcher(this.#world, count.home, slice, discriminators).match
    else if (sliced.name.endsWith('[x]')) {
      const codes = slice.row.types.map(({ code }) => code)
      match = (_visit, _value, type) => type !== undefined && codes.includes(type)
    }
    this.#matchers.set(slice, match)
    return match
  }
}

/** The values of an element, lists laid flat; of a choice with the name of the type. An extension in place of a primitive counts too. */
function valuesOf(object: Json, name: string): { value: unknown; type: string | undefined }[] {
  const values: { value: unknown; type: string | undefined }[] = []
  const add = (property: string, type: string | undefined): void => {
    const value = object[property] ?? object[`_${property}`]
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null) values.push({ value: each, type })
  }
  if (!name.endsWith('[x]')) add(name, undefined)
  else {
    const stem = name.slice(0, -3)
    for (const property of new Set(Object.keys(object).map((key) => key.replace(/^_/, '')))) {
      const rest = property.startsWith(stem) ? property.slice(stem.length) : ''
      if (!/^[A-Z]/.test(rest)) continue
      add(property, primitives.has(rest) ? rest[0]?.toLowerCase() + rest.slice(1) : rest)
    }
  }
  return values
}

const primitives = new Set(
  'Boolean Integer String Decimal Uri Url Canonical Base64Binary Instant Date DateTime Time Code Oid Id Markdown UnsignedInt PositiveInt Uuid'.split(
    ' ',
  ),
)

/** Adds up the counts of several threads. */
export function mergeCoverage(parts: readonly (readonly CoverageCount[])[]): CoverageCount[] {
  const sums = new Map<string, { resources: number; elements: Map<string, number> }>()
  for (const { profile, resources, elements } of parts.flat()) {
    const sum = sums.get(profile) ?? { resources: 0, elements: new Map<string, number>() }
    sums.set(profile, sum)
    sum.resources += resources
    for (const [id, seen] of elements) sum.elements.set(id, (sum.elements.get(id) ?? 0) + seen)
  }
  return [...sums]
    .map(([profile, { resources, elements }]) => ({ profile, resources, elements: [...elements] }))
    .sort((a, b) => (a.profile < b.profile ? -1 : 1))
}
