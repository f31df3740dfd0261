/** The tables of the console: rows of verdicts, side by side where there is room, else one under the other. */
import type pc from 'picocolors'
import type { VerdictCode } from '../../harness/verdict.ts'
import { codes, type RollUp, type Row, type Tally } from '../run.ts'
import { signs } from '../wording.ts'
import { flowing, narrow, wrapped } from '../wrapped.ts'

export type Colours = ReturnType<typeof pc.createColors>

/** What colours words, and how many characters a line has. */
export interface Sheet {
  readonly paint: Colours
  readonly width: number
}

const heads = ['pass', 'warning', 'fail', 'skip', 'error'] as const

export const tone = (code: VerdictCode, paint: Colours): ((text: string) => string) =>
  ({ pass: paint.green, warning: paint.yellow, fail: paint.red, skip: paint.dim, error: paint.magenta })[code]

/** Verdicts of each row, aligned; a zero is a dot, so that what there is stands out. */
export function table(
  title: string,
  rows: readonly Row[],
  name: (name: string) => string,
  { paint, width }: Sheet,
): string[] {
  if (rows.length === 0) return []
  const label = Math.max(...rows.map((row) => name(row.name).length), title.length) + 2
  if (width < narrow && label + 11 * codes.length > width) {
    const stacked = rows.flatMap((row) => [
      wrapped(`  ${name(row.name)}`, width),
      `    ${counted(row.verdicts, { paint, width })}`,
    ])
    return [paint.bold(title), ...stacked, '']
  }
  const cells = (counts: Tally): string =>
    codes
      .map((code) =>
        counts[code] === 0 ? paint.dim('·'.padStart(11)) : tone(code, paint)(String(counts[code]).padStart(11)),
      )
      .join('')
  return [
    `${paint.bold(title.padEnd(label))}${heads.map((head) => paint.dim(`${signs[head]} ${head}`.padStart(11))).join('')}`,
    ...rows.map((row) => `${name(row.name).padEnd(label)}${cells(row.verdicts)}`),
    '',
  ]
}

/** What there is, in words. */
function counted(counts: Tally, { paint, width }: Sheet): string {
  const there = codes.filter((code) => counts[code] > 0)
  const pieces = there.map(
    (code, i) => (i > 0 ? '  ' : '') + tone(code, paint)(`${signs[code]} ${counts[code]} ${code}`),
  )
  return pieces.length === 0 ? paint.dim('·') : flowing(pieces, width - 4, '').replaceAll('\n', '\n    ')
}

/** The last table: all that was played, asked and judged. */
export function totals(sums: RollUp, sheet: Sheet): string[] {
  const rows = [
    { name: 'Scenarios', verdicts: sums.scenarios, requirements: sums.scenarios },
    { name: 'Requirements', verdicts: sums.requirements, requirements: sums.requirements },
    { name: 'Verdicts', verdicts: sums.verdicts, requirements: sums.verdicts },
  ]
  return table('In all', rows, (name) => name, sheet).slice(0, -1)
}
