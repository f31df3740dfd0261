/** The ledger beside the guides' own packages: nothing is missing, levels agree, addresses open, and no wording has changed. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holdsAt, majorMinor } from '../harness/edition.ts'
import { packagesAtHand, type Wording, wordingOf } from './artifacts.ts'
import { guides } from './index.ts'
import kept from './wording.json' with { type: 'json' }
import { type Artifact, statementOf } from './wording.ts'

const folder = process.env.VITRUVIAN_PACKAGES ?? join(import.meta.dirname, '../../shared/ig')
const atHand = existsSync(folder)
if (!atHand)
  console.warn(`SKIPPED: the ledger beside the packages needs ${folder}; VITRUVIAN_PACKAGES names another folder`)
const packages = atHand ? packagesAtHand(guides, folder) : []

describe.skipIf(!atHand)('beside the packages', () => {
  it('there is something to compare with', () => {
    expect(packages.map(({ guide }) => guide.key)).toEqual(
      expect.arrayContaining(['pdex', 'hrex', 'cdex', 'formulary', 'atr']),
    )
  })

  it('the wording is what it was when the rows were written (npm run wording, once they are read again)', () => {
    const now: Wording = wordingOf(packages)
    const before: Wording = kept
    const changed = Object.entries(now).flatMap(([name, places]) => {
      const old = before[name] ?? {}
      return [...new Set([...Object.keys(places), ...Object.keys(old)])]
        .filter((place) => JSON.stringify(places[place]) !== JSON.stringify(old[place]))
        .map((place) => `${name} ${place}: ${(places[place] ?? old[place])?.rows.join(' ')}`)
    })
    expect(changed).toEqual([])
  })

  const statements = packages.flatMap(({ guide, version, artifacts }) =>
    [...artifacts.values()]
      .filter(({ resourceType }) => resourceType === 'Requirements')
      .flatMap((resource) =>
        (resource.statement as { key: string }[]).map(({ key }) => ({ guide, version, resource, key })),
      ),
  )

  it('every numbered statement has a row that gives its key', () => {
    expect(statements.length).toBeGreaterThan(150)
    const missing = statements.filter(
      ({ guide, version, key }) => !guide.requirements.some(({ keys }) => keys?.[majorMinor(version)]?.includes(key)),
    )
    expect(missing.map(({ key }) => key)).toEqual([])
  })

  it('a numbered statement has the level that its resource gives', () => {
    const wrong = statements.flatMap(({ guide, version, resource, key }) => {
      const levels = statementOf(resource as Artifact, key)?.conformance ?? []
      const rows = guide.requirements.filter(({ keys }) => keys?.[majorMinor(version)]?.includes(key))
      return rows
        .filter(({ level }) => levels.length > 0 && !levels.includes(level.replaceAll(' ', '-')))
        .map(({ id, level }) => `${id} ${level}, ${key} ${levels.join(' ')}`)
    })
    expect(wrong).toEqual([])
  })

  it('every address within a guide is a page or an artifact of that edition', () => {
    let seen = 0
    const shut = packages.flatMap(({ guide, version, pages }) => {
      // The pages of FHIR itself and of the directory are not in their packages.
      if (!['pdex', 'hrex', 'cdex', 'formulary', 'atr', 'carin-bb'].includes(guide.key)) return []
      const own = new URL(guide.pageOf('', version)).href.replace(/[^/]*$/, '')
      return guide.requirements
        .filter((r) => holdsAt(r.versions, version))
        .map(({ id, where, keys }) => ({ id, url: guide.pageOf(where, version, keys?.[majorMinor(version)]?.[0]) }))
        .filter(({ url }) => url.startsWith(own) && ++seen > 0 && !pages.has(url.slice(own.length).replace(/#.*/, '')))
        .map(({ id, url }) => `${id}: ${url}`)
    })
    expect(shut.filter((one) => !one.endsWith('/artifacts.html'))).toEqual([])
    expect(seen).toBeGreaterThan(1_800)
  })
})
