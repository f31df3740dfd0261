/** What really goes over a connection is recorded as it was, and every way not to be answered has its own name. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttp, type Server } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Authorities, authorities } from '../certs/authorities.ts'
import { issue } from '../certs/issue.ts'
import { type Credentials, Wire } from './wire.ts'

const folder = mkdtempSync(join(tmpdir(), 'vitruvian-wire-'))
const wire = new Wire()
const servers: Server[] = []
let all: Authorities
let client: Credentials
let stranger: Credentials
let guarded = ''

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    servers.push(server)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })

beforeAll(async () => {
  all = await authorities(folder)
  client = (await issue(all.intermediate, { subject: 'CN=Client', uris: ['https://client.example'] })).credentials
  stranger = (await issue(all.rogue, { subject: 'CN=Stranger', uris: ['https://stranger.example'] })).credentials
  const { cert, key } = (await issue(all.intermediate, { subject: 'CN=Server', ips: ['127.0.0.1'] })).credentials
  const server = createServer(
    { cert, key, ca: [...all.trusted], requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.setHeader('X-Twice', ['one', 'two'])
        response.end(`${request.method} ${request.rawHeaders.join('|')} ${Buffer.concat(chunks).toString()}`)
      })
    },
  )
  guarded = `https://127.0.0.1:${await listen(server as unknown as Server)}/`
})
afterAll(() => {
  wire.close()
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

const get = (more: Partial<Parameters<Wire['send']>[0]> = {}) =>
  wire.send({ method: 'GET', url: guarded, headers: [], credentials: client, ca: all.trusted, ...more })

describe('the wire', () => {
  it('reads a body whatever its content coding, and keeps one that is not what its header says', async () => {
    const answers: Readonly<Record<string, readonly [coding: string, body: Buffer]>> = {
      '/gzip': ['gzip', gzipSync('plain text')],
      '/both': ['deflate, gzip', gzipSync(deflateSync('plain text'))],
      '/brotli': ['br', brotliCompressSync('plain text')],
      '/lie': ['gzip', Buffer.from('plain text')],
      '/none': ['identity', Buffer.from('plain text')],
    }
    const port = await listen(
      createHttp((request, response) => {
        const [coding, body] = answers[request.url ?? ''] ?? ['', Buffer.alloc(0)]
        response.setHeader('Content-Encoding', coding).end(body)
      }),
    )
    for (const path of Object.keys(answers)) {
      const heard = await wire.send({ method: 'GET', url: `http://127.0.0.1:${port}${path}`, headers: [] })
      expect(heard.response?.body, path).toBe('plain text')
      expect(heard.response?.headers, path).toContainEqual(['Content-Encoding', answers[path]?.[0]])
    }
  })

  it('keeps case, order and repetition of headers both ways, and both certificates', async () => {
    const heard = await get({
      method: 'POST',
      headers: [
        ['X-B', '1'],
        ['x-a', 'é'],
        ['X-B', '2'],
      ],
      body: 'ü',
    })
    expect(heard.response?.body).toMatch(/POST .*X-B\|1\|x-a\|.*X-B\|2.* ü$/)
    expect(heard.request.headers.map(([name]) => name)).toEqual([
      'Host',
      'X-B',
      'x-a',
      'X-B',
      'Content-Length',
      'Connection',
    ])
    expect(heard.response?.headers.filter(([name]) => name === 'X-Twice').map(([, value]) => value)).toEqual([
      'one',
      'two',
    ])
    expect(heard.tls).toMatchObject({
      protocol: 'TLSv1.3',
      client: { subject: 'CN=Client' },
      server: { subject: 'CN=Server' },
    })
  })

  it('shows the server certificate on a kept connection as well', async () => {
    await get()
    expect((await get()).tls?.server?.subject).toBe('CN=Server')
  })

  it('keeps a connection for the next request, unless it was closed meanwhile or soon will be', async () => {
    const { cert, key } = (await issue(all.intermediate, { subject: 'CN=Counting', ips: ['127.0.0.1'] })).credentials
    const server = createServer({ cert, key }, (request, response) => {
      if (request.url === '/soon') response.setHeader('Keep-Alive', 'timeout=1')
      response.end(String(request.socket.remotePort))
    })
    const origin = `https://127.0.0.1:${await listen(server as unknown as Server)}`
    const port = async (path = '/'): Promise<string | undefined> => (await get({ url: origin + path })).response?.body
    const first = await port()
    expect(await port()).toBe(first)
    const both = await Promise.all([port(), port()])
    expect(both).toContain(first)
    expect(new Set(both).size).toBe(2)
    expect([await port(), await port()].every((one) => both.includes(one))).toBe(true)
    server.closeIdleConnections()
    await new Promise((resolve) => setTimeout(resolve, 20))
    const anew = await port('/soon')
    expect(both).not.toContain(anew)
    expect(await port()).not.toBe(anew)
  })

  it('asks anew where a kept connection was closed just as it asked, and does not post twice', async () => {
    const { cert, key } = (await issue(all.intermediate, { subject: 'CN=Hasty', ips: ['127.0.0.1'] })).credentials
    let posted = 0
    // Closes a connection at its second request, without a word.
    const server = createServer({ cert, key }, (request, response) => {
      if (request.method === 'POST') posted += 1
      if (seen.has(request.socket)) request.socket.destroy()
      else response.end('answered')
      seen.add(request.socket)
    })
    const seen = new WeakSet<object>()
    const url = `https://127.0.0.1:${await listen(server as unknown as Server)}/`
    expect([(await get({ url })).response?.body, (await get({ url })).response?.body]).toEqual(['answered', 'answered'])
    expect((await get({ url, method: 'POST', body: '' })).failure?.kind).toBe('refused')
    expect(posted).toBe(1)
  })

  it('calls it refused when the other side does not want our certificate, or wants one', async () => {
    expect((await get({ credentials: stranger, fresh: true })).failure?.kind).toBe('refused')
    const { credentials: _none, ...bare } = {
      method: 'GET',
      url: guarded,
      headers: [] as const,
      ca: all.trusted,
      credentials: undefined,
    }
    expect((await wire.send({ ...bare, fresh: true })).failure?.kind).toBe('refused')
  })

  it('calls it aborted when we do not trust the other side', async () => {
    const { ca: _ca, ...untrusting } = {
      method: 'GET',
      url: guarded,
      headers: [] as const,
      credentials: client,
      ca: undefined,
    }
    expect((await wire.send({ ...untrusting, fresh: true })).failure?.kind).toBe('aborted')
    const pinned = await get({ fresh: true, distrust: ({ subject }) => `${subject} is not the published one` })
    expect(pinned.failure).toMatchObject({ kind: 'aborted', message: 'CN=Server is not the published one' })
  })

  it('calls it unreachable when nobody is there', async () => {
    const server = createHttp()
    const port = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    expect((await wire.send({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [] })).failure?.kind).toBe(
      'unreachable',
    )
    expect((await wire.send({ method: 'GET', url: 'https://nobody.invalid/', headers: [] })).failure?.kind).toBe(
      'unreachable',
    )
  })

  it('calls it timeout when nothing comes, and too large when too much does', async () => {
    const silent = await listen(createHttp(() => undefined))
    expect(
      (await wire.send({ method: 'GET', url: `http://127.0.0.1:${silent}/`, headers: [], timeout: 50 })).failure?.kind,
    ).toBe('timeout')
    // A connection has as much patience as the request that it serves.
    const slow = await listen(
      createHttp((request, response) => void setTimeout(() => response.end(), request.url === '/slow' ? 600 : 0)),
    )
    const failing = async (path: string, timeout: number): Promise<string | undefined> =>
      (await wire.send({ method: 'GET', url: `http://127.0.0.1:${slow}${path}`, headers: [], timeout })).failure?.kind
    expect([await failing('/', 400), await failing('/slow', 5000), await failing('/slow', 100)]).toEqual([
      undefined,
      undefined,
      'timeout',
    ])
    const loud = await listen(createHttp((_request, response) => response.end('x'.repeat(5000))))
    expect(
      (await wire.send({ method: 'GET', url: `http://127.0.0.1:${loud}/`, headers: [], limit: 100 })).failure?.kind,
    ).toBe('too-large')
  })

  it('speaks the version of TLS that it is told', async () => {
    expect((await get({ maxVersion: 'TLSv1.2', fresh: true })).tls?.protocol).toBe('TLSv1.2')
    expect((await get({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', fresh: true })).failure?.kind).toBe('refused')
  })
})
