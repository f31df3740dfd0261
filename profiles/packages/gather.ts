/** The packages that a user names, with those that they depend on: from where they lie, and from the registry only where asked. */
import { compareVersions } from '../compile/library.ts'
import { downloadPackage } from './download.ts'
import { type FoundPackage, findPackage, inCache, type Named, notAtHand, packageAt, splitPackageName } from './find.ts'
import type { DefinitionPackage } from './package.ts'

export interface GatherOptions {
  /** Packages that need no loading: those that the project ships. */
  readonly shipped: readonly DefinitionPackage[]
  /** The FHIR package cache. */
  readonly cache: string
  /** Nothing is downloaded unless this is true. */
  readonly download?: boolean | undefined
  readonly registry?: string | undefined
  /** Hears what is being fetched. */
  readonly say?: (line: string) => void
}
export interface Gathered {
  /** The named ones in their order, then what they depend on; shipped ones have no path. */
  readonly packages: readonly FoundPackage[]
  /** Dependencies that are not at hand, in words. */
  readonly notes: readonly string[]
}

/** Finds them all. Throws `bad-input` where a named one is not at hand, `cannot-reach` where a download fails. */
export async function gatherPackages(names: readonly string[], options: GatherOptions): Promise<Gathered> {
  const { shipped, cache, download, registry, say = () => undefined } = options
  const fetched = async (wanted: Named): Promise<FoundPackage> => {
    say(`fetching ${wanted.id}#${wanted.version}`)
    return downloadPackage(wanted, { cache, registry })
  }
  const packages: FoundPackage[] = []
  const known = new Set<string>()
  const take = (found: FoundPackage): void => {
    const name = `${found.id}#${found.version}`
    if (!known.has(name)) packages.push(found)
    known.add(name)
  }
  for (const name of names) {
    const found = findPackage(name, shipped, cache)
    const wanted = splitPackageName(name) as Named
    if (!found && !download) throw notAtHand(wanted, shipped, cache)
    take(found ?? (await fetched(wanted)))
  }
  const notes: string[] = []
  // The list grows while it is walked: dependencies have dependencies.
  for (const { path, id, version } of packages) {
    if (path === undefined) continue
    for (const [needed, wanted] of packageAt(path).dependencies) {
      const dependency = { id: needed, version: wanted }
      const own = shipped.filter((each) => each.id === needed)
      if (known.has(`${needed}#${wanted}`) || otherFhir.test(needed) || own.some((each) => suffices(each, wanted)))
        continue
      const cached = inCache(dependency, cache)
      if (cached) take(cached)
      else if (download && /^\d[\w.-]*$/.test(wanted) && !/[x*]$/.test(wanted)) take(await fetched(dependency))
      else if (own.length === 0 && !packages.some((each) => each.id === needed))
        notes.push(
          `${id}#${version} depends on ${needed}#${wanted}, which is not at hand: what rests on it is not decided (--download fetches it; in a plan download: true)`,
        )
    }
  }
  return { packages, notes }
}

/** Definitions of other versions of FHIR, which R4 has no use for. */
export const otherFhir = /^hl7\.fhir\.r(?!4\.)|\.r(2|2b|3|4b|5|6)$/

/** A shipped package stands for the same version; of the terminology and the extension pack the newest stands for all before. */
function suffices({ id, version }: Named, wanted: string): boolean {
  const grows = id.startsWith('hl7.terminology') || id.startsWith('hl7.fhir.uv.extensions') || id === 'hl7.fhir.r4.core'
  return version === wanted || (grows && (!/^\d/.test(wanted) || compareVersions(version, wanted) >= 0))
}
