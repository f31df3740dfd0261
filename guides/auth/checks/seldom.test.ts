/** What authorization servers and their clients seldom get wrong, with what is as good beside it. */
import { describe, expect, test } from 'vitest'
import { verdictOf } from '../../../harness/check.ts'
import { type Exchange, type HeaderList, Transcript } from '../../../harness/transcript.ts'
import {
  answeredWith,
  asking,
  code,
  exchange,
  good,
  json,
  jwt,
  mutual,
  now,
  registering,
} from '../../told/registered.ts'
import { anaScene } from '../../told/story.ts'
import { judgeBinding, tiesTokensToCertificates } from './binding.ts'
import { listsRequiredKeys } from './discovery.ts'
import { takesBothKindsOfKeySets } from './keys.ts'
import { registersOneName } from './mutual-tls.ts'
import { answersRegistration, keepsStrangersOut } from './registration.ts'
import { refusesBadRegistrations } from './registration-refusals.ts'
import { challengesStrangers } from './resource.ts'
import { advertisesMutualTls, servesServerMetadata } from './server-metadata.ts'
import { grantsWell } from './token.ts'
import { servesMetadata } from './udap.ts'
import { forgetsExpiredIds, grantsByAssertion } from './udap-token.ts'

const words = (...said: Parameters<typeof code>): string =>
  verdictOf(said[0], Transcript.of(said.slice(1) as Exchange[]), anaScene())
    .findings.map(({ severity, message }) => `${severity}: ${message}`)
    .join('; ')
const noStore: HeaderList = [...json, ['Cache-Control', 'no-store']]
const token = { access_token: 'a', token_type: 'Bearer', expires_in: 300, scope: 's' }

describe('a token', () => {
  test.each([
    ['pass', token],
    ['pass', { ...token, token_type: 'bearer', expires_in: 60 }],
    ['warning', { ...token, expires_in: 301 }],
    ['fail', { ...token, access_token: '' }],
    ['fail', { ...token, token_type: 'mac' }],
    ['fail', { ...token, expires_in: '300' }],
    ['fail', { ...token, scope: undefined }],
    ['fail', [token]],
  ])('is %s as an answer: %o', (verdict, answer) => {
    expect(code(grantsWell, answeredWith(asking(), 200, answer))).toBe(verdict)
  })
  test('is JSON and 200', () => {
    expect(code(grantsWell, answeredWith(asking(), 201, token))).toBe('fail')
    const asText = exchange(
      't',
      'match-token',
      asking().request,
      token,
      {},
      { headers: [['Content-Type', 'text/plain']] },
    )
    expect(code(grantsWell, asText)).toBe('fail')
  })
  test('is bound to the certificate of its request', () => {
    const bound = (thumbprint: string): Exchange => ({
      ...answeredWith(asking(), 200, { ...token, access_token: jwt({}, { cnf: { 'x5t#S256': thumbprint } }) }),
      tls: mutual('own'),
    })
    expect(judgeBinding(Transcript.of([bound('own')])).filter(({ severity }) => severity === 'error')).toEqual([])
    expect(code(tiesTokensToCertificates, bound('other'))).toBe('fail')
    expect(words(tiesTokensToCertificates, answeredWith(asking(), 200, token))).toContain('over mutual TLS')
    expect(words(tiesTokensToCertificates, { ...answeredWith(asking(), 200, token), tls: mutual('own') })).toContain(
      'nothing shows whether the token is bound',
    )
  })
})

