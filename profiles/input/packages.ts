/** Finds the package that a user names: shipped, a tarball, an unpacked folder, or the FHIR package cache. Nothing is downloaded. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'
import { type DefinitionPackage, packageOfFolder, packageOfTarball } from '../packages/package.ts'

export interface FoundPackage {
  /** Where it lies; undefined for one that is shipped. */
  readonly path: string | undefined
  readonly id: string
  readonly version: string
}

/** Reads the package at a path. Throws `bad-input` where there is none. */
export function packageAt(path: string): DefinitionPackage {
  try {
    return statSync(path).isDirectory() ? packageOfFolder(path) : packageOfTarball(readFileSync(path))
  } catch (cause) {
    throw new HarnessError('bad-input', `there is no FHIR package at ${path}: ${(cause as Error).message}`, {
      cause,
      remedy: 'a package is a .tgz, or a folder with package/package.json in it',
    })
  }
}

/** `id#version`, `id@version`, a `.tgz` or a folder. Throws `bad-input` with what can be done. */
export function findPackage(
  named: string,
  shipped: readonly Pick<DefinitionPackage, 'id' | 'version'>[],
  cache: string,
): FoundPackage {
  const path = resolve(named)
  if (existsSync(path)) {
    const { id, version } = packageAt(path)
    return { path, id, version }
  }
  const [id, version] = named.split(/[#@]/) as [string, string | undefined]
  if (version === undefined || version === '')
    throw new HarnessError('bad-input', `"${named}" names no package and no file`, {
      remedy: `say id#version, for instance ${exampleOf(id, shipped)}, or the path of a .tgz`,
    })
  const own = shipped.find((each) => each.id === id && each.version === version)
  if (own) return { path: undefined, id, version }
  const cached = join(cache, `${id}#${version}`)
  if (existsSync(join(cached, 'package', 'package.json'))) return { path: cached, id, version }
  const versions = shipped.filter((each) => each.id === id).map((each) => each.version)
  throw new HarnessError('bad-input', `the package ${id}#${version} is not at hand`, {
    remedy: `${versions.length > 0 ? `shipped are ${versions.join(', ')}; ` : ''}give the path of its .tgz, or put it into ${cache}`,
  })
}

const exampleOf = (id: string, shipped: readonly Pick<DefinitionPackage, 'id' | 'version'>[]): string => {
  const known = shipped.find((each) => each.id === id) ?? shipped[0]
  return known ? `${known.id}#${known.version}` : 'hl7.fhir.us.core#6.1.0'
}
