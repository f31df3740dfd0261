/** Where HL7's validator may take packages from: folders with `.tgz` files or with unpacked packages, searched without reading what is in them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { splitPackageName } from '../packages/find.ts'
import { filesOfTarball, type TarFile } from '../packages/tarball.ts'

export interface PackageSource {
  readonly id: string
  readonly version: string
  /** A `.tgz`, or a folder with `package/` in it. */
  readonly path: string
}

/** The packages in the folders; of one that is there twice the first counts. */
export function packagesIn(folders: readonly string[]): PackageSource[] {
  const found = new Map<string, PackageSource>()
  for (const folder of folders) {
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder).sort()) {
      const source = sourceAt(join(folder, name))
      const key = source && `${source.id}#${source.version}`
      if (key && !found.has(key)) found.set(key, source)
    }
  }
  return [...found.values()]
}

/** The package at a path, by its name where that tells, else by its manifest; undefined where there is none. */
export function sourceAt(path: string): PackageSource | undefined {
  const base = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
  if (statSync(path).isDirectory()) {
    const manifest = join(path, 'package', 'package.json')
    if (!existsSync(manifest)) return undefined
    return nameIn(readFileSync(manifest, 'utf8'), path)
  }
  if (!base.endsWith('.tgz')) return undefined
  const named = splitPackageName(base.slice(0, -4))
  if (named) return { ...named, path }
  for (const file of filesOfTarball(readFileSync(path)))
    if (file.path === 'package/package.json') return nameIn(file.content.toString('utf8'), path)
  return undefined
}

function nameIn(manifest: string, path: string): PackageSource | undefined {
  const { name, version } = JSON.parse(manifest) as { name?: string; version?: string }
  return name === undefined || version === undefined ? undefined : { id: name, version, path }
}

/** The definitions of a package and its manifest, by their names in `package/`; examples and pages are left where they are. */
export function* definitionsAt({ path }: PackageSource): Generator<TarFile> {
  if (statSync(path).isDirectory()) {
    const home = join(path, 'package')
    for (const entry of readdirSync(home, { withFileTypes: true }))
      if (entry.isFile() && entry.name.endsWith('.json'))
        yield { path: entry.name, content: readFileSync(join(home, entry.name)) }
    return
  }
  for (const { path: name, content } of filesOfTarball(readFileSync(path))) {
    const own = /^package\/([^/]+\.json)$/.exec(name)?.[1]
    if (own !== undefined) yield { path: own, content }
  }
}
