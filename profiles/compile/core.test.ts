/** FHIR R4's own definitions: npm's package and the one beside the guides give the same sheets, and the shipped ones are those. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { type DefinitionKind, type DefinitionPackage, packageOfTarball } from '../packages/package.ts'
import { coreOf, coreTarball, fetchCore, readCore } from './core.ts'
import { type ProfileSheet, sheetText } from './sheet.ts'

const beside = join(import.meta.dirname, '../../../shared/ig/hl7.fhir.r4.core#4.0.1.tgz')
const fetched = existsSync(coreTarball)
const both = fetched && existsSync(beside)
if (!fetched)
  console.warn(`SKIPPED: the parity with npm's package of FHIR R4 needs ${coreTarball}, which npm run sheets fetches`)
else if (!both) console.warn(`SKIPPED: the parity of both packages of FHIR R4 needs ${beside}`)

/** Bound by ExampleScenario.actor.type, and lacking in the package beside the guides, which leaves out whatever begins with "example". */
const lacking = [
  'http://hl7.org/fhir/ValueSet/examplescenario-actor-type',
  'http://hl7.org/fhir/examplescenario-actor-type',
]

const kinds: readonly DefinitionKind[] = ['profile', 'value-set', 'code-system']
const sheetOf = (from: DefinitionPackage, kind: DefinitionKind, url: string): unknown =>
  kind === 'profile' ? from.sheet(url) : kind === 'value-set' ? from.valueSet(url) : from.codeSystem(url)

describe.skipIf(!both)('FHIR R4 from npm and from beside the guides', () => {
  const npm = both ? readCore(readFileSync(coreTarball)) : undefined
  const other = both ? packageOfTarball(readFileSync(beside)) : undefined

  it('are the same sheets, but for two that the one beside the guides lacks', { timeout: 120_000 }, () => {
    if (!npm || !other) return
    const only: string[] = []
    for (const kind of kinds) {
      const urls = new Set([...npm.urls(kind), ...other.urls(kind)])
      expect(urls.size).toBeGreaterThan(500)
      for (const url of urls) {
        const ours = sheetOf(npm, kind, url)
        const theirs = sheetOf(other, kind, url)
        if (theirs === undefined) only.push(url)
        else if (JSON.stringify(ours) !== JSON.stringify(theirs)) expect(ours).toEqual(theirs)
      }
    }
    expect(only.sort()).toEqual(lacking.sort())
  })
})

describe.skipIf(!fetched)('the shipped sheets of FHIR R4', () => {
  it("are those of npm's package", { timeout: 120_000 }, () => {
    const npm = readCore(fetchCore())
    const shipped = shippedPackages().find(({ id }) => id === 'hl7.fhir.r4.core') as DefinitionPackage
    for (const kind of kinds) expect([...shipped.urls(kind)].sort()).toEqual([...npm.urls(kind)].sort())
    for (const url of npm.urls('profile'))
      expect(sheetText(shipped.sheet(url) as ProfileSheet)).toBe(sheetText(npm.sheet(url) as ProfileSheet))
  })
})

describe('the base', () => {
  const file = (resourceType: string, id: string, folder = 'package') => ({
    path: `${folder}/${resourceType}-${id}.json`,
    content: Buffer.from(JSON.stringify({ resourceType, id, url: `http://hl7.org/fhir/${resourceType}/${id}` })),
  })

  it('is made of definitions, and not of what shows how one looks', () => {
    const core = coreOf([
      file('ValueSet', 'example'),
      file('ValueSet', 'example-filter'),
      file('ValueSet', 'examplescenario-actor-type'),
      file('CodeSystem', 'a'),
      file('Patient', 'a'),
      file('ValueSet', 'b', 'package/other'),
    ])
    expect(kinds.flatMap((kind) => [...core.urls(kind)])).toEqual([
      'http://hl7.org/fhir/ValueSet/examplescenario-actor-type',
      'http://hl7.org/fhir/CodeSystem/a',
    ])
    expect(core).toMatchObject({ id: 'hl7.fhir.r4.core', version: '4.0.1' })
  })

  it('that is not what npm has is refused, and fetched again the next time', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vitruvian-core-'))
    const tarball = join(folder, 'x.tgz')
    writeFileSync(tarball, 'something else')
    expect(() => fetchCore(tarball)).toThrow(expect.objectContaining({ code: 'bad-input' }))
    expect(existsSync(tarball)).toBe(false)
    rmSync(folder, { recursive: true })
  })
})
