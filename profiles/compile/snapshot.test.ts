/** The snapshot generator: differentials on the shipped bases, and the published snapshots as its measure. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { profile } from '../cases/probe.ts'
import { shippedPackages } from '../definitions.ts'
import { filesOfTarball } from '../packages/tarball.ts'
import type { StructureDefinition } from './definition.ts'
import { Library } from './library.ts'
import { readSheet } from './read-sheet.ts'
import type { ProfileSheet, Row } from './sheet.ts'

const library = new Library(shippedPackages())
const sheetOf = (type: string, elements: readonly Record<string, unknown>[]): ProfileSheet =>
  readSheet(profile('p', type, elements) as StructureDefinition, '', (canonical) => library.profile(canonical)?.sheet)
const rowOf = (sheet: ProfileSheet, id: string): Row | undefined => sheet.rows.find((row) => row.id === id)

describe('a snapshot', () => {
  it('has all of the base, with what the differential says', () => {
    const sheet = sheetOf('Patient', [{ id: 'Patient.birthDate', min: 1, mustSupport: true }])
    expect(sheet.rows).toHaveLength(
      library.profile('http://hl7.org/fhir/StructureDefinition/Patient')?.sheet.rows.length ?? 0,
    )
    expect(rowOf(sheet, 'Patient.birthDate')).toMatchObject({ min: 1, max: '1', mustSupport: true })
  })
  it('unfolds datatypes where the differential walks into them', () => {
    const sheet = sheetOf('Patient', [{ id: 'Patient.name.family', min: 1 }])
    expect(rowOf(sheet, 'Patient.name.family')).toMatchObject({ min: 1, max: '1' })
    expect(rowOf(sheet, 'Patient.name.given')).toMatchObject({ min: 0, max: '*' })
  })
  it('starts slices from what they slice, at no minimum of their own', () => {
    const sheet = sheetOf('Patient', [
      {
        id: 'Patient.identifier',
        min: 1,
        slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' },
      },
      { id: 'Patient.identifier:a', max: '1' },
      { id: 'Patient.identifier:a.system', min: 1, fixedUri: 'http://a' },
    ])
    expect(rowOf(sheet, 'Patient.identifier:a')).toMatchObject({ min: 0, max: '1' })
    expect(rowOf(sheet, 'Patient.identifier:a.system')).toMatchObject({ fixed: { type: 'uri', value: 'http://a' } })
    expect(rowOf(sheet, 'Patient.identifier:a.value')).toBeDefined()
    expect(rowOf(sheet, 'Patient.identifier')).toMatchObject({ min: 1 })
  })
  it('reads valueQuantity as the slice of the choice', () => {
    const sheet = sheetOf('Observation', [
      { id: 'Observation.valueQuantity', path: 'Observation.valueQuantity', min: 1 },
    ])
    expect(rowOf(sheet, 'Observation.value[x]:valueQuantity')).toMatchObject({ min: 1, types: [{ code: 'Quantity' }] })
    expect(rowOf(sheet, 'Observation.value[x]')?.slicing?.discriminators).toEqual([{ type: 'type', path: '$this' }])
  })
  it('adds invariants to those of the base', () => {
    const sheet = sheetOf('Patient', [
      { id: 'Patient', constraint: [{ key: 'x-1', severity: 'error', expression: 'true' }] },
    ])
    expect(rowOf(sheet, 'Patient')?.invariants).toEqual(expect.arrayContaining(['dom-2', 'x-1']))
  })
})

const folder = join(import.meta.dirname, '../../../shared/ig')
const here = existsSync(folder)
if (!here) console.warn(`SKIPPED: the measure of the snapshot generator needs ${folder}`)

/** What of a row decides a verdict. */
const essence = (sheet: ProfileSheet, row: Row): string =>
  JSON.stringify([
    row.min,
    row.max,
    row.types,
    row.fixed,
    row.pattern,
    row.binding,
    row.slicing,
    row.maxLength,
    row.mustSupport,
    row.invariants.map((name) => sheet.invariants[name]?.key).sort(),
  ])

describe.skipIf(!here)('published snapshots', () => {
  it.each([
    ['hl7.fhir.us.davinci-hrex#1.2.0', 0.99],
    ['hl7.fhir.us.carin-bb#2.1.0', 0.99],
    ['hl7.fhir.us.davinci-pdex#2.1.0', 0.98],
    ['hl7.fhir.us.ndh#1.0.0', 0.99],
    ['hl7.fhir.us.core#6.1.0', 0.96],
  ])('of %s are made again from the differentials', (name, least) => {
    const home = library.packages.find((each) => `${each.id}#${each.version}` === name)
    let all = 0
    let equal = 0
    for (const { path, content } of filesOfTarball(readFileSync(join(folder, `${name}.tgz`)))) {
      if (!/^package\/StructureDefinition-/.test(path)) continue
      const { snapshot: _snapshot, ...definition } = JSON.parse(content.toString('utf8')) as StructureDefinition
      const published = home?.sheet(definition.url)
      if (!published || definition.derivation !== 'constraint') continue
      const own = readSheet(definition, '', (canonical) => library.profile(canonical, home)?.sheet)
      for (const row of published.rows) {
        const made = rowOf(own, row.id)
        all++
        if (made && essence(own, made) === essence(published, row)) equal++
      }
    }
    expect(equal / all).toBeGreaterThanOrEqual(least)
  })
})
