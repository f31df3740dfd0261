/**
 * Makes the sheets and the pack from the official packages (`npm run sheets`): FHIR R4 itself from npm, the guides from a folder. One file
 * a profile under profiles/sheets/<package>/, one line a value set or code system, and profiles/sheets/definitions.pack for the program.
 * Structure, codes, URLs and FHIRPath; no prose.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isHarnessError } from '../../harness/errors.ts'
import { type Packing, writePack } from '../packages/pack.ts'
import { packageOfTarball } from '../packages/package.ts'
import { shippable, shippableSystem } from '../terminology/disclosure.ts'
import { fetchCore, readCore } from './core.ts'
import { compareVersions } from './library.ts'
import { type ProfileSheet, sheetText } from './sheet.ts'

const here = import.meta.dirname
const source = process.argv[2] ?? join(here, '../../../shared/ig')
const target = join(here, '../sheets')
if (!existsSync(source)) {
  console.error(
    `There is no folder ${source}: give the folder with the packages (<id>#<version>.tgz) as the first argument.`,
  )
  process.exit(2)
}

/**
 * The base comes from npm. Expansions are not shipped: they hold codes that others license, and what else they decide, the definitions
 * decide as well; a test holds the one against the other.
 */
const left = /^hl7\.fhir\.r4\.(core|expansions)#/
const files = readdirSync(source).filter((name) => name.endsWith('.tgz') && !left.test(name))
const packages = [
  readCore(coreBytes()),
  ...files.map((name) => packageOfTarball(readFileSync(join(source, name)))),
].sort(
  (a, b) => rank(a.id) - rank(b.id) || (a.id < b.id ? -1 : a.id > b.id ? 1 : compareVersions(b.version, a.version)),
)

function coreBytes(): Buffer {
  try {
    return fetchCore()
  } catch (trouble) {
    if (!isHarnessError(trouble)) throw trouble
    console.error(`${trouble.message}\n  ${trouble.remedy}`)
    process.exit(2)
  }
}

/** The base first, then the guides, then what many share. */
function rank(id: string): number {
  return id === 'hl7.fhir.r4.core' ? 0 : id.startsWith('hl7.fhir.us.') ? 1 : id.startsWith('hl7.terminology') ? 3 : 2
}

const asked = new Map<string, Set<string>>()
for (const each of packages) {
  for (const url of each.urls('value-set')) {
    const sheet = each.valueSet(url)
    for (const { system, filters } of [...(sheet?.include ?? []), ...(sheet?.exclude ?? [])]) {
      for (const { property } of filters ?? []) {
        const known = asked.get(system ?? '') ?? new Set()
        known.add(property)
        asked.set(system ?? '', known)
      }
    }
  }
}

const fileName = (url: string): string => `${url.slice(url.lastIndexOf('/') + 1).replace(/[^\w.-]/g, '_')}.json`
const byUrl = (a: { url: string }, b: { url: string }): number => (a.url < b.url ? -1 : 1)

/** Datatypes and abstract types first, then resources by letter, then the rest: what is used together lies together. */
function groups(sheets: readonly ProfileSheet[], core: boolean): ProfileSheet[][] {
  if (!core) return [[...sheets]]
  const made = new Map<string, ProfileSheet[]>()
  for (const sheet of sheets) {
    const base = sheet.derivation === 'specialization'
    const key = !base
      ? 'z'
      : sheet.kind === 'resource' && !sheet.abstract
        ? `r${Math.floor((sheet.type.charCodeAt(0) - 65) / 2)}`
        : 'a'
    const group = made.get(key) ?? []
    group.push(sheet)
    made.set(key, group)
  }
  return [...made].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, group]) => group)
}

rmSync(target, { recursive: true, force: true })
const packings: Packing[] = []
for (const each of packages) {
  const folder = join(target, `${each.id}@${each.version}`)
  mkdirSync(folder, { recursive: true })
  const profiles = [...each.urls('profile')].flatMap((url) => each.sheet(url) ?? []).sort(byUrl)
  const valueSets = [...each.urls('value-set')]
    .flatMap((url) => each.valueSet(url) ?? [])
    .map(shippable)
    .sort(byUrl)
  const codeSystems = [...each.urls('code-system')]
    .flatMap((url) => each.codeSystem(url) ?? [])
    .map((sheet) => shippableSystem(sheet, asked.get(sheet.url) ?? new Set()))
    .sort(byUrl)
  const { id, version, dependencies, globals } = each
  const head = { id, version, dependencies, globals }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(head, undefined, 2)}\n`)
  const used = new Set<string>()
  for (const sheet of profiles) {
    let name = fileName(sheet.url)
    if (used.has(name.toLowerCase())) name = `${sheet.url.replace(/^https?:\/\//, '').replace(/[^\w.-]/g, '_')}.json`
    used.add(name.toLowerCase())
    writeFileSync(join(folder, name), sheetText(sheet))
  }
  const lines = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('')
  if (valueSets.length > 0) writeFileSync(join(folder, 'value-sets.ndjson'), lines(valueSets))
  if (codeSystems.length > 0) writeFileSync(join(folder, 'code-systems.ndjson'), lines(codeSystems))
  packings.push({ ...head, profiles: groups(profiles, rank(id) === 0), valueSets, codeSystems })
  console.log(
    `${id}#${version}: ${profiles.length} profiles, ${valueSets.length} value sets, ${codeSystems.length} code systems`,
  )
}
const pack = writePack(packings)
writeFileSync(join(target, 'definitions.pack'), pack)
console.log(`definitions.pack: ${Math.round(pack.length / 1024)} kB`)
