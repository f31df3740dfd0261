/** A small run of two editions, the second beside this process: what is drawn while it is played, and what is left when that goes wrong. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { requirementsById } from '../guides/catalogue.ts'
import { editionSets } from '../guides/editions.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Journal, JournalLine } from '../harness/journal.ts'
import { openRecord } from '../reports/record.ts'
import { type Rendered, renderAll } from '../reports/render.ts'
import { sampleLines } from '../reports/sample-run.ts'
import { play as playScenarios } from '../steps/play.ts'
import type { Stage } from '../steps/run.ts'
import { type LiveReports, liveReports } from './live-reports.ts'
import { playApart } from './play-apart.ts'
import { type PlayerProcess, startPlayerProcess } from './player-process.ts'
import { stageOf } from './stage.ts'

const home = mkdtempSync(join(tmpdir(), 'live-'))
const real = startPlayerProcess()
const catalogue = [...requirementsById.values()]
let stage: Stage
beforeAll(async () => {
  stage = (await stageOf({ seed: 'live' })).stage
})
afterAll(async () => {
  await Promise.all([real.stop(), stage.close()])
  rmSync(home, { recursive: true })
})

interface Run {
  readonly folder: string
  readonly path: string
  readonly reports: LiveReports
  readonly played: Promise<unknown>
  /** Ends it as `run` does. */
  readonly finish: () => Promise<Rendered>
}

/** As `run` plays, with that process for the second edition. */
function play(beside: PlayerProcess): Run {
  const folder = mkdtempSync(join(home, 'run-'))
  const path = join(folder, 'record.ndjson')
  const record = openRecord(path)
  const reports = liveReports(folder, path, catalogue)
  const journal: Journal = (line) => reports.take(record.write(line))
  const [opening, ...rest] = sampleLines({ scenarios: 0 }) as [JournalLine, JournalLine]
  journal(opening)
  const draw = reports.shareOrder()
  const order = { seed: 'live', tags: '@PDEX-113', ...(draw ? { draw } : {}) }
  const played = playApart({
    stage,
    editions: editionSets,
    requirements: requirementsById,
    journal,
    told: reports.told,
    ended: ({ drawn }) => drawn && reports.join(drawn),
    record,
    folder,
    processes: [beside],
    stopped: new Promise(() => undefined),
    order,
  })
  const finish = async (): Promise<Rendered> => {
    await played
    for (const line of rest) journal(line)
    record.close()
    return reports.finish()
  }
  return { folder, path, reports, played, finish }
}

const files = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile() && !name.startsWith('record'))
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
  )
async function expectAsFromRecord({ folder, path }: Run): Promise<void> {
  const again = mkdtempSync(join(home, 'again-'))
  await renderAll(path, again, { requirements: catalogue })
  expect([...files(folder).keys()]).toEqual([...files(again).keys()])
  for (const [name, text] of files(again)) expect(files(folder).get(name) === text, name).toBe(true)
}

test('two processes draw what their record draws', async () => {
  const run = play(real)
  const { sums, said, run: told } = await run.finish()
  expect(sums.byEdition.map(({ scenarios }) => scenarios.pass > 0)).toEqual([true, true])
  expect([...said.keys()].some((id) => id.startsWith('b'))).toBe(true)
  for (const editions of editionSets) {
    const theirs = told.scenarios.filter(({ line }) => line.editions.pdex === editions.pdex)
    const setUp = theirs.flatMap(({ steps }) => steps.flatMap((step) => step.setUp))
    expect(setUp, editions.pdex).toContainEqual(expect.stringMatching(/is registered with the responding payer/))
    expect(setUp, editions.pdex).toContainEqual(expect.stringMatching(/has matched Ana Adams with the responding/))
  }
  expect(readdirSync(run.folder).sort()).toEqual([
    'allure-results',
    'junit.xml',
    'record.ndjson',
    'report.html',
    'requirements.csv',
    'summary.json',
  ])
  await expectAsFromRecord(run)
})

test('when the other process could not draw, it is said, and the record is drawn', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
  const run = play({
    ...real,
    play: (order) => {
      const { tell, part } = real.play(order)
      return {
        part,
        tell: async (journal) => ({ ...(await tell(journal)), drawn: { undrawn: 'no room on the disk' } }),
      }
    },
  })
  const { sums } = await run.finish()
  expect(stderr.mock.calls.flat().join()).toContain('no room on the disk')
  stderr.mockRestore()
  expect(sums.byEdition).toHaveLength(2)
  await expectAsFromRecord(run)
})

test('when the other process dies, what it has played is recorded, and no report looks whole', async () => {
  const theirs = sampleLines({ scenarios: 1 }).slice(1, -2)
  let stopped = false
  const run = play({
    play: ({ part }) => {
      const text = theirs.map((line) => `${JSON.stringify(line)}\n`).join('')
      writeFileSync(part, `${text}{"line":"step","scenario":"s1","te`)
      return {
        part,
        tell: async () => {
          throw new HarnessError('internal', 'the process beside this one ended (SIGKILL) before it was done')
        },
      }
    },
    stop: async () => {
      stopped = true
    },
  })
  await expect(run.finish()).rejects.toThrow(/SIGKILL/)
  run.reports.abandon()
  expect(stopped).toBe(true)
  expect(readdirSync(run.folder)).toEqual(['record.ndjson'])
  const { run: read } = await renderAll(run.path, run.folder, { requirements: catalogue })
  expect(read.scenarios.length).toBeGreaterThan(1)
  expect(read.scenarios.at(-1)).toMatchObject({ id: 's1', ended: false })
  expect(read.incomplete).toBe('the record ends before the run did')
})

test('when a line cannot be recorded, no further scenario is begun', async () => {
  const seen: string[] = []
  const full = new HarnessError('file-trouble', 'cannot write record.ndjson: no space left')
  const playing = playScenarios({
    stage,
    editions: editionSets,
    requirements: requirementsById,
    tags: '@PDEX-113',
    journal: (line) => {
      seen.push(line.line)
      if (line.line === 'verdict') throw full
    },
  })
  await expect(playing).rejects.toBe(full)
  expect(seen.filter((line) => line === 'scenario')).toHaveLength(1)
  expect(seen.at(-1)).toBe('verdict')
})