describe('a token in the UDAP way', () => {
  const asked = (more: object, status = 200, answer: object = token): Exchange => ({
    ...answeredWith(asking({ form: { udap: '1' }, ...more }), status, answer),
  })
  test.each([
    ['pass', 200, { ...token, expires_in: 3600 }],
    ['fail', 200, { ...token, expires_in: 3601 }],
    ['skip', 200, { ...token, expires_in: undefined }],
    ['fail', 400, { error: 'invalid_client' }],
  ])('is %s when it is answered %i %o', (verdict, status, answer) => {
    expect(code(grantsByAssertion, asked({}, status, answer))).toBe(verdict)
  })
  test('may be asked for by an id that has expired', () => {
    const early = asked({ claims: { exp: now + 60 } })
    const late = (status: number): Exchange => ({
      ...asked({ id: 't2', claims: { exp: now + 400 } }, status, { error: 'invalid_client' }),
      at: new Date((now + 120) * 1000).toISOString(),
      intent: { variation: 'with the jti of an assertion that has expired' },
    })
    expect(code(forgetsExpiredIds, early, late(200))).toBe('pass')
    expect(code(forgetsExpiredIds, early, late(400))).toBe('fail')
    expect(code(forgetsExpiredIds, asked({ claims: { exp: now + 200 } }), late(400))).toBe('skip')
    expect(code(forgetsExpiredIds, late(400))).toBe('skip')
  })
})

describe('a registration', () => {
  const answer = { client_id: 'c1', ...good }
  const registered = (status: number, said: unknown, headers: HeaderList = noStore, intent = {}): Exchange => ({
    ...answeredWith(registering(good, {}, intent), status, said),
    response: { status, statusText: '', headers, body: JSON.stringify(said) },
  })
  test.each([
    ['pass', 201, answer, noStore],
    ['warning', 201, answer, json],
    ['fail', 201, { ...answer, client_id: '' }, noStore],
    ['fail', 201, { ...answer, client_secret: 's' }, noStore],
    ['pass', 201, { ...answer, client_secret: 's', client_secret_expires_at: 0 }, noStore],
    ['fail', 201, [answer], noStore],
    ['fail', 200, answer, noStore],
  ])('is %s when it is answered %i %o', (verdict, status, said, headers) => {
    expect(code(answersRegistration, registered(status, said, headers))).toBe(verdict)
  })
  test('is refused with the error that fits, or another of the list', () => {
    const wrong = (error: string): Exchange => ({
      ...registered(400, { error }, json, { mistake: 'with a private key in its key set' }),
      id: 'w',
    })
    expect(code(refusesBadRegistrations, registered(201, answer), wrong('invalid_client_metadata'))).toBe('pass')
    expect(words(refusesBadRegistrations, registered(201, answer), wrong('invalid_redirect_uri'))).toContain('warning')
    expect(code(refusesBadRegistrations, registered(201, answer), wrong('invalid_request'))).toBe('fail')
    expect(code(refusesBadRegistrations, wrong('invalid_client_metadata'))).toBe('skip')
  })
  test('goes over TLS, for members alone', () => {
    const stranger = (url: string, status: number): Exchange => ({
      ...answeredWith(registering(good, { url }), status, {}),
      id: 's',
      from: 'a stranger',
    })
    const member = registered(201, answer)
    expect(code(keepsStrangersOut, member, stranger('https://old.example/register', 403))).toBe('pass')
    expect(code(keepsStrangersOut, member, stranger('https://old.example/register', 201))).toBe('warning')
    expect(code(keepsStrangersOut, member, stranger('http://old.example/register', 403))).toBe('fail')
    expect(code(keepsStrangersOut, stranger('https://old.example/register', 403))).toBe('skip')
    // A reset keeps out where members are served, and may be the network's doing elsewhere.
    const reset = (url: string): Exchange => {
      const { response: _, ...rest } = stranger(url, 403)
      return { ...rest, failure: { kind: 'refused', code: 'ECONNRESET', message: 'the handshake was reset' } }
    }
    expect(code(keepsStrangersOut, member, reset(member.request.url))).toBe('pass')
    expect(code(keepsStrangersOut, member, reset('https://old.example/elsewhere'))).toBe('skip')
  })
  test('names the URI of its certificate alone', () => {
    const by = (names: object): Exchange =>
      registering({ ...good, token_endpoint_auth_method: 'tls_client_auth', ...names })
    expect(code(registersOneName, by({ tls_client_auth_san_uri: 'https://x' }))).toBe('pass')
    expect(code(registersOneName, by({ tls_client_auth_san_dns: 'x' }))).toBe('fail')
    expect(code(registersOneName, by({}))).toBe('fail')
    expect(code(registersOneName, registering(good))).toBe('skip')
  })
  test('takes keys in both ways', () => {
    const inline = registering(good)
    const byUrl = { ...registering({ ...good, jwks: undefined, jwks_uri: 'https://k' }), id: 'r2' }
    const refused = answeredWith(asking({ id: 't2' }), 401, { error: 'invalid_client' })
    expect(code(takesBothKindsOfKeySets, inline, asking(), byUrl, asking({ id: 't2' }))).toBe('pass')
    expect(code(takesBothKindsOfKeySets, inline, asking(), byUrl, refused)).toBe('fail')
    expect(code(takesBothKindsOfKeySets, inline, asking(), byUrl)).toBe('skip')
    expect(code(takesBothKindsOfKeySets, inline, asking())).toBe('skip')
  })
})

