/** The shipped sheets: the pack holds what the files say, and both say what the official packages say. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
import { filesOfTarball } from '../packages/tarball.ts'
import { mayShip } from '../terminology/disclosure.ts'
import { type ProfileSheet, parseSheet, pathOf, type Row } from './sheet.ts'

const sheets = join(import.meta.dirname, '../sheets')
const official = join(import.meta.dirname, '../../../shared/ig')
const atHand = existsSync(official)
if (!atHand) console.warn(`SKIPPED: the parity of the sheets with the official packages needs ${official}`)

const folders = readdirSync(sheets).filter((name) => name.includes('@'))
const packages = new Map(shippedPackages().map((each) => [`${each.id}@${each.version}`, each]))

const isProfile = (name: string): boolean => name.endsWith('.json') && name !== 'package.json'

describe('the pack', () => {
  it('is at most a megabyte', () => {
    expect(statSync(join(sheets, 'definitions.pack')).size).toBeLessThanOrEqual(1_000_000)
  })
  it.each(folders)('holds every sheet of %s', (folder) => {
    const packed = packages.get(folder)
    const files = readdirSync(join(sheets, folder)).filter(isProfile)
    expect([...(packed?.urls('profile') ?? [])]).toHaveLength(files.length)
    for (const file of files) {
      const sheet = parseSheet(readFileSync(join(sheets, folder, file), 'utf8'))
      if (!alike(packed?.sheet(sheet.url), sheet)) expect(packed?.sheet(sheet.url)).toEqual(sheet)
    }
  })
  it('holds no codes that others license', () => {
    for (const each of packages.values()) {
      for (const url of each.urls('value-set')) {
        const set = each.valueSet(url)
        for (const { system, codes } of [...(set?.include ?? []), ...(set?.exclude ?? [])]) {
          if (codes && system !== undefined) expect(mayShip(system), `${url} lists codes of ${system}`).toBe(true)
        }
      }
      for (const url of each.urls('code-system')) {
        if (!mayShip(url)) expect(each.codeSystem(url)?.concepts).toEqual([])
      }
    }
  })
})

/** Are they the same, with what is undefined left out? Several times as fast as to compare their JSON. */
function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, at) => alike(each, b[at]))
  const [one, other] = [a as Raw, b as Raw]
  if (Array.isArray(b)) return false
  for (const key in one) if (!alike(one[key], other[key])) return false
  for (const key in other) if (other[key] !== undefined && one[key] === undefined) return false
  return true
}

type Raw = Record<string, unknown>
const list = (value: unknown): Raw[] => (Array.isArray(value) ? (value as Raw[]) : [])

/** What a row must say, read from an official element without the compiler's help. */
function wantedOf(element: Raw): Raw {
  const value = (stem: string): unknown => {
    const key = Object.keys(element).find((name) => name.startsWith(stem) && /[A-Z]/.test(name.charAt(stem.length)))
    return key === undefined ? undefined : element[key]
  }
  const binding = element.binding as Raw | undefined
  const slicing = element.slicing as Raw | undefined
  return {
    path: element.path,
    min: element.min,
    max: element.max,
    types: list(element.type).map(({ code, profile, targetProfile, aggregation }) => ({
      code: String(code).startsWith('http://hl7.org/fhirpath/System.') ? 'system' : code,
      profile,
      targetProfile,
      aggregation,
    })),
    content: element.contentReference,
    fixed: value('fixed'),
    pattern: value('pattern'),
    minValue: value('minValue'),
    maxValue: value('maxValue'),
    maxLength: element.maxLength,
    binding: binding && [binding.strength, binding.valueSet],
    slicing: slicing && [
      list(slicing.discriminator).map(({ type, path }) => `${type} ${path}`),
      slicing.rules,
      slicing.ordered === true,
    ],
    constraints: list(element.constraint)
      .filter(({ expression }) => expression)
      .map(({ key, severity, expression }) => `${key} ${severity} ${expression}`),
    mustSupport: element.mustSupport === true,
    modifier: element.isModifier === true,
  }
}

function sheetSays(sheet: ProfileSheet, row: Row, systems: readonly boolean[]): Raw {
  return {
    path: pathOf(row.id),
    min: row.min,
    max: row.max,
    types: row.types.map(({ code, profiles, targets, aggregation }, at) => ({
      code: systems[at] ? 'system' : code,
      profile: profiles,
      targetProfile: targets,
      aggregation,
    })),
    content: row.content,
    fixed: row.fixed?.value,
    pattern: row.pattern?.value,
    minValue: row.minValue?.value,
    maxValue: row.maxValue?.value,
    maxLength: row.maxLength,
    binding: row.binding && [row.binding.strength, row.binding.valueSet],
    slicing: row.slicing && [
      row.slicing.discriminators.map(({ type, path }) => `${type} ${path}`),
      row.slicing.rules,
      row.slicing.ordered,
    ],
    constraints: row.invariants.map((name) => {
      const invariant = sheet.invariants[name]
      return `${invariant?.key} ${invariant?.severity} ${invariant?.expression}`
    }),
    mustSupport: row.mustSupport === true,
    modifier: row.modifier === true,
  }
}

describe.skipIf(!atHand)('the sheets and the official packages', () => {
  it.each(folders)('are at one about %s', { timeout: 60_000 }, (folder) => {
    const packed = packages.get(folder)
    let compared = 0
    for (const { path, content } of filesOfTarball(readFileSync(join(official, `${folder.replace('@', '#')}.tgz`)))) {
      // Most of a package is code lists, which need not be parsed to be told apart.
      if (!/^package\/[^/]+\.json$/.test(path) || !content.includes('"StructureDefinition"')) continue
      const resource = JSON.parse(content.toString('utf8')) as Raw
      if (resource.resourceType !== 'StructureDefinition') continue
      const sheet = packed?.sheet(String(resource.url)) as ProfileSheet
      const elements = list((resource.snapshot as Raw).element)
      expect(sheet.rows.map(({ id }) => id)).toEqual(elements.map(({ id }) => id))
      elements.forEach((element, at) => {
        const systems = list(element.type).map(({ code }) => String(code).startsWith('http://hl7.org/fhirpath/System.'))
        const says = sheetSays(sheet, sheet.rows[at] as Row, systems)
        const wanted = wantedOf(element)
        // The cheap comparison first: there are tens of thousands.
        if (!alike(says, wanted)) expect(says).toEqual(wanted)
        compared++
      })
    }
    expect(compared).toBeGreaterThan(0)
  })
})
