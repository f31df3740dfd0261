/** A package cache of our own for HL7's validator, laid out as it expects one (`.fhir/packages/id#version/package`), from what lies on this machine. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renamePatiently } from '../../harness/rename.ts'
import { type Closure, type LaidPackage, nameOf } from './closure.ts'
import { definitionsAt } from './sources.ts'

/** Changes where what is written changes, so that older layouts are not taken for it. */
const layout = 1

/**
 * Lays the packages out below `folder` and gives the home folder that HL7's validator is to be started with. The same packages are laid
 * out once; what was laid out before for others is dropped.
 */
export function layOut({ packages }: Closure, folder: string): string {
  const home = join(folder, fingerprint(packages))
  if (existsSync(home)) return home
  mkdirSync(folder, { recursive: true })
  const making = mkdtempSync(join(folder, '.making-'))
  try {
    const cache = join(making, '.fhir', 'packages')
    mkdirSync(cache, { recursive: true })
    // Without it the validator takes the cache for one of an older kind, and empties it.
    writeFileSync(join(cache, 'packages.ini'), '[cache]\nversion = 4\n')
    for (const each of packages) lay(each, join(cache, nameOf(each), 'package'))
    for (const name of readdirSync(folder)) if (!name.startsWith('.making-')) drop(join(folder, name))
    renamePatiently(making, home)
  } catch (error) {
    rmSync(making, { recursive: true, force: true })
    // Another process was faster with the same packages.
    if (!existsSync(home)) throw error
  }
  return home
}

/** What a validator that still runs reads, Windows does not take away: it is dropped the next time. */
function drop(old: string): void {
  try {
    rmSync(old, { recursive: true, force: true })
  } catch {
    // Some megabytes too many, and nothing else.
  }
}

function lay({ id, version, source, dependencies }: LaidPackage, into: string): void {
  mkdirSync(into, { recursive: true })
  let manifest: Record<string, unknown> = { fhirVersions: ['4.0.1'], type: 'fhir.ig' }
  for (const { path, content } of source ? definitionsAt(source) : []) {
    if (path === 'package.json') manifest = JSON.parse(content.toString('utf8')) as Record<string, unknown>
    else writeFileSync(join(into, path), content)
  }
  const own = Object.fromEntries(dependencies.map((each) => [each.id, each.version]))
  writeFileSync(join(into, 'package.json'), JSON.stringify({ ...manifest, name: id, version, dependencies: own }))
  if (!source) writeFileSync(join(into, '.index.json'), JSON.stringify({ 'index-version': 2, files: [] }))
}

/** Of names, dependencies, and where each comes from as it is now. */
function fingerprint(packages: readonly LaidPackage[]): string {
  const hash = createHash('sha256').update(`${layout}\n`)
  for (const each of packages) {
    const { size, mtimeMs } = each.source ? statSync(each.source.path) : { size: 0, mtimeMs: 0 }
    hash.update(`${nameOf(each)} ${each.source?.path} ${size} ${mtimeMs} ${each.dependencies.map(nameOf).join(' ')}\n`)
  }
  return hash.digest('hex').slice(0, 24)
}
