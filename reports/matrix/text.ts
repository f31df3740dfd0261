/** The matrix as CSV, JSON and Markdown: the same rows for a spreadsheet, a script and a reader of plain text. */
import { states } from '../../guides/state.ts'
import { csvText } from '../csv.ts'
import { byLevel, countStates, keysText, type Matrix, type MatrixRow, stateText } from './rows.ts'

const columns: readonly (readonly [name: string, value: (row: MatrixRow) => string])[] = [
  ['id', ({ requirement }) => requirement.id],
  ['guide', ({ requirement }) => requirement.guide],
  ['editions', ({ requirement }) => requirement.versions],
  ['keys', ({ requirement }) => keysText(requirement)],
  ['level', ({ requirement }) => requirement.level],
  ['actor', ({ requirement }) => requirement.actor],
  ['seats', ({ requirement }) => requirement.seats.join('; ')],
  ['flow', ({ requirement }) => requirement.flow],
  ['state', ({ state }) => state],
  ['because', ({ because }) => because ?? ''],
  ['verdict', ({ verdict }) => verdict?.code ?? ''],
  ['checks', ({ checks }) => checks.join(' | ')],
  ['scenarios', ({ scenarios }) => String(scenarios)],
  ['faults', ({ faults }) => String(faults)],
  ['variants', ({ variants }) => String(variants)],
  ['statement', ({ requirement }) => requirement.statement],
  ['where', ({ requirement }) => requirement.where],
  ['url', ({ requirement }) => requirement.url],
]

export const matrixCsv = ({ rows }: Matrix): string =>
  csvText([columns.map(([name]) => name), ...rows.map((row) => columns.map(([, value]) => value(row)))])

export const matrixJson = ({ rows, ...facts }: Matrix): string =>
  `${JSON.stringify(
    {
      format: 1,
      ...facts,
      counts: { all: rows.length, byState: countStates(rows), byLevel: byLevel(rows) },
      requirements: rows.map(({ requirement, ...row }) => ({ ...requirement, ...row })),
    },
    null,
    2,
  )}\n`

const inCell = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s+/g, ' ')
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const ruled = (names: readonly string[]): string[] => [line(names), line(names.map(() => '---'))]

/** Tables, guide by guide, after the sums. */
export function matrixMarkdown({ guides, rows, run, version }: Matrix): string {
  const sums = [
    ...ruled(['level', ...states, 'all']),
    ...[...byLevel(rows), { level: '**all**', counts: countStates(rows) }].map(({ level, counts }) =>
      line([level, ...states.map((state) => String(counts[state])), String(states.reduce((n, s) => n + counts[s], 0))]),
    ),
  ]
  const names = ['id', 'level', 'editions', 'actor', 'flow', 'state', ...(run ? ['last verdict'] : []), 'statement']
  const parts = guides.flatMap(({ key, title, versions }) => {
    const here = rows.filter(({ requirement }) => requirement.guide === key)
    const table = here.map((row) => {
      const { id, level, versions: note, actor, flow, statement, url } = row.requirement
      const verdict = run ? [row.verdict?.code ?? '-'] : []
      return line([`[${id}](${url})`, level, note, actor, flow, stateText(row), ...verdict, statement].map(inCell))
    })
    return ['', `## ${title}`, '', `Editions ${versions.join(', ')}.`, '', ...ruled(names), ...table]
  })
  const verdicts = run
    ? `Verdicts are those of run ${run.id} (${run.startedAt}).${run.incomplete ? ` The run is incomplete: ${run.incomplete}.` : ''}`
    : 'No run is shown.'
  return `${['# Requirements and what becomes of them', '', `Vitruvian ${version}. ${verdicts}`, '', ...sums, ...parts].join('\n')}\n`
}
