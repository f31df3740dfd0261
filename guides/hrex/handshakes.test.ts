import { describe, expect, test } from 'vitest'
import { verdictOf } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, type TlsFacts, Transcript } from '../../harness/transcript.ts'
import { mutualTlsChecks as authChecks, refusesSelfSignedClients, sendsClientId } from '../auth/checks/mutual-tls.ts'
import { bundleChecks } from '../ndh/checks/bundle.ts'
import { endpointChecks } from '../ndh/checks/endpoint.ts'
import { trustChecks as ndhTrust, refreshes } from '../ndh/checks/trust.ts'
import { discoveryChecks } from '../pdex/checks/discovery.ts'
import { callersAreLookedUp, mutualTlsChecks, serversAreLookedUp } from '../pdex/checks/mutual-tls.ts'
import { publishedBundleChecks } from '../pdex/checks/published-bundle.ts'
import { trustChecks } from '../pdex/checks/trust.ts'
import { clientsAreNamedByUri, securityChecks, speaksCurrentTls } from './checks/security.ts'

const scene: Scene = {
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: '2026-03-02T15:00:00Z',
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}
const said = (part: Partial<Exchange>): Omit<Exchange, 'id'> => ({
  move: 'handshake',
  from: scene.requester,
  to: scene.responder,
  at: scene.now,
  intent: {},
  request: { method: 'GET', url: 'https://old.example/fhir/metadata', headers: [], body: '' },
  timings: { connect: 0, firstByte: 0, total: 0 },
  ...part,
})
const ok = { status: 200, statusText: 'OK', headers: [], body: '{}' }
const no = { ...ok, status: 403 }
const alert = { kind: 'refused', code: 'EPROTO', message: 'write EPROTO: tlsv1 alert protocol version' } as const
const ours = { kind: 'refused', code: 'ERR_SSL_NO_PROTOCOLS_AVAILABLE', message: 'no protocols available' } as const
const tls = (protocol: string): TlsFacts => ({ protocol, cipher: 'x' })
const client = (subjectAltName: string): TlsFacts => ({
  protocol: 'TLSv1.3',
  cipher: 'x',
  client: {
    subject: '',
    issuer: '',
    thumbprint: 'T',
    serial: '',
    notBefore: '',
    notAfter: '',
    subjectAltName,
    chain: [],
  },
})
const transcript = (...parts: Partial<Exchange>[]): Transcript => {
  const all = new Transcript()
  for (const part of parts) all.record(said(part))
  return all
}
const code = (check: Parameters<typeof verdictOf>[0], ...parts: Partial<Exchange>[]): string =>
  verdictOf(check, transcript(...parts), scene).code

test('nothing said is nothing passed', () => {
  for (const check of [
    ...securityChecks,
    ...mutualTlsChecks,
    ...trustChecks,
    ...publishedBundleChecks,
    ...discoveryChecks,
    ...ndhTrust,
    ...authChecks,
    ...bundleChecks,
    ...endpointChecks,
  ])
    expect([check.id, verdictOf(check, new Transcript(), scene).code]).toEqual([check.id, 'skip'])
})

describe('TLS versions', () => {
  const good = { intent: { tls: 'TLSv1.3' }, response: ok, tls: tls('TLSv1.3') } as const
  test.each([
    ['1.3 spoken, 1.1 refused', 'pass', { intent: { tls: 'TLSv1.1' }, failure: alert }],
    ['1.1 spoken', 'fail', { intent: { tls: 'TLSv1.1' }, response: ok, tls: tls('TLSv1.1') }],
    ['1.1 spoken, and then 403', 'fail', { intent: { tls: 'TLSv1.1' }, response: no, tls: tls('TLSv1.1') }],
    ['1.1 that our own side cannot speak', 'skip', { intent: { tls: 'TLSv1.1' }, failure: ours }],
  ])('%s: %s', (_name, expected, old) => {
    expect(code(speaksCurrentTls, good, old)).toBe(expected)
  })
  test('neither 1.2 nor 1.3', () => {
    expect(
      code(
        speaksCurrentTls,
        { intent: { tls: 'TLSv1.2' }, failure: alert },
        { intent: { tls: 'TLSv1.3' }, failure: alert },
      ),
    ).toBe('fail')
  })
  test('only refusals of old versions prove nothing', () => {
    expect(code(speaksCurrentTls, { intent: { tls: 'TLSv1.1' }, failure: alert })).toBe('skip')
  })
})