describe('metadata', () => {
  const issuer = 'https://old.example/auth'
  const read = (move: Exchange['move'], said: unknown, status = 200): Exchange =>
    exchange(move, move, { method: 'GET', headers: [] }, said, { issuer }, { status })
  const sound = { issuer, token_endpoint: `${issuer}/token`, response_types_supported: [] }
  test.each([
    ['pass', sound, 200],
    ['skip', {}, 404],
    ['fail', [sound], 200],
    ['fail', sound, 500],
    ['fail', { ...sound, issuer: 'https://elsewhere.example' }, 200],
    ['fail', { ...sound, token_endpoint: '/token' }, 200],
    ['fail', { ...sound, response_types_supported: undefined }, 200],
  ])('of RFC 8414 is %s: %o', (verdict, said, status) => {
    expect(code(servesServerMetadata, read('authorization-server', said, status))).toBe(verdict)
  })
  test('of mutual TLS says where', () => {
    const bound = { tls_client_certificate_bound_access_tokens: true }
    const over = { ...answeredWith(asking(), 200, token), tls: mutual('own') }
    const told = (said: object): string => code(advertisesMutualTls, read('smart-configuration', said), over)
    expect(told(bound)).toBe('pass')
    expect(told({ ...bound, mtls_endpoint_aliases: { token_endpoint: `${issuer}/mtls` } })).toBe('pass')
    expect(told({ ...bound, mtls_endpoint_aliases: { token_endpoint: '/mtls' } })).toBe('warning')
    expect(told({})).toBe('warning')
    expect(code(advertisesMutualTls, read('smart-configuration', bound), asking())).toBe('skip')
  })
  test('of SMART and UDAP are JSON', () => {
    expect(code(listsRequiredKeys, read('smart-configuration', '<html>'))).toBe('fail')
    expect(code(servesMetadata, read('udap-configuration', '<html>'))).toBe('fail')
  })
})

test('a challenge names an error only where there was a token', () => {
  const challenged = (challenge: string, token: string): Exchange =>
    exchange(
      'p',
      'probe',
      { method: 'GET', headers: token === 'no token' ? [] : [['Authorization', 'Bearer x']] },
      '',
      { token },
      { status: 401, headers: [['WWW-Authenticate', challenge]] },
    )
  const nobodys = 'a token that nobody issued'
  expect(code(challengesStrangers, challenged('Bearer realm="x"', 'no token'))).toBe('pass')
  expect(code(challengesStrangers, challenged('Bearer error="invalid_token"', 'no token'))).toBe('warning')
  expect(code(challengesStrangers, challenged('Bearer error="invalid_token"', nobodys))).toBe('pass')
  expect(code(challengesStrangers, challenged('Bearer error=invalid_token', nobodys))).toBe('pass')
  expect(code(challengesStrangers, challenged('Bearer', nobodys))).toBe('warning')
  expect(code(challengesStrangers, challenged('Basic realm="x"', nobodys))).toBe('fail')
})
