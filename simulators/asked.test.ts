import { expect, test } from 'vitest'
import { type Asked, altered, CameWith, Incoming } from './asked.ts'

const url = 'https://127.0.0.1/t/fhir/Patient'
const text = '\u{feff}{"name":"Müller"}'
const incoming = (): Asked =>
  new Incoming({ method: 'POST', url, headers: new Headers({ accept: 'text/html' }), body: Buffer.from(text) })
const fetched = (): Asked =>
  new Request(url, { method: 'POST', headers: { accept: 'text/html' }, body: Buffer.from(text) })

test('what comes from a socket reads as a request of Fetch does', async () => {
  for (const make of [incoming, fetched]) {
    const asked = make()
    expect([asked.method, asked.url, asked.headers.get('Accept')]).toEqual(['POST', url, 'text/html'])
    const copy = asked.clone()
    expect(await copy.json()).toEqual({ name: 'Müller' })
    expect(await asked.text()).toBe('{"name":"Müller"}')
    await expect(asked.text()).rejects.toThrow(TypeError)
    expect(() => asked.clone()).toThrow(TypeError)
    expect(new Uint8Array(await make().arrayBuffer())).toEqual(new Uint8Array(Buffer.from(text)))
  }
  const empty = new Incoming({ method: 'GET', url, headers: new Headers() })
  expect([await empty.text(), await empty.text()]).toEqual(['', ''])
})

test('headers read as those of Fetch do', () => {
  const lines = [
    ['X-Thing', 'a'],
    ['accept', 'text/html'],
    ['x-thing', 'b'],
    ['ACCEPT', ''],
    ['Cookie', 'é'],
  ] as [string, string][]
  const [came, fetched] = [new CameWith(lines), new Headers(lines)]
  for (const name of ['x-THING', 'Accept', 'cookie', 'none']) {
    expect(came.get(name), name).toBe(fetched.get(name))
    expect(came.has(name), name).toBe(fetched.has(name))
  }
  expect([...came]).toEqual([...fetched])
})

test('can be altered in each of its parts, and keeps the others', async () => {
  for (const make of [incoming, fetched]) {
    const elsewhere = altered(make(), { url: `${url}?x=1` })
    expect([elsewhere.method, elsewhere.url, await elsewhere.text()]).toEqual([
      'POST',
      `${url}?x=1`,
      '{"name":"Müller"}',
    ])
    const plain = altered(make(), { headers: { prefer: 'x' } })
    expect([plain.headers.get('accept'), plain.headers.get('prefer')]).toEqual([null, 'x'])
    const other = altered(make(), { body: 'ä' })
    expect([other.headers.get('accept'), await other.text()]).toEqual(['text/html', 'ä'])
    const read = make()
    await read.text()
    expect(await altered(read, { body: 'b' }).text()).toBe('b')
    expect(() => altered(read, { headers: {} })).toThrow(TypeError)
  }
})

test('is never handed to Fetch, which would lose the body', () => {
  expect(() => new Request(`${url}?x=1`, incoming() as unknown as Request)).toThrow(TypeError)
})