describe('callers', () => {
  const own = { intent: { certificate: 'own' }, response: ok }
  const wrong = { certificate: 'that has expired' }
  const bad = (part: Partial<Exchange>): string => code(callersAreLookedUp, own, { intent: wrong, ...part })
  test('refused in the handshake, or by status', () => {
    expect(bad({ failure: alert })).toBe('pass')
    for (const status of [400, 401, 403, 495, 496]) expect(bad({ response: { ...ok, status } })).toBe('pass')
  })
  test('served, unreachable, or answered with something else', () => {
    expect(bad({ failure: { kind: 'unreachable', code: 'ECONNREFUSED', message: 'nobody' } })).toBe('skip')
    expect(bad({ response: { ...ok, status: 500 } })).toBe('skip')
    // The metadata alone may be open to all.
    expect(bad({ response: ok })).toBe('skip')
  })
  test('the second door decides where the first is open', () => {
    const first = { intent: wrong, response: ok }
    const intent = { ...wrong, door: 'registration' }
    const second = (status: number, body = '{}'): string =>
      code(callersAreLookedUp, own, first, { intent, response: { ...ok, status, body } })
    for (const status of [401, 403, 404, 495]) expect(second(status)).toBe('pass')
    expect(second(201)).toBe('warning')
    // Who judges the metadata has let the caller in; a gateway refuses in words of its own.
    expect(second(400, '{"error":"invalid_client_metadata"}')).toBe('warning')
    expect(second(400, '<h1>400 No required SSL certificate was sent</h1>')).toBe('pass')
    // Trouble of the server or of the network is neither.
    expect(second(503)).toBe('skip')
    const failure = { kind: 'timeout', code: 'ETIMEDOUT', message: 'no answer in time' } as const
    expect(code(callersAreLookedUp, own, first, { intent, failure })).toBe('skip')
  })
  test('a refusal says nothing when nobody is served', () => {
    expect(code(callersAreLookedUp, { intent: wrong, failure: alert })).toBe('skip')
    expect(code(callersAreLookedUp, { ...own, response: no }, { intent: wrong, failure: alert })).toBe('warning')
  })
  test('self-signed', () => {
    const selfSigned = { certificate: 'signed by itself' }
    expect(code(refusesSelfSignedClients, own, { intent: selfSigned, failure: alert })).toBe('pass')
    const served = verdictOf(
      refusesSelfSignedClients,
      transcript(
        own,
        { intent: selfSigned, response: ok },
        { intent: { ...selfSigned, door: 'registration' }, response: { ...ok, status: 201 } },
      ),
      scene,
    )
    expect(served).toMatchObject({ code: 'skip', findings: [{ code: 'wrong-accepted' }] })
  })
})

describe('our own client', () => {
  test('is named by URI', () => {
    const own = { certificate: 'own' }
    expect(code(clientsAreNamedByUri, { intent: own, response: ok, tls: client('URI:https://new.example') })).toBe(
      'pass',
    )
    expect(code(clientsAreNamedByUri, { intent: own, response: ok, tls: client('DNS:new.example') })).toBe('fail')
  })
  test('hangs up on another certificate', () => {
    const first = { intent: { certificate: 'own', by: 'directory' }, response: ok }
    const then = (part: Partial<Exchange>): string =>
      code(serversAreLookedUp, first, { intent: { certificate: 'own', by: 'directory' }, ...part })
    expect(then({ failure: { kind: 'aborted', code: 'distrust', message: 'another' } })).toBe('pass')
    expect(then({ response: ok })).toBe('warning')
    expect(then({ failure: { kind: 'unreachable', code: 'x', message: 'nobody' } })).toBe('skip')
  })
  test('calls the address that main names now', () => {
    const copy = (address: string): Partial<Exchange> => ({
      move: 'refresh-repository',
      to: 'trust manager',
      response: {
        ...ok,
        body: JSON.stringify({
          bundles: [
            { bundle: { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Endpoint', address } }] } },
          ],
        }),
      },
    })
    const call = (url: string): Partial<Exchange> => ({
      intent: { by: 'directory' },
      request: { method: 'GET', url, headers: [], body: '' },
      response: ok,
    })
    const [old, now] = [copy('https://old.example/fhir'), copy('https://new.example/fhir')]
    expect(
      code(refreshes, old, call('https://old.example/fhir/metadata'), now, call('https://new.example/fhir/metadata')),
    ).toBe('pass')
    expect(code(refreshes, old, now, call('https://old.example/fhir/metadata'))).toBe('warning')
    expect(code(refreshes, old, old, call('https://old.example/fhir/metadata'))).toBe('skip')
  })
  test('sends its client_id', () => {
    const asked = (body: string): Partial<Exchange> => ({
      move: 'match-token',
      request: { method: 'POST', url: 'https://old.example/auth/token', headers: [], body },
      response: ok,
    })
    expect(code(sendsClientId, asked('grant_type=client_credentials&client_id=a'))).toBe('pass')
    expect(code(sendsClientId, asked('grant_type=client_credentials'))).toBe('fail')
    expect(code(sendsClientId, asked('client_assertion=a.b.c'))).toBe('skip')
  })
})
