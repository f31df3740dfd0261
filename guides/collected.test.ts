/** The ledger is what was collected from the guides, but for the corrections that are listed with their reasons. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import corrections from './corrections.json' with { type: 'json' }
import { guides } from './index.ts'

const folder = process.env.VITRUVIAN_COLLECTED ?? join(import.meta.dirname, '../../shared/spec')
const atHand = existsSync(folder)
if (!atHand)
  console.warn(
    `SKIPPED: the ledger beside what was collected needs ${folder}; VITRUVIAN_COLLECTED names another folder`,
  )

type Row = Readonly<Record<string, string>>

/** RFC 4180. */
function rowsOf(text: string): Row[] {
  const lines: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end !== ',') lines.push([])
  }
  const [header = [], ...rest] = lines.filter((line) => line.length > 1)
  return rest.map((line) => Object.fromEntries(header.map((name, i) => [name, line[i] ?? ''])))
}

const letters: Readonly<Record<string, string>> = { A: '1.1', B: '2.0', C: '2.1', D: '3.0' }
/** `bcD` -> `3.0`: the editions in which CDex states it in full strength. */
function cdexVersions(note: string): string {
  const full = [...note].flatMap((letter) => letters[letter] ?? [])
  const [low = '', high = ''] = [full[0], full.at(-1)]
  if (high === '3.0') return low === '3.0' ? low : `${low}+`
  return low === high ? low : `${low}-${high}`
}

it.skipIf(!atHand)('is what was collected, as corrected', () => {
  const collected = ['pdex', 'cdex', 'support'].flatMap((name) =>
    rowsOf(readFileSync(join(folder, `${name}-requirements.csv`), 'utf8')),
  )
  expect(collected).toHaveLength(1292)
  const ledger = new Map(guides.flatMap(({ requirements }) => requirements).map((row) => [row.id, row]))
  const corrected = new Map(corrections.map(({ id, field, from }) => [`${id} ${field}`, from ?? null]))
  const wrong = collected.flatMap((row) => {
    const id = row.id as string
    const now = ledger.get(id)
    const isCdex = now?.guide === 'cdex'
    const was = {
      level: row.level === 'NARR' ? 'DESC' : row.level,
      actor: row.actor,
      flow: row.flow,
      statement: row.requirement,
      where: row.where,
      testability: row.testability,
      ...(row.versions ? { versions: isCdex ? cdexVersions(row.versions) : row.versions } : {}),
    }
    return Object.entries(was)
      .filter(([field, value]) => {
        const before = corrected.has(`${id} ${field}`)
          ? corrected.get(`${id} ${field}`)
          : now?.[field as keyof typeof now]
        return before !== value
      })
      .map(([field, value]) => `${id} ${field}: collected as ${value}`)
  })
  expect(wrong).toEqual([])
})
