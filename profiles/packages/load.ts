/** Further packages: from a file, from the FHIR package cache, or, only when asked to, from the public FHIR package registry. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, normalize, sep } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'
import { type DefinitionPackage, packageOfFolder, packageOfTarball } from './package.ts'
import { filesOfTarball } from './tarball.ts'

export interface LoadOptions {
  /** Packages that need no loading, as those that the project ships. */
  readonly shipped?: readonly DefinitionPackage[]
  /** The FHIR package cache. */
  readonly cache?: string
  /** Nothing is downloaded unless this is true. */
  readonly download?: boolean
  readonly registry?: string
  readonly fetch?: typeof fetch
}

const defaultCache = (): string => join(homedir(), '.fhir', 'packages')

/** Splits `id#version`; undefined for a path. */
export function splitPackageName(name: string): { id: string; version: string } | undefined {
  const found = /^([a-z][\w.-]*)[#@]([\w.-]+)$/i.exec(name)
  return found ? { id: found[1] as string, version: found[2] as string } : undefined
}

/** A package by path (`.tgz` or unpacked folder) or by `id#version`. */
export async function loadPackage(name: string, options: LoadOptions = {}): Promise<DefinitionPackage> {
  if (existsSync(name))
    return statSync(name).isDirectory() ? packageOfFolder(name) : readTarball(name, readFileSync(name))
  const wanted = splitPackageName(name)
  if (!wanted) {
    throw new HarnessError('bad-input', `There is no package "${name}".`, {
      remedy: 'Give a .tgz file, an unpacked package folder, or id#version.',
    })
  }
  const { id, version } = wanted
  const shipped = options.shipped?.find((each) => each.id === id && each.version === version)
  if (shipped) return shipped
  const folder = join(options.cache ?? defaultCache(), `${id}#${version}`)
  if (existsSync(join(folder, 'package', 'package.json'))) return packageOfFolder(folder)
  if (!options.download) {
    throw new HarnessError('bad-input', `The package ${id}#${version} is neither shipped nor in the package cache.`, {
      remedy: `Put it into ${folder}, name its .tgz, or allow the download.`,
    })
  }
  await download(id, version, folder, options)
  return packageOfFolder(folder)
}

function readTarball(name: string, bytes: Uint8Array): DefinitionPackage {
  try {
    return packageOfTarball(bytes)
  } catch (cause) {
    throw new HarnessError('bad-input', `${name} is no FHIR package (a gzipped tarball with package/package.json).`, {
      cause,
    })
  }
}

/** Fetches a package and unpacks it into the cache; a folder appears there only when it is complete. */
async function download(id: string, version: string, folder: string, options: LoadOptions): Promise<void> {
  const registry = options.registry ?? 'https://packages.fhir.org'
  const address = `${registry.replace(/\/$/, '')}/${id}/${version}`
  let response: Response
  try {
    response = await (options.fetch ?? fetch)(address)
  } catch (cause) {
    throw new HarnessError('cannot-reach', `The package registry cannot be reached at ${address}.`, { cause })
  }
  if (!response.ok) {
    throw new HarnessError('cannot-reach', `The package registry answers ${response.status} for ${id}#${version}.`)
  }
  const bytes = new Uint8Array(await response.arrayBuffer())
  const half = `${folder}.partial`
  rmSync(half, { recursive: true, force: true })
  for (const { path, content } of filesOfTarball(bytes)) {
    const safe = normalize(path)
    if (safe.startsWith('..') || safe.startsWith(sep)) continue
    const target = join(half, safe)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
  if (!existsSync(join(half, 'package', 'package.json'))) {
    rmSync(half, { recursive: true, force: true })
    throw new HarnessError('bad-input', `What the registry gave for ${id}#${version} is no FHIR package.`)
  }
  rmSync(folder, { recursive: true, force: true })
  renameSync(half, folder)
}
