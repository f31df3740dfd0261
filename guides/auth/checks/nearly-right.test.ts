/** What an authorization server says or does nearly as it must, each beside what is right. */
import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { throwAway } from '../../../certs/throw-away.ts'
import { type Exchange, Transcript } from '../../../harness/transcript.ts'
import { smartFromMetadata } from '../../pdex/checks/discovery.ts'
import { answeredWith, asking, code, exchange, good, jwt, mutual, registering } from '../../told/registered.ts'
import { readSignedMetadata } from '../signed-metadata.ts'
import { knowsWhoAsks } from './introspection.ts'
import { takesBothKindsOfKeySets } from './keys.ts'
import { bindsTokensToCertificates } from './mutual-tls.ts'
import { refusesBeyondScope } from './scopes.ts'
import { servesServerMetadata } from './server-metadata.ts'

test('an issuer that was guessed may be another of its host, and is an https URL', () => {
  const asked = 'https://old.example/auth'
  const read = (issuer: unknown): Exchange =>
    exchange(
      'a',
      'authorization-server',
      { method: 'GET', headers: [] },
      { issuer, token_endpoint: `${asked}/token`, response_types_supported: [] },
      { issuer: asked, guessed: 'true' },
    )
  expect(code(servesServerMetadata, read(asked))).toBe('pass')
  expect(code(servesServerMetadata, read('https://old.example'))).toBe('skip')
  expect(code(servesServerMetadata, read('http://old.example/auth'))).toBe('fail')
  expect(code(servesServerMetadata, read('https://old.example/auth?tenant=1'))).toBe('fail')
})

test('who takes no inline keys is found out, though nobody asks for a token', () => {
  const refused = answeredWith(registering(good), 400, { error: 'invalid_client_metadata' })
  expect(code(takesBothKindsOfKeySets, refused)).toBe('fail')
})

test('a token and what is told of it are bound to one certificate', () => {
  const bound = jwt({ alg: 'ES384' }, { cnf: { 'x5t#S256': 'own' } })
  const token = { ...answeredWith(asking(), 200, { access_token: bound }), tls: mutual('own') }
  const told = (cnf?: object): Exchange =>
    exchange('i', 'introspect', { body: new URLSearchParams({ token: bound }).toString() }, { active: true, cnf })
  expect(code(bindsTokensToCertificates, token, told({ 'x5t#S256': 'own' }))).toBe('pass')
  expect(code(bindsTokensToCertificates, token, told())).toBe('pass')
  expect(code(bindsTokensToCertificates, token, told({ 'x5t#S256': 'another' }))).toBe('fail')
})

describe('introspection', () => {
  const asks = (mistake: string | undefined, status: number, answer: object): Exchange =>
    exchange('i', 'introspect', {}, answer, mistake ? { mistake } : {}, { status })
  const rightly = asks(undefined, 200, { active: true })
  test.each([
    ['pass', "with a stranger's key", 401, { error: 'invalid_client' }],
    ['pass', "with a stranger's key", 200, { active: false }],
    ['warning', "with a stranger's key", 200, { active: true }],
    ['warning', 'without saying who asks', 200, { active: false }],
  ])('is %s %s, answered %i %o', (verdict, mistake, status, answer) => {
    expect(code(knowsWhoAsks, rightly, asks(mistake, status, answer))).toBe(verdict)
  })
})

describe('signed metadata', async () => {
  const { cert } = await throwAway({ subject: 'CN=The Old Plan' })
  const certificate = new X509Certificate(cert).raw.toString('base64')
  const now = new Date('2026-03-02T15:00:00Z')
  const iat = now.getTime() / 1000
  const sound = {
    iat,
    exp: iat + 86_400,
    token_endpoint: 'https://old.example/token',
    registration_endpoint: 'https://old.example/register',
  }
  const wrong = (change: object): readonly string[] =>
    (
      readSignedMetadata(jwt({ alg: 'RS256', x5c: [certificate] }, { ...sound, ...change }), 'https://old.example', now)
        ?.faults ?? []
    ).map(({ expression }) => expression)
  test('is of today, and its endpoints are absolute', () => {
    expect(wrong({})).not.toContain('iat')
    expect(wrong({ iat: iat + 300 })).not.toContain('iat')
    expect(wrong({ iat: iat + 31_536_000, exp: iat + 2 * 31_536_000 })).toContain('iat')
    expect(wrong({})).not.toContain('token_endpoint')
    expect(wrong({ token_endpoint: '/token' })).toContain('token_endpoint')
    expect(wrong({ registration_endpoint: 'http://old.example/register' })).toContain('registration_endpoint')
  })
})

test('a narrow scope may find nothing in a search, and nothing else', () => {
  const granted = (id: string, text: string, scope: string, intent: Record<string, string> = {}): Exchange => ({
    ...answeredWith(asking({ id }), 200, { access_token: text, scope }),
    move: 'member-token',
    intent,
  })
  const using = (text: string, at: string, status: number, answer: object = {}): Exchange =>
    exchange(at, 'probe', { method: 'GET', headers: [['Authorization', `Bearer ${text}`]] }, answer, { at }, { status })
  const found = (...types: string[]) => ({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: types.map((resourceType) => ({ resource: { resourceType, id: '1' } })),
  })
  const searched = (status: number, answer: object): string =>
    code(
      refusesBeyondScope,
      granted('w', 'wide', 'patient/*.rs'),
      using('wide', 'data', 200),
      granted('n', 'narrow', 'patient/Coverage.rs', { variation: 'for the data of one type' }),
      using('narrow', 'data', 403),
      using('narrow', 'type', status, answer),
    )
  expect(searched(403, {})).toBe('pass')
  expect(searched(200, found())).toBe('pass')
  expect(searched(200, found('OperationOutcome', 'Practitioner', 'Coverage'))).toBe('pass')
  expect(searched(200, found('Observation'))).toBe('warning')
})

test('what metadata and the SMART configuration both name is the same', () => {
  const smart = { token_endpoint: 'https://old.example/token', registration_endpoint: 'https://old.example/register' }
  const told = (uris: Record<string, string>): readonly string[] =>
    smartFromMetadata(
      Transcript.of([
        exchange('s', 'smart-configuration', { method: 'GET' }, smart),
        exchange(
          'm',
          'metadata',
          { method: 'GET' },
          {
            resourceType: 'CapabilityStatement',
            rest: [
              {
                security: {
                  extension: [
                    {
                      url: 'http://x/oauth-uris',
                      extension: Object.entries(uris).map(([url, valueUri]) => ({ url, valueUri })),
                    },
                  ],
                },
              },
            ],
          },
        ),
      ]),
      'responding payer',
    ).map(({ message }) => message)
  expect(told({})).toEqual([])
  expect(told({ token: smart.token_endpoint, register: smart.registration_endpoint })).toEqual([])
  // Only one of them names it: there is nothing to agree on.
  expect(told({ manage: 'https://old.example/manage' })).toEqual([])
  expect(told({ register: 'https://old.example/clients' })).toEqual([
    'metadata and smart-configuration name different registration_endpoints',
  ])
})
