import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { JournalLine } from '../harness/journal.ts'
import { anyText } from './any-text.ts'
import { findRecord, readRecord } from './read-record.ts'
import { readRun } from './read-run.ts'
import { openRecord } from './record.ts'
import { rollUp, sum } from './run.ts'
import { sampleCatalogue } from './sample-data.ts'
import { sampleLines } from './sample-run.ts'
import { beginning } from './unread.ts'

const folder = mkdtempSync(join(tmpdir(), 'record-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let count = 0
const fresh = (): string => join(folder, `run-${++count}`, 'record.ndjson')
function lines(path: string): JournalLine[] {
  return [...readRecord(path)]
}
const written = async (given: readonly JournalLine[]): Promise<string> => {
  const path = fresh()
  const record = openRecord(path)
  for (const line of given) record.write(line)
  record.close()
  return path
}

describe('the record', () => {
  test('a disk that is full is told at the first line that it does not take, and what it took can be read', () => {
    const path = fresh()
    const given = sampleLines()
    let room = 20_000
    const record = openRecord(path, {
      put: (file, bytes, from) => {
        const count = Math.min(room, bytes.length - from)
        if (count === 0) throw new Error('ENOSPC: no space left on device, write')
        room -= count
        return writeSync(file, bytes, from, count)
      },
    })
    let taken = 0
    const writing = (): void => {
      for (const line of given) {
        record.write(line)
        taken++
      }
    }
    const trouble = expect.objectContaining({ code: 'file-trouble', remedy: expect.stringContaining('--out') })
    expect(writing).toThrow(trouble)
    expect(() => record.write(given[0] as JournalLine)).toThrow(trouble)
    record.close()
    expect(taken).toBeGreaterThan(1)
    expect(lines(path)).toHaveLength(taken)
  })

  test('what is written is read back, in order, masked on the screen as in the file', async () => {
    const given = sampleLines()
    const path = fresh()
    const record = openRecord(path)
    const heard = given.map(record.write)
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true)
    record.close()
    const read = lines(path)
    expect(read).toEqual(JSON.parse(JSON.stringify(heard)))
    expect(read.map((line) => line.line)).toEqual(given.map((line) => line.line))
  })

  test('a certificate chain is written once, and read everywhere', async () => {
    const given = sampleLines()
    const path = await written(given)
    const [chain] = given.flatMap((line) => (line.line === 'exchange' ? [line.exchange.tls?.server?.chain[0]] : []))
    expect(readFileSync(path, 'utf8').split(chain as string)).toHaveLength(2)
    for (const line of lines(path))
      if (line.line === 'exchange' && line.exchange.tls) expect(line.exchange.tls.server?.chain[0]).toBe(chain)
  })

  test('a record is never written over', async () => {
    const path = await written(sampleLines())
    expect(() => openRecord(path)).toThrow(/exists already/)
  })

  test('lines with every kind of line break inside strings', async () => {
    const [run] = sampleLines({ scenarios: 0 })
    const title = 'a\u2028b\u2029c\nd\r\ne\u0085 ä€😀'
    const path = await written([{ ...(run as JournalLine), title } as JournalLine])
    expect((lines(path)[0] as { title: string }).title).toBe(title)
  })

  test('a process that is killed leaves whole lines, all that it had', () => {
    const path = fresh()
    const script = `
      import { openRecord } from ${JSON.stringify(new URL('./record.ts', import.meta.url).href)}
      import { sampleLines } from ${JSON.stringify(new URL('./sample-run.ts', import.meta.url).href)}
      const record = openRecord(${JSON.stringify(path)})
      for (const line of sampleLines()) record.write(line)
      console.error('the end')
      process.kill(process.pid, 'SIGKILL')`
    const child = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect(child.stderr).toContain('the end')
    const text = readFileSync(path, 'utf8')
    expect(text.endsWith('\n')).toBe(true)
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown).length,
    ).toBe(sampleLines().length)
  })

  test('a record that was cut off is incomplete, and its last scenario is our error', async () => {
    const path = await written(sampleLines({ cutShort: true }).slice(0, -1))
    appendFileSync(path, '{"line":"end","scenario":"s30","co')
    const run = readRun(path)
    expect(run.incomplete).toBe('the record ends before the run did')
    expect(run.scenarios.at(-1)).toMatchObject({ ended: false, code: 'error' })
  })

  test.each([
    ['no JSON', 'oops', /line 3 of .*record\.ndjson is no JSON/],
    ['an empty line', '', /line 3 .* is empty/],
    ['an unknown kind', '{"line":"gossip"}', /line 3 .* \("gossip"\)/],
    ['a missing member', '{"line":"end","scenario":"s1"}', /line 3 .* lacks "code"/],
    ['null', 'null', /line 3 .* kind that nobody knows/],
    ['a second run', JSON.stringify(sampleLines()[0]), /line 3 .* starts a second run/],
    [
      'an unknown scenario',
      '{"line":"end","scenario":"s9999","code":"pass","milliseconds":1}',
      /line 3 .* s9999, which never began/,
    ],
  ])('a damaged line is named: %s', async (_, bad, message) => {
    const path = fresh()
    const good = sampleLines().map((line) => JSON.stringify(line))
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, `${[...good.slice(0, 2), bad, ...good.slice(2)].join('\n')}\n`)
    expect(() => readRun(path)).toThrow(message)
    expect(() => readRun(path)).toThrow(expect.objectContaining({ code: 'file-trouble' }))
  })

  test('no record, an empty record, another format', async () => {
    expect(() => readRun(join(folder, 'nothing'))).toThrow(/there is no record/)
    const path = fresh()
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, '')
    expect(() => readRun(path)).toThrow(/is empty/)
    writeFileSync(path, `${JSON.stringify({ ...sampleLines()[0], format: 2 })}\n`)
    expect(() => readRun(path)).toThrow(/format 2/)
  })

  test('a record is found by its file, its folder, or as the newest of many', async () => {
    const out = join(folder, 'out')
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      const file = join(out, name, 'record.ndjson')
      mkdirSync(join(out, name), { recursive: true })
      writeFileSync(file, '')
      const when = new Date(2026, 0, name === 'b' ? 20 : index + 1)
      utimesSync(file, when, when)
    }
    const newest = join(out, 'b', 'record.ndjson')
    expect(await findRecord(out)).toBe(newest)
    expect(await findRecord(join(out, 'a'))).toBe(join(out, 'a', 'record.ndjson'))
    expect(await findRecord(newest)).toBe(newest)
    await expect(findRecord(join(folder, 'nowhere'))).rejects.toThrow(/nothing at/)
  })
})

