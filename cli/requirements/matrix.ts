/** `requirements matrix`: every requirement and what becomes of it, as a page, a table, or data. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { HarnessError } from '../../harness/errors.ts'
import type { Matrix } from '../../reports/matrix/rows.ts'
import { runAt } from './last-run.ts'
import { type Entry, entries, subjects } from './ledger.ts'

const formats = ['html', 'md', 'csv', 'json'] as const

export interface MatrixOptions {
  readonly format: string
  readonly out?: string
  readonly run?: string
}

/** Writes it to the file, or to standard output. Throws `bad-input` for an unknown format, `file-trouble` for a run that is none. */
export async function matrix(options: MatrixOptions): Promise<number> {
  const format = formats.find((one) => one === options.format)
  if (!format)
    throw new HarnessError('bad-input', `there is no format "${options.format}"`, {
      remedy: `one of: ${formats.join(', ')}`,
    })
  const text = await rendered(format, await matrixOf(await entries(), options.run))
  if (!options.out) {
    process.stdout.write(text)
    return 0
  }
  const path = resolve(options.out)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  process.stdout.write(`${options.out}\n`)
  return 0
}

/** The rows, with the verdicts of a run if one is named. */
export async function matrixOf(all: readonly Entry[], runPath?: string): Promise<Matrix> {
  const [{ faults, variants }, run] = await Promise.all([subjects(), runPath ? runAt(runPath) : undefined])
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Matrix
  const known = [...new Set(all.map(({ guide }) => guide))]
  return {
    version,
    guides: known.map(({ key, title, versions }) => ({ key, title, versions })),
    rows: all.map(({ requirement, state, because, checks, scenarios }) => {
      const verdict = run?.verdicts.get(requirement.id)
      return {
        requirement,
        state,
        ...(because ? { because } : {}),
        checks: checks.map(({ title }) => title),
        scenarios: scenarios.reduce((sum, { cases }) => sum + cases, 0),
        faults: faults.get(requirement.id)?.length ?? 0,
        variants: variants.get(requirement.id)?.length ?? 0,
        ...(verdict ? { verdict } : {}),
      }
    }),
    ...(run
      ? { run: { id: run.id, startedAt: run.startedAt, ...(run.incomplete ? { incomplete: run.incomplete } : {}) } }
      : {}),
  }
}

async function rendered(format: (typeof formats)[number], shown: Matrix): Promise<string> {
  if (format === 'html') return (await import('../../reports/matrix/html.ts')).matrixHtml(shown)
  const { matrixCsv, matrixJson, matrixMarkdown } = await import('../../reports/matrix/text.ts')
  return { md: matrixMarkdown, csv: matrixCsv, json: matrixJson }[format](shown)
}
