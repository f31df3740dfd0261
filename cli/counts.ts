/** `npm run counts`: writes what there is into the block of README.md that is marked for it, so that nobody types a number. */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { requirementsById } from '../guides/catalogue.ts'
import { editionSets } from '../guides/editions.ts'
import { states } from '../guides/state.ts'
import { byLevel, type Counts, countStates } from '../reports/matrix/rows.ts'
import { writtenScenarios } from '../steps/features.ts'
import { isPlayedIn } from '../steps/promises.ts'
import { entries, subjects } from './requirements/ledger.ts'
import { matrixOf } from './requirements/matrix.ts'

const marks = { begin: '<!-- counts -->', end: '<!-- /counts -->' } as const

/** The text between the marks. */
export async function countsBlock(): Promise<string> {
  const all = await entries()
  const { rows } = await matrixOf(all)
  const { totals } = await subjects()
  const line = (name: string, counts: Counts): string =>
    `| ${[name, ...states.map((state) => counts[state]), states.reduce((sum, state) => sum + counts[state], 0)].join(' | ')} |`
  const scenarios = writtenScenarios()
  const played = editionSets.map((editions) => {
    const here = scenarios.filter(({ tags }) => isPlayedIn(tags, { requirements: requirementsById, editions }))
    return `${here.reduce((sum, { cases }) => sum + cases, 0)} (PDex ${editions.pdex})`
  })
  const checks = all.reduce((sum, entry) => sum + entry.checks.length, 0)
  return [
    `| requirements | ${states.join(' | ')} | all |`,
    `|---|${'---:|'.repeat(states.length + 1)}`,
    ...byLevel(rows).map(({ level, counts }) => line(level, counts)),
    line('all', countStates(rows)),
    '',
    `${checks} checks judge them, in scenarios of which ${played.join(' and ')} are played; ${totals.faults} faults show that they can fail,`,
    `${totals.variants} legal variants that they do not cry wolf.`,
  ].join('\n')
}

/** The README with its block written anew. Throws RangeError where the marks are missing. */
export function withCounts(readme: string, block: string): string {
  const [from, to] = [readme.indexOf(marks.begin), readme.indexOf(marks.end)]
  if (from < 0 || to < from) throw new RangeError(`README.md has no ${marks.begin} ... ${marks.end}`)
  return `${readme.slice(0, from + marks.begin.length)}\n${block}\n${readme.slice(to)}`
}

export const readmePath = fileURLToPath(new URL('../README.md', import.meta.url))

// A checkout may lie behind a link, which the module's own address does not show.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const readme = readFileSync(readmePath, 'utf8')
  writeFileSync(readmePath, withCounts(readme, await countsBlock()))
}
