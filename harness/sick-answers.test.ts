/** Whatever a sick or hostile server does on the wire ends soon and has a name; none of it is an exception or a wrong answer. */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { failureOf } from './failure.ts'
import { type Heard, type Outgoing, Wire } from './wire.ts'

const wire = new Wire()
const servers: Server[] = []
const sockets = new Set<Socket>()
afterAll(() => {
  wire.close()
  for (const socket of sockets) socket.destroy()
  for (const server of servers) server.close()
})

/** Address of a server that does this when it is asked. */
const serving = (act: (socket: Socket) => void): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => act(socket))
    })
    servers.push(server)
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
  })

const asked = async (act: (socket: Socket) => void, more: Partial<Outgoing> = {}): Promise<Heard> =>
  wire.send({ method: 'GET', url: await serving(act), headers: [], ...more })

const said = async (answer: string | Buffer): Promise<Heard> => asked((socket) => socket.end(answer))

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const coded = (coding: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${head}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`), body])

/** Says it again and again until the other side has enough. */
const repeating = (first: string, again: string) => (socket: Socket) => {
  socket.write(first)
  const timer = setInterval(() => socket.write(again), 10)
  socket.on('close', () => clearInterval(timer))
}

describe('an answer that never ends', () => {
  it.each([
    ['a byte of the body at a time', repeating(`${head}Content-Length: 100000\r\n\r\n`, ' ')],
    ['a byte of the head at a time', repeating(`${head}X-Endless: `, 'a')],
    ['one 102 after another', repeating('', 'HTTP/1.1 102 Processing\r\n\r\n')],
    ['half a body and silence', (socket: Socket) => void socket.write(`${head}Content-Length: 9\r\n\r\n{}`)],
  ])('is given up: %s', async (_words, act) => {
    const { failure, response } = await asked(act, { timeout: 120 })
    expect(response).toBeUndefined()
    expect(failure?.kind).toBe('timeout')
  })

  it('is told from silence', () => {
    const gone = Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })
    expect([false, true].map((answering) => failureOf(gone, true, answering).message)).toEqual([
      'no answer in time',
      'the answer does not come to its end',
    ])
  })

  it('is waited for as long as it makes some way', async () => {
    const piece = 'x'.repeat(2 ** 16)
    const { response } = await asked(
      (socket) => {
        socket.write(`${head}Content-Length: ${5 * piece.length}\r\n\r\n`)
        let left = 5
        const timer = setInterval(() => {
          socket.write(piece)
          if (--left === 0) clearInterval(timer)
        }, 400)
      },
      { timeout: 1500 },
    )
    expect(response?.body.length).toBe(5 * piece.length)
  })
})

describe('an answer that is broken off', () => {
  it.each([
    ['fewer bytes than it says', `${head}Content-Length: 10\r\n\r\n{}`],
    ['chunks without an end', `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`],
  ])('is cut off: %s', async (_words, answer) => {
    expect((await said(answer)).failure).toMatchObject({ kind: 'cut-off', message: expect.stringContaining('whole') })
  })

  it('is no refusal, whatever ended it', () => {
    const alert = Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR' })
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' })
    expect([alert, reset].map((error) => failureOf(error, true, true).kind)).toEqual(['cut-off', 'cut-off'])
    expect([alert, reset].map((error) => failureOf(error, true, false).kind)).toEqual(['refused', 'refused'])
  })
})

describe('an answer that is no HTTP', () => {
  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9.0\r\n', 'HTTP/'],
    [
      'a protocol that nobody asked for',
      'HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      'another protocol',
    ],
    ['no last status', 'HTTP/1.1 101 X\r\n\r\n', '101'],
    ['a status that is none', 'HTTP/1.1 000 X\r\nContent-Length: 2\r\n\r\n{}', '0'],
    ['more bytes than it says', `${head}Content-Length: 2\r\n\r\n{"a":1}`, 'more came'],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `, 'Content-Length'],
    ['chunks of no size', `${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}`, 'chunk size'],
    ['control characters in a header', `${head}X: \u001b[31m\r\nContent-Length: 2\r\n\r\n{}`, 'header'],
  ])('is garbled, and nobody is called absent: %s', async (_words, answer, told) => {
    const { failure, response } = await said(answer)
    expect(response).toBeUndefined()
    expect(failure).toMatchObject({ kind: 'garbled', message: expect.stringContaining(told) })
  })

  it('is read where it is merely odd', async () => {
    const early = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'
    expect((await said(`${early}${head}Content-Length: 2\r\n\r\n{}`)).response?.body).toBe('{}')
    expect((await said('HTTP/1.0 200 OK\r\n\r\n{}')).response?.body).toBe('{}')
    const long = await said(`${head}X-Long: ${'a'.repeat(100_000)}\r\nContent-Length: 2\r\n\r\n{}`)
    expect(long.response?.headers.find(([name]) => name === 'X-Long')?.[1]).toHaveLength(100_000)
    expect((await said(`${head}X: ${'a'.repeat(300_000)}\r\n\r\n`)).failure?.kind).toBe('too-large')
  })
})

describe('a body in a coding', () => {
  it('that would be too large without it is too large, and not garbage', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000, 32))
    const { failure } = await asked((socket) => socket.end(coded('gzip', bomb)), { limit: 50_000 })
    expect(failure).toMatchObject({ kind: 'too-large', message: 'the body is larger than 50000 bytes' })
  })

  it('that we do not know is nobody’s fault', async () => {
    const unknown = await said(coded('zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])))
    expect(unknown.failure).toMatchObject({ kind: 'unreadable', message: expect.stringContaining('"zstd"') })
    // Whoever names a charset there has coded nothing.
    expect((await said(coded('utf-8', Buffer.from(' {}')))).response?.body).toBe(' {}')
  })
})

describe('an address that an answer gave', () => {
  it.each([['file:///etc/hosts'], ['javascript:1'], ['not an address'], ['https://[::1']])(
    'is not asked where it is none of the web: %s',
    async (url) => {
      const heard = await wire.send({ method: 'GET', url, headers: [['Accept', '*/*']] })
      expect(heard).toMatchObject({ request: { url, body: '' }, failure: { kind: 'not-asked' } })
    },
  )

  it('is not asked with a header that no message can carry', async () => {
    const heard = await asked((socket) => socket.end(), { headers: [['Authorization', 'Bearer a\r\nX: y']] })
    expect(heard.failure).toMatchObject({ kind: 'not-asked', code: 'unsayable' })
    expect(heard.failure?.message).not.toContain('Bearer')
  })
})
