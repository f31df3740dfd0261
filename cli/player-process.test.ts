import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { RunLine } from '../harness/journal.ts'
import { sampleLines } from '../reports/sample-run.ts'
import type { PlayOrder } from './player.ts'
import { startPlayerProcess } from './player-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'player-'))
const beside = startPlayerProcess()
afterAll(async () => {
  await beside.stop()
  rmSync(folder, { recursive: true })
})
let parts = 0
const order = (more: Partial<PlayOrder> = {}): PlayOrder => ({
  part: join(folder, `${++parts}.part`),
  seed: 'test',
  editions: { pdex: '2.2.0' },
  prefix: 'b',
  ...more,
})
const nothing = (): void => undefined

test('an order that cannot be obeyed is told as it went wrong there, and the next one is heard', async () => {
  await expect(beside.play(order({ fault: 'none' })).tell(nothing)).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('"none"'),
    remedy: expect.any(String),
  })
  await expect(beside.play(order({ tags: '@NONE-1' })).tell(nothing)).rejects.toMatchObject({ code: 'bad-input' })
})

test('what cannot be drawn is played all the same, and it is told why', async () => {
  const [run] = sampleLines() as [RunLine]
  const codes: string[] = []
  const draw = { folder: join(folder, 'file'), run: { ...run, synthetic: false } }
  const played = await beside.play(order({ tags: '@PDEX-113', draw })).tell((line) => {
    if (line.line === 'end') codes.push(line.code)
  })
  expect(codes.length).toBeGreaterThan(0)
  expect(played).toEqual({ drawn: { undrawn: expect.stringContaining('people can be masked only by') } })
  expect(existsSync(draw.folder)).toBe(false)
})

test('a process that ends before it is done fails what it was doing, and everything after', async () => {
  const playing = beside.play(order())
  void beside.stop()
  await expect(playing.tell(nothing)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('SIGTERM'),
    remedy: expect.stringContaining('vitruvian report'),
  })
  await expect(beside.play(order()).tell(nothing)).rejects.toMatchObject({ code: 'internal' })
  expect(readdirSync(folder).every((name) => name.endsWith('.part'))).toBe(true)
})
