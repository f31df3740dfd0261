import { request as plainRequest } from 'node:http'
import { generate } from 'selfsigned'
import request from 'supertest'
import { afterEach, describe, expect, test } from 'vitest'
import { Wire } from '../harness/wire.ts'
import { type Host, type HostOptions, type SeenExchange, startHost, type Unexpected } from './host.ts'
import { fhir, type Route, route, type Visit } from './simulator.ts'

const hosts: Host[] = []
const host = async (options?: HostOptions): Promise<Host> => {
  const started = await startHost(options)
  hosts.push(started)
  return started
}
const wire = new Wire()
afterEach(async () => {
  wire.close()
  await Promise.all(hosts.splice(0).map((one) => one.stop()))
})
const open = (on: Host, ...routes: Route[]): string => on.open('old', { state: {}, routes })
const pki = async (name: string): Promise<{ cert: string; key: string }> => {
  const made = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  return { cert: made.cert, key: made.private }
}

describe('the host', () => {
  test('answers from the table of the tenant whom the path names', async () => {
    const on = await host()
    open(
      on,
      route('POST', '/fhir/Patient/:id/$thing', [], async (r, v) =>
        fhir({ got: await r.json(), id: v.params.id, q: v.url.search }),
      ),
    )
    const answer = await request(on.origin).post('/old/fhir/Patient/a%20b/$thing?x=1&x=2').send({ deep: true })
    expect(answer.status).toBe(200)
    expect(answer.headers['x-powered-by']).toBeUndefined()
    expect(answer.headers.etag).toBeUndefined()
    expect(answer.headers['content-length']).toBeDefined()
    expect(answer.body).toEqual({ got: { deep: true }, id: 'a b', q: '?x=1&x=2' })
    const escaped = await request(on.origin).post('/old/fhir/%50atient/a%20b/%24thing?x=%24').send('{}')
    expect(escaped.status).toBe(200)
    const refused = await request(on.origin).get('/old/fhir/Patient/a/$thing')
    expect([refused.status, refused.headers.allow]).toEqual([405, 'POST'])
    on.close('old')
    expect((await request(on.origin).post('/old/fhir/Patient/a/$thing')).status).toBe(404)
  })

  test('hands a well-known document of the whole host to the tenant whose path follows', async () => {
    const on = await host()
    open(
      on,
      route('GET', '/.well-known/thing/auth', [], () => fhir({ mine: true })),
    )
    expect((await request(on.origin).get('/.well-known/thing/old/auth')).body).toEqual({ mine: true })
  })

  test('tells of what nobody expected, and never of a 404 that a row gave', async () => {
    const told: Unexpected[] = []
    const on = await host({ onUnexpected: (u) => told.push(u) })
    open(
      on,
      route('GET', '/gone', [], () => fhir({}, 404)),
    )
    await request(on.origin).get('/old/gone')
    await request(on.origin).get('/old/elsewhere')
    await request(on.origin).get('/nobody/gone')
    expect(told.map((u) => u.reason)).toEqual(['no-route', 'no-tenant'])
  })

  test('answers 500 without the stack when a handler throws, and 400 to a path that cannot be decoded', async () => {
    const told: Unexpected[] = []
    const on = await host({ onUnexpected: (u) => told.push(u) })
    open(
      on,
      route('GET', '/broken', [], () => {
        throw new Error('secret reason')
      }),
      route('GET', '/p/:id', [], () => fhir({})),
    )
    const answer = await request(on.origin).get('/old/broken')
    expect(answer.status).toBe(500)
    expect(answer.text).toContain('OperationOutcome')
    expect(answer.text).not.toContain('secret')
    expect(told[0]?.detail).toContain('secret reason')
    expect((await request(on.origin).get('/old/p/%E0%A4%A')).status).toBe(400)
  })

  test('takes no body above its limit', async () => {
    const on = await host({ limit: 100 })
    open(
      on,
      route('POST', '/x', [], async (r) => fhir({ length: (await r.text()).length })),
    )
    expect((await request(on.origin).post('/old/x').send('a'.repeat(100))).body.length).toBe(100)
    expect((await request(on.origin).post('/old/x').send('a'.repeat(101))).status).toBe(413)
  })

  test('answers HEAD as GET without the body, and 204 without a length', async () => {
    const on = await host()
    open(
      on,
      route('GET', '/x', [], () => fhir({ a: 1 })),
      route('DELETE', '/x', [], () => new Response(null, { status: 204 })),
    )
    const head = await request(on.origin).head('/old/x')
    expect([head.status, head.text]).toEqual([200, undefined])
    const gone = await request(on.origin).delete('/old/x')
    expect([gone.status, gone.headers['content-length']]).toEqual([204, undefined])
  })

  test('says which port is taken, and what to do', async () => {
    const on = await host()
    await expect(startHost({ port: on.port })).rejects.toMatchObject({
      code: 'port-taken',
      remedy: expect.stringContaining('another port'),
    })
  })

  test('streams at the pace of the reader and in large pieces', async () => {
    const on = await host()
    let made = 0
    const line = `${JSON.stringify({ resourceType: 'Observation', pad: 'x'.repeat(950) })}\n`
    const lines = 200_000
    open(
      on,
      route('GET', '/lines', [], () => {
        const encoder = new TextEncoder()
        return new Response(
          new ReadableStream({
            pull(controller) {
              if (made === lines) return controller.close()
              made++
              controller.enqueue(encoder.encode(line))
            },
          }),
          { headers: { 'content-type': 'application/fhir+ndjson' } },
        )
      }),
    )
    let size = 0
    let ahead = 0
    await new Promise<void>((resolve, reject) => {
      plainRequest(`${on.origin}/old/lines`, (answer) => {
        expect(answer.headers['content-length']).toBeUndefined()
        answer.on('data', (chunk: Buffer) => {
          size += chunk.length
          ahead = Math.max(ahead, made * line.length - size)
        })
        answer.on('end', resolve)
        answer.on('error', reject)
      }).end()
    })
    expect(size).toBe(line.length * lines)
    expect(ahead).toBeLessThan(16 * 2 ** 20)
  })

  test('stops asking the source when the client leaves', async () => {
    const on = await host()
    let cancelled: (reason: unknown) => void = () => undefined
    const cancellation = new Promise((resolve) => {
      cancelled = resolve
    })
    open(
      on,
      route('GET', '/forever', [], () => {
        let first = true
        return new Response(
          new ReadableStream({
            pull(controller) {
              // The second piece never comes.
              if (first) controller.enqueue(new TextEncoder().encode('first\n'))
              else return new Promise(() => undefined)
              first = false
            },
            cancel: cancelled,
          }),
        )
      }),
    )
    const client = plainRequest(`${on.origin}/old/forever`, (answer) => {
      answer.on('data', () => client.destroy())
      answer.on('error', () => undefined)
    })
    client.on('error', () => undefined)
    client.end()
    expect(await cancellation).toBe('the client left')
  })

  test('breaks the connection when a stream breaks, so that half a body does not look whole', async () => {
    const on = await host()
    open(
      on,
      route('GET', '/half', [], () => {
        let count = 0
        return new Response(
          new ReadableStream({
            async pull(controller) {
              await new Promise((resolve) => setTimeout(resolve, 5))
              if (count++ < 2) controller.enqueue(new TextEncoder().encode('line\n'))
              else throw new Error('no more')
            },
          }),
        )
      }),
    )
    const heard = await wire.send({ method: 'GET', url: `${on.origin}/old/half`, headers: [] })
    expect(heard.response).toBeUndefined()
    expect(heard.failure).toBeDefined()
  })
})

