/** A package of definitions as the validator sees it: profiles, value sets and code systems by canonical URL, each read only when asked for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { StructureDefinition } from '../compile/definition.ts'
import { readSheet } from '../compile/read-sheet.ts'
import type { FindSheet, ProfileSheet } from '../compile/sheet.ts'
import { type CodeSystemSheet, readCodeSystem, readValueSet, type ValueSetSheet } from '../terminology/sheets.ts'
import { filesOfTarball } from './tarball.ts'

export type DefinitionKind = 'profile' | 'value-set' | 'code-system'

export interface DefinitionPackage {
  readonly id: string
  readonly version: string
  /** Package id -> version, as declared; aliases are resolved to the real id, so one id may come at several versions. */
  readonly dependencies: readonly (readonly [id: string, version: string])[]
  /** Profiles that the package's guide demands of every resource of a type. */
  readonly globals: readonly { readonly type: string; readonly profile: string }[]
  /** The version of the definition with that URL, or undefined where the package has none. */
  versionOf(kind: DefinitionKind, url: string): string | undefined
  sheet(url: string): ProfileSheet | undefined
  valueSet(url: string): ValueSetSheet | undefined
  codeSystem(url: string): CodeSystemSheet | undefined
  urls(kind: DefinitionKind): Iterable<string>
  /** Tells the package where definitions of other packages are found, for those that have only a differential. */
  attach?(find: FindSheet): void
}

const kinds: Readonly<Record<string, DefinitionKind>> = {
  StructureDefinition: 'profile',
  ValueSet: 'value-set',
  CodeSystem: 'code-system',
}

interface Resource {
  readonly resourceType: string
  readonly url?: string
  readonly version?: string
  readonly [key: string]: unknown
}
interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly fhirVersions?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
}

/** `hl7.fhir.us.core.v610` and `hl7.fhir.us.core.3.1.1` are other names of hl7.fhir.us.core. */
export const realName = (id: string): string => id.replace(/\.(v\d+|\d+\.\d+\.\d+)$/, '')

export const dependenciesOf = (manifest: Manifest): [string, string][] =>
  Object.entries(manifest.dependencies ?? {}).map(([id, version]) => [realName(id), version])

/** A package made of resources in memory. */
export function packageOfResources(manifest: Manifest, resources: Iterable<Resource>): DefinitionPackage {
  const byKind: Record<DefinitionKind, Map<string, Resource>> = {
    profile: new Map(),
    'value-set': new Map(),
    'code-system': new Map(),
  }
  const globals: { type: string; profile: string }[] = []
  for (const resource of resources) {
    const kind = kinds[resource.resourceType]
    if (kind && resource.url !== undefined && !byKind[kind].has(resource.url)) byKind[kind].set(resource.url, resource)
    if (resource.resourceType === 'ImplementationGuide') {
      for (const { type, profile } of (resource.global ?? []) as { type: string; profile: string }[])
        globals.push({ type, profile })
    }
  }
  const version = manifest.version ?? ''
  const sheets = new Map<string, ProfileSheet>()
  let find: FindSheet | undefined
  return {
    id: manifest.name ?? 'resources',
    version,
    dependencies: dependenciesOf(manifest),
    globals,
    versionOf: (kind, url) => {
      const found = byKind[kind].get(url)
      return found && (found.version ?? version)
    },
    sheet(url) {
      const known = sheets.get(url)
      if (known) return known
      const found = byKind.profile.get(url) as unknown as StructureDefinition | undefined
      if (!found) return undefined
      const sheet = readSheet(found, version, find)
      sheets.set(url, sheet)
      return sheet
    },
    valueSet: (url) => {
      const found = byKind['value-set'].get(url)
      return found && readValueSet(found)
    },
    codeSystem: (url) => {
      const found = byKind['code-system'].get(url)
      return found && readCodeSystem(found)
    },
    urls: (kind) => byKind[kind].keys(),
    attach: (found) => {
      find = found
    },
  }
}

/** A package from the bytes of its `.tgz`. */
export function packageOfTarball(bytes: Uint8Array): DefinitionPackage {
  let manifest: Manifest = {}
  const resources: Resource[] = []
  for (const { path, content } of filesOfTarball(bytes)) {
    if (path === 'package/package.json') manifest = jsonOf(path, content.toString('utf8')) as Manifest
    else if (/^package\/[^/]+\.json$/.test(path) && wanted(path))
      resources.push(jsonOf(path, content.toString('utf8')) as Resource)
  }
  if (manifest.name === undefined) throw new Error('there is no package/package.json in it')
  return packageOfResources(ofR4(manifest), resources)
}

/** A package for another version of FHIR would be misread without a word. */
function ofR4(manifest: Manifest): Manifest {
  const { fhirVersions = [] } = manifest
  if (fhirVersions.length > 0 && !fhirVersions.some((version) => version.startsWith('4.0')))
    throw new Error(`${manifest.name}#${manifest.version} is for FHIR ${fhirVersions.join(', ')}`)
  return manifest
}

function jsonOf(name: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause })
  }
}

/** A package from a folder: unpacked as in the FHIR package cache (`id#version/package`), its inner folder, or loose definitions. */
export function packageOfFolder(folder: string): DefinitionPackage {
  const inner = [join(folder, 'package'), folder].find((each) => existsSync(join(each, 'package.json')))
  const home = inner ?? folder
  const manifest: Manifest = inner
    ? (jsonOf('package.json', readFileSync(join(inner, 'package.json'), 'utf8')) as Manifest)
    : { name: basename(folder), version: '' }
  const resources = readdirSync(home)
    .filter((name) => name.endsWith('.json') && wanted(name))
    .map((name) => jsonOf(name, readFileSync(join(home, name), 'utf8')) as Resource)
  if (!inner && !resources.some(({ resourceType }) => kinds[resourceType] === 'profile'))
    throw new Error('there is neither package.json nor a StructureDefinition in it')
  return packageOfResources(ofR4(manifest), resources)
}

/** Files that can hold a profile, a value set, a code system or a guide; in published packages the name tells. */
const wanted = (path: string): boolean =>
  !/(^|\/)(package\.json|\.index\.json|(SearchParameter|OperationDefinition|CapabilityStatement|ConceptMap|NamingSystem|StructureMap|CompartmentDefinition|Bundle|List|Basic|Binary)-.*)$/.test(
    path,
  )
