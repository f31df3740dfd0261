/** Places in a resource where something can be broken, read from the JSON alone: nothing here knows the validator or its definitions. */

export type Json = Record<string, unknown>
export interface Spot {
  readonly parent: Json | unknown[]
  readonly key: string | number
  /** JSON properties with indexes: `Patient.name[0].family`. */
  readonly path: string
  /** Name of the property, without index. */
  readonly name: string
  readonly value: unknown
}

/** A defect that was planted, and what a validator should say about it. */
export interface Planted {
  readonly resource: Json
  /** Where it should be seen; or one of several places that are as good. */
  readonly paths: readonly string[]
  /** Codes (or keys of invariants) of which one names the broken rule. */
  readonly reasons: readonly string[]
}
/** Breaks a copy of the resource in one way, or finds nothing to break. `pick` chooses among places. */
export type Plant = (resource: Json, pick: <T>(from: readonly T[]) => T | undefined) => Planted | undefined

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every value below the resource. Narratives and contained resources are left alone: they have classes of their own. */
export function* spotsOf(resource: Json): Generator<Spot> {
  yield* within(resource, String(resource.resourceType))
}

function* within(parent: Json | unknown[], path: string, name = ''): Generator<Spot> {
  if (Array.isArray(parent)) {
    for (const [key, value] of parent.entries()) {
      const at = `${path}[${key}]`
      yield { parent, key, path: at, name, value }
      if (typeof value === 'object' && value !== null) yield* within(value as Json, at, name)
    }
    return
  }
  for (const [key, value] of Object.entries(parent)) {
    if (key === 'resourceType' || key === 'text' || key === 'contained' || key.startsWith('_')) continue
    const at = `${path}.${key}`
    yield { parent, key, path: at, name: key, value }
    if (typeof value === 'object' && value !== null) yield* within(value as Json, at, key)
  }
}

/** Puts a value into the place of another. */
export const put = ({ parent, key }: Spot, value: unknown): void => {
  ;(parent as Json)[key as string] = value
}

/** Breaks one of the spots that fit. */
export const at =
  (
    fits: (spot: Spot) => boolean,
    change: (spot: Spot) => unknown,
    reasons: readonly string[],
    paths: (spot: Spot) => readonly string[] = (spot) => [spot.path],
  ): Plant =>
  (original, pick) => {
    const resource = structuredClone(original)
    const spot = pick([...spotsOf(resource)].filter(fits))
    if (!spot) return undefined
    put(spot, change(spot))
    return { resource, paths: paths(spot), reasons }
  }

/** Breaks a resource of one of the types as a whole. */
export const on =
  (
    types: readonly string[] | undefined,
    change: (resource: Json) => readonly string[] | undefined,
    reasons: readonly string[],
  ): Plant =>
  (original) => {
    if (types && !types.includes(String(original.resourceType))) return undefined
    const resource = structuredClone(original)
    const paths = change(resource)
    return paths && { resource, paths, reasons }
  }