describe('over mutual TLS', () => {
  test('shows the certificate of the caller to the handler, refuses strangers, and takes new roots while it runs', async () => {
    const [server, payer, stranger] = [await pki('127.0.0.1'), await pki('payer'), await pki('stranger')]
    const told: Unexpected[] = []
    const seen: SeenExchange[] = []
    const on = await host({
      tls: { ...server, requestCert: true, ca: [payer.cert] },
      onUnexpected: (u) => told.push(u),
      onExchange: (s) => seen.push(s),
    })
    const visits: Visit[] = []
    const base = open(
      on,
      route('GET', '/who', [], (_, visit) => {
        visits.push(visit)
        return fhir({ who: visit.certificate?.subject })
      }),
    )
    const ask = (credentials?: { cert: string; key: string }) =>
      wire.send({
        method: 'GET',
        url: `${base}/who`,
        headers: [],
        ca: [server.cert],
        ...(credentials ? { credentials } : {}),
      })
    const good = await ask(payer)
    expect(good.response?.body).toBe('{"who":"CN=payer"}')
    expect(visits[0]?.certificate?.thumbprint).toBe(good.tls?.client?.thumbprint)
    expect(visits[0]?.protocol).toBe('TLSv1.3')
    expect((await ask()).failure?.kind).toBe('refused')
    expect((await ask(stranger)).failure?.kind).toBe('refused')
    expect(told.map((u) => [u.reason, u.detail])).toEqual([
      ['handshake', expect.stringContaining('showed no certificate')],
      ['handshake', expect.stringMatching(/is refused: it is self-signed.* \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/)],
    ])
    const { port } = on
    await expect(fetch(`http://127.0.0.1:${port}/old/who`)).rejects.toThrow()
    expect(told.at(-1)?.detail).toContain('spoke HTTP without TLS')
    on.renew({ ca: [payer.cert, stranger.cert] })
    expect((await ask(stranger)).response?.status).toBe(200)
    expect(seen.map((s) => [s.tenant, s.response.status, s.tls?.client?.subject])).toEqual([
      ['old', 200, 'CN=payer'],
      ['old', 200, 'CN=stranger'],
    ])
    expect(seen[0]?.response.body).toBe('{"who":"CN=payer"}')
  })

  test('lets strangers through when a guard is to refuse them', async () => {
    const [server, stranger] = [await pki('127.0.0.1'), await pki('stranger')]
    const on = await host({ tls: { ...server, requestCert: true, admitStrangers: true, ca: [server.cert] } })
    const base = open(
      on,
      route('GET', '/who', [], (_, visit) => fhir({ who: visit.certificate?.subject ?? 'nobody' })),
    )
    const ask = (credentials?: { cert: string; key: string }) =>
      wire.send({
        method: 'GET',
        url: `${base}/who`,
        headers: [],
        ca: [server.cert],
        ...(credentials ? { credentials } : {}),
      })
    expect((await ask(stranger)).response?.body).toContain('CN=stranger')
    expect((await ask()).response?.body).toContain('nobody')
  })
})
