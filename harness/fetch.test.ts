/** Errands go to addresses that strangers name: what they cost is bounded, whoever answers there. */
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { fetchTrusting } from './fetch.ts'

const open: Server[] = []
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

/** Answers so, and says where. */
async function answering(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  open.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
const errand = fetchTrusting([], { time: 300, size: 1000 })

describe('an errand', () => {
  it('brings what fits', async () => {
    const url = await answering((_asked, answer) => answer.end('x'.repeat(1000)))
    expect((await (await errand(url)).text()).length).toBe(1000)
  })

  it('ends when the answer has no end', async () => {
    let sent = 0
    const url = await answering((_asked, answer) => {
      const more = (): void => {
        while (!answer.destroyed && sent < 50_000_000) {
          sent += 10_000
          if (!answer.write('x'.repeat(10_000))) return void answer.once('drain', more)
        }
      }
      more()
    })
    await expect(errand(url)).rejects.toThrow('larger than 1000 bytes')
    expect(sent).toBeLessThan(50_000_000)
  })

  it('ends when the answer drips, and when nothing comes', async () => {
    const dripping = await answering((_asked, answer) => {
      const timer = setInterval(() => answer.write('x'), 50)
      answer.on('close', () => clearInterval(timer))
    })
    await expect(errand(dripping)).rejects.toThrow('no answer in time')
    await expect(errand(await answering(() => undefined))).rejects.toThrow('no answer in time')
  })

  it('ends at the first address: a redirection is not followed', async () => {
    const asked: string[] = []
    const url = await answering(({ url: path }, answer) => {
      asked.push(String(path))
      answer.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect((await errand(url)).ok).toBe(false)
    expect(asked).toEqual(['/'])
  })
})
