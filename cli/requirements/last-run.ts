/** How a run found each requirement: from its summary where there is one, else from its record. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { LastVerdict, MatrixRun } from '../../reports/matrix/rows.ts'

export interface LastRun extends MatrixRun {
  readonly folder: string
  readonly verdicts: ReadonlyMap<string, LastVerdict>
}

/** Where runs are kept unless told otherwise. */
export const runsFolder = join('reports', 'out')

interface Summary {
  readonly run: { readonly id: string; readonly startedAt: string }
  readonly incomplete?: string
  readonly requirements: readonly { id: string; code: LastVerdict['code']; scenarios: readonly string[] }[]
}

/** That run (its record, or its folder). Throws `file-trouble` where there is none. */
export async function runAt(path: string): Promise<LastRun> {
  const { findRecord } = await import('../../reports/read-record.ts')
  const record = await findRecord(resolve(path))
  const { run, incomplete, requirements } = freshSummary(record) ?? (await summed(record))
  return {
    id: run.id,
    startedAt: run.startedAt,
    ...(incomplete ? { incomplete } : {}),
    folder: dirname(record),
    verdicts: new Map(requirements.map(({ id, code, scenarios }) => [id, { code, scenarios: scenarios.length }])),
  }
}

/** The newest run, if any was left. */
export const newestRun = (folder = runsFolder): Promise<LastRun | undefined> => runAt(folder).catch(() => undefined)

/** The summary beside the record, unless the record went on after it. */
function freshSummary(record: string): Summary | undefined {
  const path = join(dirname(record), 'summary.json')
  if (!existsSync(path) || statSync(path).mtimeMs < statSync(record).mtimeMs) return undefined
  return JSON.parse(readFileSync(path, 'utf8')) as Summary
}

async function summed(record: string): Promise<Summary> {
  const [{ readRun }, { rollUp }, { requirementsById }] = await Promise.all([
    import('../../reports/read-run.ts'),
    import('../../reports/run.ts'),
    import('../../guides/catalogue.ts'),
  ])
  const run = readRun(record)
  const { judged } = rollUp(run, [...requirementsById.values()])
  return {
    run: run.line,
    ...(run.incomplete ? { incomplete: run.incomplete } : {}),
    requirements: judged.map(({ id, code, verdicts }) => ({
      id,
      code,
      scenarios: [...new Set(verdicts.map(({ scenario }) => scenario.id))],
    })),
  }
}
