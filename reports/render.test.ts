/** Whether drawn while it is played, in one process or two, or from its record: the same files, byte for byte. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { editionsText } from '../harness/edition.ts'
import type { JournalLine, RunLine } from '../harness/journal.ts'
import { openRecord } from './record.ts'
import { openDrawing, openShare, type Rendered, renderAll } from './render.ts'
import { sampleCatalogue } from './sample-data.ts'
import { defaultPlan } from './sample-plan.ts'
import type { PlannedScenario, SampleTools } from './sample-props.ts'
import { type SampleOptions, sampleLines } from './sample-run.ts'
import { slim } from './slim-line.ts'

const home = mkdtempSync(join(tmpdir(), 'render-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const options = { requirements: sampleCatalogue }

const saying = (name: string, bodies: readonly string[]): PlannedScenario => ({
  feature: 'Wide',
  uri: 'features/wide.feature',
  name,
  steps: [
    {
      keyword: 'When',
      text: 'somebody says much',
      says: bodies.map((body) => ({ move: 'probe', url: 'https://old-plan.example/x', answer: { status: 200, body } })),
      finds: [
        {
          requirement: 'PDEX-109',
          title: 't',
          unmet: { message: 'It is no number.', expected: [1, 2], actual: [Number.NaN, 1] },
        },
      ],
    },
  ],
})
const sizes = [700, 1500, 6000, 9000, 12_000, 20_000, 90_000]
/** Bodies about as long as there is room for, whose characters take one byte or several, or are escaped. */
const wide = ['a', 'é', '社', '😀', '\u0001', '"'].flatMap((letter) => {
  const body = (length: number, more: object): string =>
    JSON.stringify({
      ...more,
      entry: [{ fullUrl: 'urn:x', resource: { resourceType: 'Patient', text: letter.repeat(length) } }],
    })
  const kinds = [{ resourceType: 'Patient' }, { resourceType: 'Bundle' }, {}]
  return [
    ...[...sizes, ...(letter < 'b' ? [300_000] : [])].map((length) =>
      saying(
        `${length} times ${letter}`,
        kinds.map((kind) => body(length, kind)),
      ),
    ),
    saying(
      `more and more of ${letter}`,
      sizes.map((size, i) => body(3000 + i, { size })),
    ),
  ]
})
let plans = 0
const planned = (tools: SampleTools): readonly PlannedScenario[] => {
  const all = [...defaultPlan(new Set())(tools), ...wide]
  plans = all.length
  return all
}

/** The lines of a run as they are recorded, and their record. */
function recorded(sample: SampleOptions): { readonly lines: readonly JournalLine[]; readonly path: string } {
  const path = join(mkdtempSync(join(home, 'run-')), 'record.ndjson')
  const record = openRecord(path)
  const lines = sampleLines(sample).map((line) => record.write(line))
  record.close()
  return { lines, path }
}

/** Every file under a folder. */
const files = (folder: string): Map<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(folder, name)).isFile())
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  )
function expectSame(one: string, other: string): void {
  const [left, right] = [files(one), files(other)]
  expect([...left.keys()]).toEqual([...right.keys()])
  expect(left.size).toBeGreaterThan(20)
  for (const [name, bytes] of left) expect(bytes.equals(right.get(name) as Buffer), name).toBe(true)
}
/** As it comes out of another process. */
const sent = <T>(value: T): T => deserialize(serialize(value)) as T

describe('a run of two editions', () => {
  const folder = join(home, 'from-record')
  let lines: readonly JournalLine[]
  let whole: Rendered

  beforeAll(async () => {
    sampleLines({ planned, scenarios: 0 })
    const sample = recorded({ planned, scenarios: 2 * plans })
    lines = sample.lines
    whole = await renderAll(sample.path, folder, options)
    expect(whole.sums.byEdition).toHaveLength(2)
  })

  test('is drawn line by line as from its record', async () => {
    const live = join(home, 'live')
    const drawing = openDrawing(live, options)
    for (const line of lines) drawing.take(line)
    const { said, sums } = await drawing.finish()
    expectSame(live, folder)
    expect(said).toEqual(whole.said)
    expect(sums).toEqual(whole.sums)
  })

  test('is drawn by two, each its own edition, as by one', async () => {
    const [run] = lines as [RunLine]
    const second = new Set(
      lines.flatMap((line) =>
        line.line === 'scenario' && editionsText(line.editions) !== editionsText(run.editions[0] ?? {}) ? line.id : [],
      ),
    )
    const isSecond = (line: JournalLine): boolean =>
      second.has(line.line === 'scenario' ? line.id : 'scenario' in line ? line.scenario : '')
    const beside = lines.filter(isSecond)
    expect(beside.length).toBeGreaterThan(100)

    const two = join(home, 'two')
    const drawing = openDrawing(two, options)
    const share = openShare(two, sent(run), options)
    for (const line of beside) share.take(line)
    const complete = lines.at(-1) as JournalLine
    for (const line of lines.slice(0, -1)) if (!isSecond(line)) drawing.take(line)
    for (const line of beside) drawing.told(sent(slim(line)))
    drawing.join(sent(await share.end()))
    drawing.take(complete)
    const { said, sums } = await drawing.finish()
    expectSame(two, folder)
    expect(said).toEqual(whole.said)
    expect(sums).toEqual(whole.sums)
  })

  test('whose share was lost is not drawn as if it were whole', async () => {
    const part = join(home, 'part')
    const drawing = openDrawing(part, options)
    for (const line of lines) drawing.told(slim(line))
    await expect(drawing.finish()).rejects.toThrow(/nobody has drawn scenario s1/)
    drawing.abandon()
    expect(readdirSync(part)).toEqual([])
  })
})

test('a run that may hold real people is drawn when all of it is there, and never as a share', async () => {
  const { lines, path } = recorded({ synthetic: false, scenarios: 18 })
  const live = join(home, 'real')
  const drawing = openDrawing(live, options)
  for (const line of lines) drawing.take(line)
  expect(readdirSync(join(live, 'allure-results.part'))).toEqual([])
  await drawing.finish()
  await renderAll(path, join(home, 'real-again'), options)
  expect([...files(live).keys()].filter((name) => !name.includes('attachment'))).toEqual(
    [...files(join(home, 'real-again')).keys()].filter((name) => !name.includes('attachment')),
  )
  expect(() => openShare(live, lines[0] as RunLine, options)).toThrow(/only by who has all scenarios/)
})

test('a drawing that is given up leaves nothing, and one begun anew nothing of the one before', async () => {
  const { lines, path } = recorded({ scenarios: 20 })
  const folder = join(home, 'given-up')
  const drawing = openDrawing(folder, options)
  for (const line of lines.slice(0, 100)) drawing.take(line)
  expect(readdirSync(join(folder, 'allure-results.part')).length).toBeGreaterThan(0)
  expect(existsSync(join(folder, 'allure-results'))).toBe(false)
  drawing.abandon()
  expect(readdirSync(folder)).toEqual([])

  const killed = openDrawing(folder, options)
  for (const line of lines.slice(0, 100)) killed.take(line)
  await renderAll(path, folder, options)
  await renderAll(path, join(home, 'fresh'), options)
  expectSame(folder, join(home, 'fresh'))
})
