/** Further packages for the library's callers: read with all that they depend on. */
import { shippedPackages } from '../definitions.ts'
import { packageAt, packageCache } from './find.ts'
import { type GatherOptions, gatherPackages } from './gather.ts'
import type { DefinitionPackage } from './package.ts'

export type LoadOptions = Partial<GatherOptions>

export interface LoadedPackages {
  /** To be put before the shipped ones. */
  readonly packages: readonly DefinitionPackage[]
  /** Package id -> version: what a canonical without a version now means, for the packages that were named. */
  readonly editions: ReadonlyMap<string, string>
  /** Dependencies that are not at hand, in words. */
  readonly notes: readonly string[]
}

/** Packages by path (`.tgz`, folder) or by `id#version`, as the options allow. Throws `bad-input`, `cannot-reach`. */
export async function loadPackages(names: readonly string[], options: LoadOptions = {}): Promise<LoadedPackages> {
  const { packages, notes } = await gatherPackages(names, {
    shipped: shippedPackages(),
    cache: packageCache(),
    ...options,
  })
  return {
    packages: packages.flatMap(({ path }) => (path === undefined ? [] : [packageAt(path)])),
    editions: new Map(packages.slice(0, names.length).map(({ id, version }) => [id, version])),
    notes,
  }
}
