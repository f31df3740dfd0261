/**
 * Which packages HL7's validator is to be given, and what each is to say of its dependencies. It takes a dependency's version by the
 * letter, asks the network for one that it lacks, and gives up without; so each dependency is made to name what is at hand.
 */
import { nearestVersion } from '../compile/library.ts'
import { otherFhir } from '../packages/gather.ts'
import { realName } from '../packages/package.ts'
import type { PackageSource } from './sources.ts'

export interface PackageName {
  readonly id: string
  readonly version: string
}
/** A package of the private cache: called by `id` and `version`, made of `source` (of nothing, where none is at hand). */
export interface LaidPackage extends PackageName {
  readonly source: PackageSource | undefined
  readonly dependencies: readonly PackageName[]
}
export interface Closure {
  /** What each rests on comes before it. */
  readonly packages: readonly LaidPackage[]
  /** What to load, in this order, beside what the engine loads of itself. */
  readonly loaded: readonly PackageName[]
  /** Wanted, and not at hand in that version. */
  readonly missing: readonly PackageName[]
  readonly notes: readonly string[]
}
export interface Wishes {
  readonly wanted: readonly PackageName[]
  /** What the engine loads of itself, by a version that is built in. */
  readonly demanded: readonly PackageName[]
  readonly sources: readonly PackageSource[]
  /** The dependencies that a package's manifest declares. */
  readonly declared: (source: PackageSource) => Readonly<Record<string, string>>
}

export const nameOf = ({ id, version }: PackageName): string => `${id}#${version}`

/** The packages that are wanted or demanded, with all that they rest on. */
export function closureOf({ wanted, demanded, sources, declared }: Wishes): Closure {
  const notes = new Set<string>()
  const missing: PackageName[] = []
  const packages = new Map<string, LaidPackage | 'open'>()
  const aliased = new Map<string, PackageName>()
  const demandedVersion = new Map(demanded.map(({ id, version }) => [id, version]))

  const atHand = ({ id, version }: PackageName): PackageSource | undefined => {
    const all = sources.filter((each) => each.id === id)
    const versions = all.map((each) => each.version)
    const nearest = nearestVersion(/^\d/.test(version) ? version : '999999', versions)
    return all.find((each) => each.version === nearest)
  }

  /** Takes a package along and gives the name that it is laid under; undefined for one that rests on us, or is not at hand. */
  const take = (asked: PackageName, by: string): PackageName | undefined => {
    const built = demandedVersion.get(asked.id)
    const source = atHand(asked)
    const name = { id: asked.id, version: built ?? source?.version ?? asked.version }
    if (!source && built === undefined) {
      notes.add(`${by} rests on ${nameOf(asked)}, which is not at hand`)
      return undefined
    }
    const known = packages.get(nameOf(name))
    if (known === 'open') return undefined
    if (known) return name
    if (!source && demandedVersion.has(`${asked.id}.r4`)) {
      // Its form for R4 is loaded already.
    } else if (!source)
      notes.add(`${nameOf(name)}, which the engine loads of itself, is not at hand: an empty one takes its place`)
    else if (source.version !== asked.version && /^\d[\w.-]*$/.test(asked.version) && !asked.version.endsWith('.x'))
      notes.add(`${nameOf(source)} stands for ${nameOf(asked)}${by ? `, on which ${by} rests` : ''}`)
    packages.set(nameOf(name), 'open')
    const dependencies: PackageName[] = []
    for (const [key, version] of Object.entries(source ? declared(source) : {})) {
      const id = realName(key)
      if (id === core.id || otherFhir.test(id)) continue
      const found = take({ id, version }, nameOf(name))
      if (!found) continue
      // A manifest names an id once; a second version of it comes under an alias, and is loaded beside.
      if (id === key && !dependencies.some((each) => each.id === id)) dependencies.push(found)
      else aliased.set(nameOf(found), found)
    }
    packages.delete(nameOf(name))
    packages.set(nameOf(name), { ...name, source, dependencies })
    return name
  }

  const base = atHand(core)
  if (base?.version === core.version) packages.set(nameOf(core), { ...core, source: base, dependencies: [] })
  else missing.push(core)
  for (const each of demanded) take(each, '')
  const loaded = wanted.flatMap((each): PackageName[] => {
    if (each.id === core.id) return []
    if (!sources.some(({ id, version }) => id === each.id && version === each.version)) {
      missing.push(each)
      return []
    }
    const found = take(each, '')
    return found ? [found] : []
  })
  const first = [...aliased.values()].filter((each) => !loaded.some((own) => nameOf(own) === nameOf(each)))
  return {
    packages: [...packages.values()].filter((each) => each !== 'open'),
    loaded: [...first, ...loaded],
    missing,
    notes: [...notes],
  }
}

/** The base of all. */
export const core: PackageName = { id: 'hl7.fhir.r4.core', version: '4.0.1' }
