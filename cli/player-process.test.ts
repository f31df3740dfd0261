import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startPlayerProcess } from './player-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'player-'))
const beside = startPlayerProcess()
afterAll(() => {
  beside.stop()
  rmSync(folder, { recursive: true })
})

test('an order that cannot be obeyed is told as it went wrong there, and the next one is heard', async () => {
  const record = join(folder, 'none.ndjson')
  const draw = (formats: readonly string[]): Promise<void> => beside.draw({ record, folder, formats })
  await expect(draw(['junit'])).rejects.toMatchObject({ code: 'file-trouble', remedy: expect.any(String) })
  await expect(draw(['none'])).rejects.toMatchObject({ code: 'bad-input', message: expect.stringContaining('"none"') })
})

test('a process that ends before it is done fails what it was doing, and everything after', async () => {
  const playing = beside.play({ part: join(folder, 'part'), seed: 'test', editions: { pdex: '2.2.0' }, prefix: 'b' })
  beside.stop()
  await expect(playing.tell(() => undefined)).rejects.toMatchObject({
    code: 'internal',
    message: expect.stringContaining('SIGTERM'),
  })
  await expect(beside.draw({ record: 'x', folder, formats: [] })).rejects.toMatchObject({ code: 'internal' })
})
