/** Two that would write one kit: the second is told, and nobody who is gone keeps a folder. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claimKit } from './kit-claim.ts'

let folder: string
let server: Server
let url: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vitruvian-kit-'))
  server = createServer((socket) => socket.destroy())
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
})
afterEach(async () => {
  await new Promise((closed) => server.close(closed))
  rmSync(folder, { recursive: true, force: true })
})
const file = (): string => join(folder, 'in-use.json')
const other = 'https://127.0.0.1:9/hooks'

it('is the first one’s as long as it is there', async () => {
  const release = await claimKit(folder, url)
  await expect(claimKit(folder, other)).rejects.toMatchObject({
    code: 'file-trouble',
    message: expect.stringContaining(`process ${process.pid}`),
    remedy: expect.stringContaining('--kit'),
  })
  release()
  expect(existsSync(file())).toBe(false)
  ;(await claimKit(folder, other))()
})

it('is one’s alone where two come at once', async () => {
  const both = await Promise.allSettled([claimKit(folder, url), claimKit(folder, url)])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

it.each<[string, () => string]>([
  [
    'died, and its number with it',
    () => JSON.stringify({ pid: 2 ** 22 + 1, host: '127.0.0.1', port: Number(new URL(url).port) }),
  ],
  ['died, and whose number is another’s now', () => JSON.stringify({ pid: process.pid, host: '127.0.0.1', port: 9 })],
  ['died while it wrote', () => '{"pid":'],
])('is free again where the owner %s', async (_title, left) => {
  writeFileSync(file(), left())
  const release = await claimKit(folder, url)
  release()
  expect(existsSync(file())).toBe(false)
})
