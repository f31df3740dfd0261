/** Finds the package that a user names: a tarball, a folder, one that is shipped, or one in the FHIR package cache. Nothing is downloaded. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'
import { compareVersions } from '../compile/library.ts'
import { type DefinitionPackage, packageOfFolder, packageOfTarball } from './package.ts'

export interface FoundPackage {
  /** Where it lies; undefined for one that is shipped. */
  readonly path: string | undefined
  readonly id: string
  readonly version: string
}
/** What a package is called by. */
export type Named = Pick<DefinitionPackage, 'id' | 'version'>

/** The FHIR package cache of the user: the same folder on Windows, macOS and Linux. */
export const packageCache = (): string => join(homedir(), '.fhir', 'packages')

/** Splits `id#version` or `id@version`; undefined for anything else. */
export function splitPackageName(name: string): Named | undefined {
  const found = /^([a-z][\w.-]*)[#@]([\w.+-]+)$/i.exec(name)
  return found ? { id: found[1] as string, version: found[2] as string } : undefined
}

/** Reads the package at a path. Throws `bad-input` where there is none. */
export function packageAt(path: string): DefinitionPackage {
  try {
    return statSync(path).isDirectory() ? packageOfFolder(path) : packageOfTarball(readFileSync(path))
  } catch (cause) {
    throw new HarnessError('bad-input', `there is no FHIR R4 package at ${path}: ${(cause as Error).message}`, {
      cause,
      remedy: 'a package is a .tgz, an unpacked package, or a folder with StructureDefinitions as JSON',
    })
  }
}

/** A path, or `id#version` among the shipped ones and in the cache; undefined where it is neither. Throws `bad-input`. */
export function findPackage(named: string, shipped: readonly Named[], cache: string): FoundPackage | undefined {
  const path = resolve(named)
  if (existsSync(path)) {
    const { id, version } = packageAt(path)
    return { path, id, version }
  }
  const wanted = splitPackageName(named)
  if (!wanted)
    throw new HarnessError('bad-input', `"${named}" names no package and no file`, {
      remedy: `say id#version, for instance ${exampleOf(named, shipped)}, or the path of a .tgz`,
    })
  if (shipped.some(({ id, version }) => id === wanted.id && version === wanted.version))
    return { path: undefined, ...wanted }
  return inCache(wanted, cache)
}

/** The cached package of that version; `4.0.x`, `current` and the like take the newest that fits. */
export function inCache({ id, version }: Named, cache: string): FoundPackage | undefined {
  const at = (each: string): string => join(cache, `${id}#${each}`)
  const whole = (each: string): boolean => existsSync(join(at(each), 'package', 'package.json'))
  if (whole(version)) return { path: at(version), id, version }
  const line = /^((?:\d+\.)*)[x*]$/.exec(version)?.[1] ?? (/^\d/.test(version) ? undefined : '')
  if (line === undefined || !existsSync(cache)) return undefined
  const newest = readdirSync(cache)
    .flatMap((name) => (name.startsWith(`${id}#${line}`) ? [name.slice(id.length + 1)] : []))
    .filter(whole)
    .sort(compareVersions)
    .at(-1)
  return newest === undefined ? undefined : { path: at(newest), id, version: newest }
}

/** What to say of a package that is not at hand. */
export function notAtHand({ id, version }: Named, shipped: readonly Named[], cache: string): HarnessError {
  const versions = shipped.filter((each) => each.id === id).map((each) => each.version)
  return new HarnessError('bad-input', `the package ${id}#${version} is not at hand`, {
    remedy: `${versions.length > 0 ? `shipped are ${versions.join(', ')}; ` : ''}give the path of its .tgz, put it into ${cache}, or have it fetched from the registry: --download, in a plan download: true`,
  })
}

const exampleOf = (id: string, shipped: readonly Named[]): string => {
  const known = shipped.find((each) => each.id === id) ?? shipped.find((each) => each.id === 'hl7.fhir.us.core')
  return known ? `${known.id}#${known.version}` : 'hl7.fhir.us.core#6.1.0'
}
