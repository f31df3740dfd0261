/** requirements.csv: every statement of the catalogue, and where it stands after the run; for a spreadsheet. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { csvText } from '../csv.ts'
import { codes, tally } from '../run.ts'
import { standings } from '../standing.ts'
import type { Format, Material } from './format.ts'

export const matrix: Format = {
  name: 'csv',
  path: 'requirements.csv',
  about: 'every requirement and where it stands, for a spreadsheet',
  begin: (folder) => ({ end: (material) => writeFile(join(folder, 'requirements.csv'), matrixCsv(material)) }),
}

const columns = [
  'id',
  'guide',
  'versions',
  'level',
  'actor',
  'flow',
  'verdict',
  ...codes,
  'scenarios',
  'statement',
  'where',
  'url',
  'reason',
]

/** The file as text (RFC 4180). */
export function matrixCsv({ sums, requirements }: Material): string {
  const judged = new Map(sums.judged.map((one) => [one.id, one]))
  const listed = new Set(requirements.map(({ id }) => id))
  const rows = standings(requirements, sums).map(({ requirement: r, code, reason }) => {
    const verdicts = judged.get(r.id)?.verdicts ?? []
    const counts = tally(verdicts.map(({ verdict }) => verdict.code))
    const scenarios = [...new Set(verdicts.map(({ scenario }) => scenario.id))].join(' ')
    return [
      r.id,
      r.guide,
      r.versions,
      r.level,
      r.actor,
      r.flow,
      code ?? 'not judged',
      ...codes.map((one) => String(counts[one])),
      scenarios,
      r.statement,
      r.where,
      r.url,
      reason ?? '',
    ]
  })
  for (const one of sums.judged) {
    if (listed.has(one.id)) continue
    const counts = tally(one.verdicts.map(({ verdict }) => verdict.code))
    const scenarios = [...new Set(one.verdicts.map(({ scenario }) => scenario.id))].join(' ')
    rows.push([
      one.id,
      '',
      '',
      one.level,
      '',
      one.flow,
      one.code,
      ...codes.map((code) => String(counts[code])),
      scenarios,
      '',
      '',
      '',
      'The catalogue does not list it.',
    ])
  }
  return csvText([columns, ...rows])
}
