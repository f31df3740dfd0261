/**
 * FHIR R4's own definitions from the npm package `hl7.fhir.r4.examples` (official, CC0), which has them beside its examples. It is too large
 * to be a dependency (19 MB, 188 MB unpacked), so npm packs it once into a cache, when the sheets are made.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'
import { type DefinitionPackage, packageOfResources } from '../packages/package.ts'
import { filesOfTarball } from '../packages/tarball.ts'

/** What npm has under that name and version; another content is refused. */
const npm = {
  name: 'hl7.fhir.r4.examples',
  version: '4.0.1',
  integrity: 'sha512-DXBdIZOeQaSKIgCU7w6HOC7sw/6BzylmipLkBW4f//pT+Bc94x+8LImwTdvaNThPJoOzpBzvxAzNqjeu3X/zLw==',
}

/** Where the tarball is kept. */
export const coreTarball = join(
  import.meta.dirname,
  '../../node_modules/.cache/vitruvian-packages',
  `${npm.name}-${npm.version}.tgz`,
)

/** The bytes of the tarball: from the cache, else through the user's npm. Throws `cannot-reach` with the remedy. */
export function fetchCore(file = coreTarball): Buffer {
  if (!existsSync(file)) {
    const folder = join(file, '..')
    mkdirSync(folder, { recursive: true })
    try {
      execFileSync('npm', ['pack', `${npm.name}@${npm.version}`, '--silent'], {
        cwd: folder,
        stdio: ['ignore', 'ignore', 'inherit'],
        shell: process.platform === 'win32',
      })
    } catch (cause) {
      throw new HarnessError('cannot-reach', `npm cannot fetch ${npm.name}@${npm.version}`, {
        cause,
        remedy: `make its registry reachable, or put the tarball of that package to ${file}`,
      })
    }
  }
  const bytes = readFileSync(file)
  if (`sha512-${createHash('sha512').update(bytes).digest('base64')}` !== npm.integrity) {
    rmSync(file)
    throw new HarnessError('bad-input', `${file} was not what npm has as ${npm.name}@${npm.version}`, {
      remedy: 'it was removed; run the command again',
    })
  }
  return bytes
}

interface Named {
  readonly resourceType: string
  readonly id?: string
  readonly url?: string
  readonly [key: string]: unknown
}
/** Definitions that are there to show what one looks like are called so: `example`, `example-filter`. */
const isExample = ({ id = '' }: Named): boolean => id === 'example' || id.startsWith('example-')

/** FHIR R4's definitions among the files of the package; what only shows how a definition looks is left out. */
export function coreOf(files: Iterable<{ readonly path: string; readonly content: Buffer }>): DefinitionPackage {
  const resources: Named[] = []
  for (const { path, content } of files) {
    if (!/^package\/(StructureDefinition|ValueSet|CodeSystem)-[^/]*\.json$/.test(path)) continue
    const resource = JSON.parse(content.toString('utf8')) as Named
    if (!isExample(resource)) resources.push(resource)
  }
  return packageOfResources({ name: 'hl7.fhir.r4.core', version: npm.version, fhirVersions: [npm.version] }, resources)
}

/** The package of FHIR R4's definitions. */
export const readCore = (bytes: Buffer): DefinitionPackage => coreOf(filesOfTarball(bytes))