describe('the sums', () => {
  test('agree with each other and with what the runner counted', async () => {
    const run = readRun(await written(sampleLines({ scenarios: 60 })))
    const sums = rollUp(run, sampleCatalogue)
    expect(sums.scenarios).toEqual(run.complete?.scenarios)
    expect(sums.verdicts).toEqual(run.complete?.verdicts)
    for (const code of ['pass', 'warning', 'fail', 'skip', 'error'] as const) {
      expect(sums.verdicts[code]).toBeGreaterThan(0)
      for (const rows of [sums.byFlow, sums.byLevel, sums.byEdition])
        expect(rows.reduce((total, row) => total + row.verdicts[code], 0)).toBe(sums.verdicts[code])
      for (const rows of [sums.byEdition, sums.byFeature])
        expect(rows.reduce((total, row) => total + row.scenarios[code], 0)).toBe(sums.scenarios[code])
    }
    expect(sums.byEdition).toHaveLength(2)
    expect(sum(sums.requirements)).toBe(sums.judged.length)
    expect(sums.judged.find(({ id }) => id === 'PDEX-999')).toMatchObject({ flow: 'unlisted', code: 'fail' })
  })
})

describe('bodies', () => {
  const said = 'ä"\\€😀\n\u0001'.repeat(400)
  const [run, scenario, ...rest] = sampleLines({ scenarios: 1 })
  const exchange = rest.find((line) => line.line === 'exchange' && line.exchange.response)
  const saying = (body: string): JournalLine => {
    if (exchange?.line !== 'exchange' || !exchange.exchange.response) throw new Error('the sample lacks an answer')
    return {
      ...exchange,
      exchange: { ...exchange.exchange, response: { ...exchange.exchange.response, body } },
    }
  }
  const recorded = (text: string): string => {
    const path = fresh()
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, [run, scenario].map((line) => `${JSON.stringify(line)}\n`).join('') + text)
    return path
  }
  const answers = (path: string): string[] => {
    const bodies: string[] = []
    readRun(path, ({ exchanges }) =>
      bodies.push(
        ...exchanges.map(({ exchange: x }) => `${x.response && beginning(x.response, 7)} ${x.response?.body}`),
      ),
    )
    return bodies
  }

  test('property: a body is read as it was written, whole or its beginning, however long it is', () => {
    fc.assert(
      fc.property(anyText(), fc.constantFrom('', '"},"', '\\', '{"resourceType":"Patient"'), (a, b) => {
        const body = `${said}${a}${b}${a.repeat(300)}${b}`
        expect(answers(recorded(`${JSON.stringify(saying(body))}\n`))).toEqual([`${body.slice(0, 7)} ${body}`])
      }),
    )
  })

  test('a line whose members stand otherwise is read all the same', () => {
    const line = saying(said)
    if (line.line !== 'exchange') throw new Error('it is an exchange')
    const { response, ...others } = line.exchange
    const { body, ...facts } = response as NonNullable<typeof response>
    const text = JSON.stringify({ ...line, exchange: { response: { body, ...facts }, ...others } })
    expect(answers(recorded(`${text}\n`))).toEqual([`${said.slice(0, 7)} ${said}`])
  })

  test.each(['\u0001', '\\x', '"'])('a body that is no text is named by its line: %j', (bad) => {
    const text = JSON.stringify(saying(said)).replace('\\\\€', `\\\\€${bad}`)
    expect(() => answers(recorded(`${text}\n`))).toThrow(/^line 3 of .*record\.ndjson is no JSON$/)
  })
})
