/** Key sets by URL: kept as long as the client allows, fetched anew for an unknown key, never from a stranger. */
import { beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '../../harness/clock.ts'
import type { Client } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'
import { keyOf } from './client-keys.ts'

const url = 'https://keys.example/jwks.json'
const client = { metadata: { jwks_uri: url } } as unknown as Client
const ec = (kid: string): object => ({ kty: 'EC', crv: 'P-384', kid, x: 'x', y: 'y' })
let clock: VirtualClock
let state: PayerState
/** Answers to come, and what was asked for. */
let served: Response[]
let asked: string[]

beforeEach(() => {
  clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
  served = []
  asked = []
  const fetch = async (from: string): Promise<Response> => {
    asked.push(from)
    const next = served.shift()
    if (!next) throw new Error('nobody answers')
    return next
  }
  state = { clock, fetch } as unknown as PayerState
})
const serve = (kids: readonly string[], headers: Record<string, string> = {}): void => {
  served.push(Response.json({ keys: kids.map(ec) }, { headers }))
}
const find = async (kid: string, more: object = {}): Promise<string> => {
  const found = await keyOf(state, client, { alg: 'ES384', kid, ...more })
  return 'key' in found ? String(found.key.kid) : found.problem
}

test('a set is kept as long as its Cache-Control allows, and no longer', async () => {
  serve(['one'], { 'cache-control': 'max-age=120' })
  expect(await find('one')).toBe('one')
  await clock.wait(119)
  expect(await find('one')).toBe('one')
  expect(asked).toEqual([url])
  await clock.wait(1)
  serve(['two'])
  serve(['two'])
  expect(await find('one')).toContain('no key')
})

test('a set that may not be kept is not', async () => {
  for (const kid of ['one', 'two']) {
    serve([kid], { 'cache-control': 'no-store' })
    expect(await find(kid)).toBe(kid)
  }
})

test('an unknown key is looked for once more, and what is known stays known when nobody answers', async () => {
  serve(['one'], { 'cache-control': 'max-age=3600' })
  expect(await find('one')).toBe('one')
  serve(['one', 'two'], { 'cache-control': 'max-age=3600' })
  expect(await find('two')).toBe('two')
  expect(await find('three')).toContain('no key')
  expect(await find('two')).toBe('two')
  expect(asked).toHaveLength(3)
})

test('two keys of one id are none, and so is a key of another kind', async () => {
  serve(['one', 'one'])
  expect(await find('one')).toContain('more than one')
  expect(await find('one', { alg: 'RS384' })).toContain('no key')
})

test("a stranger's address is compared and never followed", async () => {
  expect(await find('one', { jku: 'https://stranger.example/jwks.json' })).toContain('jku')
  expect(asked).toEqual([])
})

test('a set that cannot be fetched or is none says so', async () => {
  expect(await find('one')).toContain('could not be fetched')
  served.push(Response.json({ keys: 'none' }), new Response('', { status: 404 }))
  expect(await find('one')).toContain('could not be fetched')
})

test('what is no key in a set is nobody’s', async () => {
  served.push(Response.json({ keys: [null, 'x', ec('one')] }))
  expect(await find('one')).toBe('one')
})
