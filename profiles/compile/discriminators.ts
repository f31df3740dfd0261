/** Which slice a value belongs to: discriminators read against the slice's definition become a function of the value. */
import type { DefinitionPackage } from '../packages/package.ts'
import { equals, fits } from '../rules/values.ts'
import type { Json, Visit } from '../rules/visit.ts'
import type { Membership } from '../terminology/membership.ts'
import type { Matcher, ProfileCheck, World } from './compiled.ts'
import { reach, type Step, stepsOf, type Typed, typeOf } from './paths.ts'
import { type TreeNode, treeOf } from './tree.ts'

type Test = (visit: Visit, item: Typed) => boolean | undefined

/** Matcher of a slice, or the reason why there is none. */
export function compileMatcher(
  world: World,
  home: DefinitionPackage,
  slice: TreeNode,
  discriminators: readonly { type: string; path: string }[],
): { match: Matcher; undecided: string | undefined } {
  const tests: Matcher[] = []
  for (const { type, path } of discriminators) {
    const test = compileDiscriminator(world, home, slice, type, path)
    if (test) tests.push(test)
  }
  if (tests.length === 0) {
    return { match: () => undefined, undecided: 'its definition gives the discriminator nothing to compare with' }
  }
  const [only] = tests
  if (tests.length === 1 && only) return { match: only, undecided: undefined }
  return {
    match: (visit, value, type) => {
      let result: boolean | undefined = true
      for (const test of tests) {
        const each = test(visit, value, type)
        if (each === false) return false
        if (each === undefined) result = undefined
      }
      return result
    },
    undecided: undefined,
  }
}

function compileDiscriminator(
  world: World,
  home: DefinitionPackage,
  slice: TreeNode,
  type: string,
  path: string,
): Matcher | undefined {
  const steps = stepsOf(path)
  const inherited = type === 'value' || type === 'pattern' ? valueAbove(world, slice, steps) : undefined
  if (inherited) return inherited
  const places = definitionsAt(world, home, [slice], steps)
  if (type === 'exists') {
    const node = places[0]
    if (!node) return undefined
    const wanted = node.row.max !== '0'
    if (wanted && node.row.min === 0) return undefined
    return (visit, value, from) => reach(world, visit, { value, type: from }, steps).length > 0 === wanted
  }
  const test =
    type === 'type'
      ? typeTest(world, places)
      : type === 'profile'
        ? profileTest(world, home, places)
        : valueTest(world, home, places)
  if (!test) return undefined
  if (steps.length === 0) return (visit, value, from) => test(visit, { value, type: from })
  return (visit, value, from) => {
    const reached = reach(world, visit, { value, type: from }, steps, type !== 'value')
    let result: boolean | undefined = false
    for (const item of reached) {
      const each = test(visit, item)
      if (each) return true
      if (each === undefined) result = undefined
    }
    return result
  }
}

/** A fixed value or pattern on the slice itself (or on the way) that says what the discriminator's element must be. */
function valueAbove(world: World, slice: TreeNode, steps: readonly Step[]): Matcher | undefined {
  let node: TreeNode | undefined = slice
  for (let at = 0; at < steps.length; at++) {
    const stated: unknown = node?.row.fixed?.value ?? node?.row.pattern?.value
    const rest = steps.slice(at)
    if (stated !== undefined && rest.every(({ kind }) => kind === 'child')) {
      let wanted: unknown[] = [stated]
      for (const step of rest) {
        wanted = wanted.flatMap((each) => {
          const inner =
            step.kind === 'child' && typeof each === 'object' && each !== null ? (each as Json)[step.name] : undefined
          return inner === undefined ? [] : Array.isArray(inner) ? inner : [inner]
        })
      }
      if (wanted.length === 0) return undefined
      return (visit, value, type) => {
        const reached = reach(world, visit, { value, type }, steps)
        return wanted.every((each) => reached.some((item) => fits(item.value, each)))
      }
    }
    const step = steps[at]
    node = step?.kind === 'child' ? (node?.children.get(step.name) ?? node?.children.get(`${step.name}[x]`)) : undefined
    if (!node) return undefined
  }
  return undefined
}

/** The element definitions that the path leads to, through profiles of types, extensions and referenced resources. */
function definitionsAt(
  world: World,
  home: DefinitionPackage,
  from: readonly TreeNode[],
  steps: readonly Step[],
): TreeNode[] {
  let nodes: TreeNode[] = [...from]
  for (const step of steps) {
    const next: TreeNode[] = []
    for (const node of nodes) {
      if (step.kind === 'child') next.push(...childDefinitions(world, home, node, step.name))
      else if (step.kind === 'as') {
        const one = node.slices.find((each) => each.row.types.some(({ code }) => code === step.type))
        next.push(one ?? node)
      } else if (step.kind === 'extension') next.push(...extensionDefinitions(world, home, node, step.url))
      else {
        for (const { targets } of node.row.types) {
          for (const url of targets ?? []) {
            const target = world.types.profile(url, home)
            if (target) next.push(treeOf(target.sheet))
          }
        }
      }
    }
    nodes = next
  }
  return nodes
}

