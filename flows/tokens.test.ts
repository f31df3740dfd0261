import { expect, test } from 'vitest'
import { Actor } from '../harness/actor.ts'
import { VirtualClock } from '../harness/clock.ts'
import type { Move } from '../harness/move.ts'
import { Transcript } from '../harness/transcript.ts'
import { Wire } from '../harness/wire.ts'
import { dataScopeAt } from './registration-request.ts'
import { requestMatchToken } from './request-token.ts'
import { endpointOf } from './tokens.ts'

const identity = { name: 'Plan', uri: 'https://plan.example', identifier: { system: 's', value: 'v' } }
function stage(move: Move, document: object, intent: Record<string, string> = {}): [Actor, Actor] {
  const transcript = new Transcript()
  const common = { identity, clock: new VirtualClock(new Date(0)), transcript, wire: new Wire() }
  const client = new Actor({ ...common, name: 'requesting payer', places: {} })
  const payer = new Actor({ ...common, name: 'responding payer', places: { fhir: 'https://old.example/r4' } })
  transcript.record({
    move,
    from: client.name,
    to: payer.name,
    at: '',
    intent,
    request: { method: 'GET', url: '', headers: [], body: '' },
    response: { status: 200, statusText: '', headers: [], body: JSON.stringify(document) },
    timings: { connect: 0, firstByte: 0, total: 0 },
  })
  return [client, payer]
}

test('a relative endpoint is resolved against the FHIR base (AUTH-007)', () => {
  const [client, payer] = stage('smart-configuration', { token_endpoint: '../auth/token' })
  expect(endpointOf(client, payer, 'token_endpoint')).toBe('https://old.example/auth/token')
})

test('the alias for mutual TLS goes before the plain endpoint', () => {
  const [client, payer] = stage('smart-configuration', {
    token_endpoint: 'https://old.example/token',
    mtls_endpoint_aliases: { token_endpoint: 'https://mtls.old.example/token' },
  })
  expect(endpointOf(client, payer, 'token_endpoint')).toBe('https://mtls.old.example/token')
})

test('metadata of another issuer than the one that was asked for is not believed (AUTH-011)', () => {
  const document = { issuer: 'https://evil.example', token_endpoint: 'https://evil.example/token' }
  const [client, payer] = stage('authorization-server', document, { issuer: 'https://old.example' })
  expect(endpointOf(client, payer, 'token_endpoint')).toBeUndefined()
  const good = { issuer: 'https://old.example', token_endpoint: 'https://old.example/token' }
  expect(endpointOf(...stage('authorization-server', good, { issuer: 'https://old.example' }), 'token_endpoint')).toBe(
    'https://old.example/token',
  )
})

test.each([
  ['patient/*.rs', { scopes_supported: ['openid', 'patient/*.read', 'patient/*.rs'] }],
  ['patient/*.read', { scopes_supported: ['patient/*.read'] }],
  ['system/*.rs', { scopes_supported: ['system/*.rs'], capabilities: ['permission-v1'] }],
  ['patient/*.read', { capabilities: ['permission-v1'] }],
  ['patient/*.rs', { capabilities: ['permission-v1', 'permission-v2'] }],
  ['patient/*.rs', {}],
])('data is asked for as %s where that is what the payer knows', (scope, document) => {
  expect(dataScopeAt(...stage('smart-configuration', document))).toBe(scope)
})

test('an issuer is the same with and without a slash at its end', () => {
  const document = { issuer: 'https://old.example/', token_endpoint: 'https://old.example/token' }
  const asked = stage('authorization-server', document, { issuer: 'https://old.example' })
  expect(endpointOf(...asked, 'token_endpoint')).toBe('https://old.example/token')
})

test('nothing secret is sent to an endpoint that is not https', async () => {
  const document = {
    token_endpoint: 'http://127.0.0.1:9/token',
    introspection_endpoint: 'http://127.0.0.1:9/introspect',
  }
  const [client, payer] = stage('smart-configuration', document)
  client.registeredByHand(payer.name, { clientId: 'c1' })
  const before = client.transcript.length
  await expect(client.performs(requestMatchToken(payer))).rejects.toMatchObject({
    code: 'not-seen',
    message: expect.stringContaining('http://127.0.0.1:9/token, which is not https'),
  })
  expect(client.transcript.length).toBe(before)
})
