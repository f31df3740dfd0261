/** Steps from an item to its children: straight to the JSON property where the type is known, by look-up where it is not. */
import type { TypeTable, Variant } from '../compile/types.ts'
import type { Json } from '../rules/visit.ts'
import { type Code, constant, plural, type Static, single } from './code.ts'
import { isObject, Node, Undecided, Unread } from './items.ts'

/** The object whose properties are an item's children: the value itself, or a primitive's id and extensions. */
function childHolder(item: unknown): Json | undefined {
  if (item instanceof Node) {
    if (item instanceof Unread) throw new Undecided('the target of a reference is not at hand')
    return isObject(item.value) ? item.value : item.shadow
  }
  return isObject(item) ? item : undefined
}

interface Access {
  readonly json: string
  readonly shadow: string | undefined
  readonly type: string
}

const accessesTo = (types: TypeTable, variants: readonly Variant[]): readonly Access[] =>
  variants.map(({ json, shadowJson, type }) => ({
    json,
    type,
    shadow: types.get(type)?.kind === 'primitive' ? shadowJson : undefined,
  }))

/** The one value of a property. */
function readOne(item: unknown, access: Access, wrap: boolean): unknown {
  const holder = childHolder(item)
  if (holder === undefined) return undefined
  let value = holder[access.json]
  if (Array.isArray(value)) value = value[0]
  if (access.shadow !== undefined) {
    const shadow = holder[access.shadow]
    if (shadow !== undefined && shadow !== null) {
      return new Node(value ?? undefined, (Array.isArray(shadow) ? shadow[0] : shadow) as Json, access.type)
    }
  }
  if (value === undefined || value === null) return undefined
  return wrap ? new Node(value, undefined, access.type) : value
}

function readInto(item: unknown, access: Access, wrap: boolean, into: unknown[]): void {
  const holder = childHolder(item)
  if (holder === undefined) return
  const value = holder[access.json]
  const shadow = access.shadow === undefined ? undefined : holder[access.shadow]
  if (!Array.isArray(value) && !Array.isArray(shadow)) {
    const one = readOne(item, access, wrap)
    if (one !== undefined) into.push(one)
    return
  }
  const values = Array.isArray(value) ? value : []
  const shadows = Array.isArray(shadow) ? shadow : undefined
  if (shadows === undefined && !wrap) {
    for (const each of values) if (each !== null) into.push(each)
    return
  }
  for (let at = 0; at < Math.max(values.length, shadows?.length ?? 0); at++) {
    const each: unknown = values[at]
    const own: unknown = shadows?.[at]
    if (isObject(own)) into.push(new Node(each ?? undefined, own, access.type))
    else if (each !== undefined && each !== null) into.push(wrap ? new Node(each, undefined, access.type) : each)
  }
}

/** The child of that name, of every item of `target`. */
export function stepCode(types: TypeTable, target: Code, name: string, first: boolean): Code {
  const known = target.type
  if (known === undefined || known.some((type) => !types.get(type))) return dynamicStep(types, target, name)
  // A primitive is its own value; of a choice only the item can tell.
  if (name === 'value' && known.some((type) => types.get(type)?.kind === 'primitive'))
    return known.every((type) => types.get(type)?.kind === 'primitive') ? target : dynamicStep(types, target, name)
  const variants: Variant[] = []
  let array = false
  for (const type of known) {
    const info = types.get(type)
    const element = info?.elements.get(name)
    const found = element?.variants ?? (info?.byJson.has(name) ? [info.byJson.get(name) as Variant] : [])
    for (const variant of found)
      if (!variants.some(({ json, type: own }) => json === variant.json && own === variant.type)) variants.push(variant)
    if (element?.array || found.some((variant) => variant.element.array)) array = true
  }
  if (variants.length === 0) {
    if (first && known.some((type) => types.is(type, name))) return target
    // Children of a resource of unknown type (contained, entry.resource) are looked up on the spot.
    if (known.some((type) => type === 'Resource' || type === 'DomainResource')) return dynamicStep(types, target, name)
    return constant(undefined, [])
  }
  return variantsCode(types, target, variants, array)
}