/** What the slice itself and the profiles of its type say about a child; the type's own definition last. */
function childDefinitions(world: World, home: DefinitionPackage, node: TreeNode, name: string): TreeNode[] {
  const own = node.children.get(name) ?? node.children.get(`${name}[x]`)
  const found = own ? [own] : []
  if (own && saysSomething(own)) return found
  for (const { profiles, code } of node.row.types) {
    for (const url of profiles ?? []) {
      const profile = world.types.profile(url, home)
      const root = profile && treeOf(profile.sheet)
      const child = root && (root.children.get(name) ?? root.children.get(`${name}[x]`))
      if (child) found.push(child)
    }
    if (found.length === 0) {
      const root = world.types.get(code)?.node
      const child = root && (root.children.get(name) ?? root.children.get(`${name}[x]`))
      if (child) found.push(child)
    }
  }
  if (found.length === 0 && node.row.content === undefined && node.row.types.length === 0) return []
  return found
}

const saysSomething = ({ row, children, slices }: TreeNode): boolean =>
  row.fixed !== undefined ||
  row.pattern !== undefined ||
  row.binding !== undefined ||
  children.size > 0 ||
  slices.length > 0 ||
  row.max === '0' ||
  row.min > 0 ||
  row.types.some(({ profiles }) => profiles !== undefined)

function extensionDefinitions(world: World, home: DefinitionPackage, node: TreeNode, url: string): TreeNode[] {
  const list = node.children.get('extension')
  const nodes: TreeNode[] = []
  for (const slice of list?.slices ?? []) {
    const profile = slice.row.types[0]?.profiles?.[0]
    const fixed = slice.children.get('url')?.row.fixed?.value
    if (fixed === url || profile?.split('|')[0] === url) nodes.push(slice)
  }
  if (nodes.length === 0) {
    const definition = world.types.profile(url, home)
    if (definition) nodes.push(treeOf(definition.sheet))
  }
  return nodes
}

function typeTest(world: World, places: readonly TreeNode[]): Test | undefined {
  const codes = new Set<string>()
  for (const { row, sheet, parent } of places) {
    if (parent === undefined && row.types.length === 0) codes.add(sheet.type)
    for (const { code } of row.types) codes.add(code)
  }
  if (codes.size === 0 || codes.has('Resource')) return undefined
  return (_visit, item) => {
    const type = typeOf(item)
    if (type === undefined) return undefined
    if (codes.has(type)) return true
    for (const code of codes) if (world.types.is(type, code)) return true
    return false
  }
}

function profileTest(world: World, home: DefinitionPackage, places: readonly TreeNode[]): Test | undefined {
  const urls = new Set<string>()
  for (const { row, sheet, parent } of places) {
    if (parent === undefined && row.types.length === 0) urls.add(sheet.url)
    for (const { profiles, targets } of row.types) for (const url of profiles ?? targets ?? []) urls.add(url)
  }
  const checks: ProfileCheck[] = [...urls].flatMap((url) => world.profileCheck(url, home) ?? [])
  if (checks.length === 0) return undefined
  return (visit, { value }) => {
    if (typeof value !== 'object' || value === null) return undefined
    return checks.some((check) => world.rules.conforms(world, visit, value as Json, check))
  }
}

/** All that the definitions say of the value: fixed, pattern, binding, or the same of its children. */
function valueTest(world: World, home: DefinitionPackage, places: readonly TreeNode[]): Test | undefined {
  const tests = places.flatMap((place) => nodeTest(world, home, place) ?? [])
  if (tests.length === 0) return undefined
  const [only] = tests
  if (tests.length === 1 && only) return only
  return (visit, item) => {
    let result: boolean | undefined = true
    for (const test of tests) {
      const each = test(visit, item)
      if (each === false) return false
      if (each === undefined) result = undefined
    }
    return result
  }
}

function nodeTest(world: World, home: DefinitionPackage, node: TreeNode): Test | undefined {
  const { row } = node
  if (row.fixed) {
    const wanted = row.fixed.value
    return (_visit, { value }) => equals(value, wanted)
  }
  if (row.pattern) {
    const wanted = row.pattern.value
    return (_visit, { value }) => fits(value, wanted)
  }
  const inner: Test[] = []
  for (const [name, child] of node.children) {
    if (name === 'extension' || name === 'id') continue
    for (const each of child.slices.length > 0 ? child.slices.filter((slice) => slice.row.min > 0) : [child]) {
      const test = nodeTest(world, home, each)
      if (!test) continue
      const steps: Step[] = [{ kind: 'child', name: name.replace('[x]', '') }]
      inner.push((visit, item) => {
        let result: boolean | undefined = false
        for (const reached of reach(world, visit, item, steps)) {
          const one = test(visit, reached)
          if (one) return true
          if (one === undefined) result = undefined
        }
        return result
      })
    }
  }
  if (inner.length > 0) {
    return (visit, item) => {
      let result: boolean | undefined = true
      for (const test of inner) {
        const each = test(visit, item)
        if (each === false) return false
        if (each === undefined) result = undefined
      }
      return result
    }
  }
  if (row.binding?.strength === 'required' && row.binding.valueSet !== undefined) {
    const membership = world.terminology.membership(row.binding.valueSet, home)
    return (_visit, { value }) => inValueSet(membership, value)
  }
  return undefined
}

function inValueSet(membership: Membership, value: unknown): boolean | undefined {
  const said = membership.ofValue(value)
  return said === 'in' ? true : said === 'out' ? false : undefined
}
