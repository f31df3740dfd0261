/** Key sets fetched over https: kept as long as the client allows, fetched anew for an unknown key, never from a stranger. */
import nock from 'nock'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { VirtualClock } from '../../harness/clock.ts'
import { fetchTrusting } from '../../harness/fetch.ts'
import type { Client } from '../state/clients.ts'
import type { PayerState } from '../state/payer-state.ts'
import { keyOf } from './client-keys.ts'

const host = 'https://keys.example'
const client = { metadata: { jwks_uri: `${host}/jwks.json` } } as unknown as Client
const ec = (kid: string): object => ({ kty: 'EC', crv: 'P-384', kid, x: 'x', y: 'y' })
let clock: VirtualClock
let state: PayerState

// Others in the same process need the real thing.
beforeAll(() => {
  if (!nock.isActive()) nock.activate()
})
afterAll(() => nock.restore())
beforeEach(() => {
  nock.disableNetConnect()
  clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
  state = { clock, fetch: fetchTrusting([]) } as unknown as PayerState
})
afterEach(() => {
  nock.cleanAll()
  nock.enableNetConnect()
})
const serve = (kids: readonly string[], headers: Record<string, string> = {}): nock.Scope =>
  nock(host)
    .get('/jwks.json')
    .reply(200, { keys: kids.map(ec) }, headers)
const find = async (kid: string, more: object = {}): Promise<string> => {
  const found = await keyOf(state, client, { alg: 'ES384', kid, ...more })
  return 'key' in found ? String(found.key.kid) : found.problem
}

test('a set is kept as long as its Cache-Control allows, and no longer', async () => {
  serve(['one'], { 'cache-control': 'max-age=120' })
  expect(await find('one')).toBe('one')
  await clock.wait(119)
  expect(await find('one')).toBe('one')
  await clock.wait(1)
  serve(['two'])
  // The old key is gone: the set is asked for again, and once more for a key that it does not know.
  serve(['two'])
  expect(await find('one')).toContain('no key')
  expect(nock.isDone()).toBe(true)
})

test('a set that may not be kept is not', async () => {
  for (const kid of ['one', 'two']) {
    serve([kid], { 'cache-control': 'no-store' })
    expect(await find(kid)).toBe(kid)
  }
})

test('an unknown key is looked for once more', async () => {
  serve(['one'], { 'cache-control': 'max-age=3600' })
  expect(await find('one')).toBe('one')
  serve(['one', 'two'], { 'cache-control': 'max-age=3600' })
  expect(await find('two')).toBe('two')
})

test('two keys of one id are none, and so is a key of another kind', async () => {
  serve(['one', 'one'])
  expect(await find('one')).toContain('more than one')
  expect(await find('one', { alg: 'RS384' })).toContain('no key')
})

test("a stranger's address is compared and never followed", async () => {
  const strange = nock('https://stranger.example')
    .get('/jwks.json')
    .reply(200, { keys: [ec('one')] })
  expect(await find('one', { jku: 'https://stranger.example/jwks.json' })).toContain('jku')
  expect(strange.isDone()).toBe(false)
})

test('a set that cannot be fetched or is none says so', async () => {
  expect(await find('one')).toContain('could not be fetched')
  nock(host).get('/jwks.json').times(2).reply(200, { keys: 'none' })
  expect(await find('one')).toContain('could not be fetched')
})