function variantsCode(types: TypeTable, target: Code, variants: readonly Variant[], array: boolean): Code {
  const resultTypes = [...new Set(variants.map(({ type }) => type))]
  const wrap = resultTypes.length > 1
  const accesses = accessesTo(types, variants)
  const [only] = accesses
  const result: Static = resultTypes.includes('Resource') ? undefined : resultTypes
  const narrow = (type: string): Code | undefined => {
    const chosen = variants.filter((variant) => types.is(variant.type, type))
    return chosen.length > 0 ? variantsCode(types, target, chosen, array) : constant([type], [])
  }
  const someOf = (item: unknown): boolean => {
    const holder = childHolder(item)
    if (holder === undefined) return false
    for (const { json, shadow } of accesses) {
      const value = holder[json]
      if (value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)) return true
      if (shadow !== undefined && holder[shadow] !== undefined) return true
    }
    return false
  }
  if (!target.many && !array) {
    const one: Code['one'] =
      accesses.length === 1 && only
        ? (self, env) => {
            const item = target.one(self, env)
            return item === undefined ? undefined : readOne(item, only, false)
          }
        : (self, env) => {
            const item = target.one(self, env)
            if (item === undefined) return undefined
            for (const access of accesses) {
              const value = readOne(item, access, wrap)
              if (value !== undefined) return value
            }
            return undefined
          }
    return {
      ...single(result, one),
      some: (self, env) => {
        const item = target.one(self, env)
        return item !== undefined && someOf(item)
      },
      ...(variants.length > 1 && { narrow }),
    }
  }
  const all: Code['all'] = (self, env) => {
    const into: unknown[] = []
    if (!target.many) {
      const item = target.one(self, env)
      if (item !== undefined) for (const access of accesses) readInto(item, access, wrap, into)
      return into
    }
    for (const item of target.all(self, env)) for (const access of accesses) readInto(item, access, wrap, into)
    return into
  }
  const some: Code['some'] = (self, env) => {
    if (!target.many) {
      const item = target.one(self, env)
      return item !== undefined && someOf(item)
    }
    for (const item of target.all(self, env)) if (someOf(item)) return true
    return false
  }
  return { ...plural(result, all, some), ...(variants.length > 1 && { narrow }) }
}

/** Type of an item as far as it can be told. */
export function typeOfItem(item: unknown, known: Static): string | undefined {
  if (item instanceof Node && item.type !== undefined) return item.type
  const value = item instanceof Node ? item.value : item
  if (isObject(value) && typeof value.resourceType === 'string') return value.resourceType
  if (known?.length === 1) return known[0]
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal'
  return undefined
}

function dynamicStep(types: TypeTable, target: Code, name: string): Code {
  const known = new Map<string, readonly Access[]>()
  /** How the child is read from items of a type; undefined where the type has no such child. */
  const accessesOf = (type: string): readonly Access[] | undefined => {
    const element = types.get(type)?.elements.get(name)
    if (!element) return undefined
    let accesses = known.get(type)
    if (!accesses) {
      accesses = accessesTo(types, element.variants)
      known.set(type, accesses)
    }
    return accesses
  }
  return plural(undefined, (self, env) => {
    const into: unknown[] = []
    for (const item of target.all(self, env)) childrenNamed(types, item, target.type, name, accessesOf, into)
    return into
  })
}

function childrenNamed(
  types: TypeTable,
  item: unknown,
  known: Static,
  name: string,
  accessesOf: (type: string) => readonly Access[] | undefined,
  into: unknown[],
): void {
  const type = typeOfItem(item, known)
  if (item instanceof Unread) {
    if (type === name) into.push(item)
    else throw new Undecided('the target of a reference is not at hand')
    return
  }
  const accesses = type === undefined ? undefined : accessesOf(type)
  if (accesses) {
    for (const access of accesses) readInto(item, access, true, into)
    return
  }
  const info = type === undefined ? undefined : types.get(type)
  if (info?.kind === 'primitive' && name === 'value') into.push(item)
  const holder = childHolder(item)
  if (holder === undefined) return
  if (info && types.is(info.name, name)) into.push(item)
  else {
    const value = holder[name]
    if (Array.isArray(value)) into.push(...value)
    else if (value !== undefined && value !== null) into.push(value)
  }
}

const underscore = 95

/** All children of an item, with their types where the item's own is known. */
export function childrenOf(types: TypeTable, item: unknown, known: Static): Node[] {
  const holder = childHolder(item)
  if (holder === undefined) return []
  const type = typeOfItem(item, known)
  const info =
    type === undefined ? undefined : types.get(item instanceof Node && !isObject(item.value) ? 'Element' : type)
  const into: unknown[] = []
  const done = new Set<string>()
  for (const key in holder) {
    if (key === 'resourceType') continue
    const json = key.charCodeAt(0) === underscore ? key.slice(1) : key
    if (done.has(json)) continue
    done.add(json)
    const variant = info?.byJson.get(json)
    const shadow = variant ? variant.shadowJson : `_${json}`
    readInto(item, { json, shadow, type: variant?.type as string }, true, into)
  }
  return into as Node[]
}
