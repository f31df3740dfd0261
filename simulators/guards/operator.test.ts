import { expect, test } from 'vitest'
import { signingKey } from '../../certs/identity.ts'
import { signJws } from '../../certs/jws.ts'
import { epochSeconds, VirtualClock } from '../../harness/clock.ts'
import { Incoming } from '../asked.ts'
import type { Visit } from '../simulator.ts'
import { operator } from './operator.ts'

const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
const base = 'https://127.0.0.1:1/t'
const uri = 'https://trust.example'
const signing = await signingKey('ES256', 'Trust')
const other = await signingKey('ES256', 'Somebody else')
const guard = operator({
  clock,
  base,
  identity: { name: 'Trust', uri, identifier: { system: 'urn:x', value: '1' }, signing },
})

const now = epochSeconds(clock.now())
const good = { iss: uri, sub: uri, aud: base, iat: now, exp: now + 300 }
const token = (claims: object, { key, alg } = signing): string => signJws({ alg }, claims, key)
const shown = async (authorization?: string): Promise<number | undefined> => {
  const headers = new Headers(authorization === undefined ? {} : { authorization })
  const request = new Incoming({ method: 'POST', url: `${base}/tm/members`, headers, body: undefined })
  return (await guard(request, {} as Visit))?.status
}

test('lets in who shows a token of the manager, and asks who shows none', async () => {
  expect(await shown(`Bearer ${token(good)}`)).toBeUndefined()
  expect(
    await shown(`bearer ${token({ ...good, aud: ['https://elsewhere.example', base], nbf: now })}`),
  ).toBeUndefined()
  expect(await shown()).toBe(401)
  expect(await shown('Basic eDp5')).toBe(401)
})

test.each([
  ['of another key', token(good, other)],
  ['that was altered', token(good).replace(/\.[^.]+\./, `.${Buffer.from('{}').toString('base64url')}.`)],
  ['without a signature', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token(good).split('.')[1]}.`],
  ['of another issuer', token({ ...good, iss: 'https://somebody.example' })],
  ['for another desk', token({ ...good, aud: `${base}2` })],
  ['for nobody', token({ ...good, aud: undefined })],
  ['that has expired', token({ ...good, exp: now })],
  ['that never expires', token({ ...good, exp: undefined })],
  ['that expires in words', token({ ...good, exp: 'tomorrow' })],
  ['that does not hold yet', token({ ...good, nbf: now + 60 })],
  ['that says nothing', token([])],
  ['that is none', 'a.b.c'],
])('refuses a token %s', async (_how, text) => {
  expect(await shown(`Bearer ${text}`)).toBe(403)
})
