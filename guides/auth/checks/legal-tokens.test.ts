/** What OAuth and its RFCs leave to a server that gives tokens is no failure of it; an answer that never came blames nobody. */
import { describe, expect, test } from 'vitest'
import type { Exchange, HeaderList } from '../../../harness/transcript.ts'
import { bindsTokens as withMutualTls } from '../../hrex/checks/token.ts'
import { matchTokenMatchesOnly, takesIdentifier } from '../../pdex/checks/token.ts'
import {
  answeredWith,
  asking,
  code,
  exchange,
  form,
  good,
  json,
  jwt,
  key,
  lost,
  mutual,
  now,
  registering,
} from '../../told/registered.ts'
import { tiesTokensToCertificates } from './binding.ts'
import { clientReadsFirst } from './discovery.ts'
import { describesActiveTokens } from './introspection.ts'
import { forgetsWithdrawnKeys } from './key-rotation.ts'
import { takesBothKindsOfKeySets, wantsOneKey } from './keys.ts'
import { bindsTokensToCertificates, refusesStolenTokens } from './mutual-tls.ts'
import { validatesTokens } from './resource.ts'
import { grantsOperationScope, limitsBySearch, staysWithinRegistration } from './scopes.ts'
import { asksForConsentAgain, takesMemberAsSubject } from './subject.ts'
import { validatesAssertions } from './token.ts'

const later = (x: Exchange, seconds: number): Exchange => ({
  ...x,
  at: new Date(Date.parse(x.at) + seconds * 1000).toISOString(),
})
describe('keys', () => {
  test('a request that was lost shows nothing of a key', () => {
    const cached: HeaderList = [...json, ['Cache-Control', 'max-age=60']]
    const served = exchange('k', 'fetch-jwks', { url: 'https://k' }, { keys: [key] }, {}, { headers: cached })
    const change = exchange('w', 'publish-jwks', { url: 'https://k' }, '', { withdrawn: 'k1' }, { status: 204 })
    const again = later(asking({ claims: { jti: 'j2' } }), 62)
    const no = answeredWith(again, 401, { error: 'invalid_client' })
    expect(code(forgetsWithdrawnKeys, served, asking(), change, no)).toBe('pass')
    expect(code(forgetsWithdrawnKeys, served, asking(), change, lost(again))).toBe('error')
    expect(code(forgetsWithdrawnKeys, served, asking(), change, answeredWith(again, 503))).toBe('skip')
  })
  test('nor does a registration that was lost', () => {
    const twice = registering(good, {}, { variation: 'with two keys of the same id' })
    expect(code(wantsOneKey, answeredWith(twice, 400, { error: 'invalid_client_metadata' }))).toBe('pass')
    expect(code(wantsOneKey, lost(twice))).toBe('error')
    expect(code(wantsOneKey, answeredWith(twice, 503))).toBe('skip')
    const byUrl = registering({ ...good, jwks: undefined, jwks_uri: 'https://k' })
    expect(code(takesBothKindsOfKeySets, registering(good), asking(), byUrl, lost(asking()))).toBe('error')
  })
})

describe('bound tokens', () => {
  const token = (access_token: string): Exchange => ({
    ...exchange('t', 'member-token', { headers: form, body: 'scope=s' }, { access_token, scope: 's' }),
    tls: mutual(),
  })
  const using = (connection: string, status: number, at?: string): Exchange =>
    exchange(
      'p',
      'probe',
      { method: 'GET', url: `https://old.example/fhir/${at ?? 'Patient/1'}`, headers: [['Authorization', 'Bearer a']] },
      {},
      { what: 'use a token', owner: 'requesting payer', connection, ...(at ? { at } : {}) },
      { status, ...(connection === 'of another member' ? { from: 'another payer' } : {}) },
    )
  const own = using('its own', 200)
  test('a gateway turns away who shows no certificate in its own words', () => {
    const bare = (status: number): Exchange => using('without a certificate', status)
    for (const status of [400, 403, 495, 496]) {
      expect(code(refusesStolenTokens, own, bare(status))).toBe('pass')
      expect(code(tiesTokensToCertificates, token('a'), own, bare(status))).toBe('pass')
    }
  })
  test('a door that is closed to its owner says nothing when it stays closed', () => {
    const stolen = using('of another member', 401)
    const nothing = using('of another member', 404, 'everything')
    expect(code(refusesStolenTokens, own, using('its own', 404, 'everything'), stolen, nothing)).toBe('pass')
    expect(code(refusesStolenTokens, own, using('its own', 200, 'everything'), stolen, nothing)).toBe('fail')
    const page = using('of another member', 404, 'page')
    expect(code(refusesStolenTokens, own, using('its own', 200, 'page'), stolen, page)).toBe('pass')
  })
  test('a reset refuses a stolen token where its owner is served; alone it may be the network’s', () => {
    const reset = (x: Exchange): Exchange => {
      const { response: _, ...rest } = x
      return { ...rest, failure: { kind: 'refused', code: 'ECONNRESET', message: 'the connection was reset' } }
    }
    const elsewhere = using('its own', 200, 'everything')
    for (const stolen of [using('without a certificate', 401), using('of another member', 401)]) {
      expect(code(refusesStolenTokens, own, reset(stolen))).toBe('pass')
      expect(code(refusesStolenTokens, elsewhere, reset(stolen))).toBe('skip')
      expect(code(tiesTokensToCertificates, token('a'), own, reset(stolen))).toBe('pass')
      expect(code(tiesTokensToCertificates, token('a'), elsewhere, reset(stolen))).toBe('skip')
    }
  })
  test('plain bearer tokens are not those of mutual TLS, which nobody speaks of and no door asks for', () => {
    const bare = using('without a certificate', 200)
    const declared = exchange('d', 'smart-configuration', {}, { tls_client_certificate_bound_access_tokens: true })
    const told = [token('a'), own, bare, using('of another member', 200)]
    expect(code(tiesTokensToCertificates, ...told)).toBe('warning')
    expect(code(withMutualTls, ...told)).toBe('skip')
    expect(code(refusesStolenTokens, ...told)).toBe('skip')
    for (const check of [tiesTokensToCertificates, withMutualTls, refusesStolenTokens]) {
      expect(code(check, declared, ...told)).toBe('fail')
      // A door that asks for a certificate is one of mutual TLS.
      const closed = using('without a certificate', 401)
      expect(code(check, token('a'), own, closed, using('of another member', 200))).toBe('fail')
    }
  })
  test('a JWT need not carry its thumbprint: an introspection may tell it (RFC 8705 §3.2)', () => {
    const bare = jwt({ alg: 'ES256' }, { sub: 's' })
    const told = (cnf: object): Exchange =>
      exchange('i', 'introspect', { headers: form, body: `token=${bare}` }, { active: true, cnf })
    expect(code(bindsTokensToCertificates, token(bare))).toBe('skip')
    expect(code(bindsTokensToCertificates, token(bare), told({ 'x5t#S256': 'own' }))).toBe('pass')
    expect(code(bindsTokensToCertificates, token(bare), told({}))).toBe('fail')
    expect(code(bindsTokensToCertificates, token(jwt({}, { cnf: { 'x5t#S256': 'other' } })))).toBe('fail')
  })
})

describe('tokens', () => {
  const probe = (intent: Record<string, string>, status: number, body: unknown = {}): Exchange =>
    exchange(
      'p',
      'probe',
      { method: 'GET', url: 'https://old.example/fhir/x' },
      body,
      { at: 'data', ...intent },
      { status },
    )
  test('another refusal than that of RFC 6750 opens nothing, and is worth a look', () => {
    const wrong = (token: string, status: number): string =>
      code(validatesTokens, probe({ token: 'its token for the data' }, 200), probe({ token, mistake: token }, status))
    expect(wrong('a token that nobody issued', 401)).toBe('pass')
    expect(wrong('a token that nobody issued', 403)).toBe('warning')
    expect(wrong('a token that nobody issued', 200)).toBe('fail')
    expect(wrong('its token to match members', 404)).toBe('warning')
  })
  test('a search that finds nothing opens nothing', () => {
    const own = probe({ token: 'its token for the data', at: 'search' }, 200, { resourceType: 'Bundle', entry: [] })
    const match = exchange('m', 'member-match', {}, { resourceType: 'Parameters' })
    const tried = (token: string, ...found: object[]): Exchange =>
      probe({ token, mistake: token, at: 'search' }, 200, {
        resourceType: 'Bundle',
        entry: found.map((resource) => ({ resource })),
      })
    const outcome = { resourceType: 'OperationOutcome' }
    const token = 'its token to match members'
    expect(code(validatesTokens, own, tried(token, outcome))).toBe('warning')
    expect(code(matchTokenMatchesOnly, match, tried(token, outcome))).toBe('pass')
    expect(code(validatesTokens, own, tried(token, { resourceType: 'Condition' }))).toBe('fail')
    expect(code(matchTokenMatchesOnly, match, tried(token, { resourceType: 'Condition' }))).toBe('warning')
    expect(code(validatesTokens, own, tried('a token that nobody issued'))).toBe('fail')
  })
  test('who is put off has not been refused', () => {
    const bad = { ...asking(), intent: { mistake: 'with an assertion that has expired' } }
    for (const status of [429, 503]) expect(code(validatesAssertions, asking(), answeredWith(bad, status))).toBe('skip')
    expect(code(validatesAssertions, asking(), answeredWith(bad, 500))).toBe('fail')
  })
  test('to grant something else is not to grant the operation', () => {
    const operation = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'
    const asks = (scope?: string): Exchange =>
      exchange(
        't',
        'match-token',
        { headers: form, body: new URLSearchParams({ scope: operation }).toString() },
        {
          access_token: 'a',
          scope,
        },
      )
    for (const scope of [operation, undefined, 'system/Patient.$member-match'])
      expect(code(grantsOperationScope, asks(scope))).toBe('pass')
    expect(code(grantsOperationScope, asks('system/*.rs'))).toBe('warning')
  })
  test('a client that was told where tokens are given need not look it up', () => {
    expect(code(clientReadsFirst, asking())).toBe('fail')
    expect(code(clientReadsFirst, { ...asking(), intent: { endpoint: 'told' } })).toBe('skip')
  })
  test('a token may live on until its end when the consent has ended', () => {
    const late = 'its token for the data, whose consent has ended'
    const before = probe({ token: 'its token for the data', person: 'Ana' }, 200)
    expect(code(asksForConsentAgain, before, probe({ token: late, mistake: late, person: 'Ana' }, 403))).toBe('pass')
    expect(code(asksForConsentAgain, before, probe({ token: late, mistake: late, person: 'Ana' }, 200))).toBe('warning')
  })
  test('what is described is what was asked for where the grant named no scope', () => {
    const granted = exchange(
      't',
      'match-token',
      { headers: form, body: 'scope=s+u&client_id=c1' },
      { access_token: 'a' },
    )
    const told = (change: object): Exchange =>
      exchange(
        'i',
        'introspect',
        { headers: form, body: 'token=a' },
        { active: true, scope: 'u s', client_id: 'c1', exp: now + 300, ...change },
      )
    expect(code(describesActiveTokens, granted, told({}))).toBe('pass')
    expect(code(describesActiveTokens, granted, told({ scope: 's' }))).toBe('fail')
    expect(code(describesActiveTokens, granted, told({ client_id: 'c2' }))).toBe('fail')
    expect(code(describesActiveTokens, granted, told({ exp: (now + 300) * 1000 }))).toBe('fail')
  })
  test('a scope that is not known is no word about how the member was named', () => {
    const asks = (error: string): Exchange => ({
      ...answeredWith(asking(), 400, { error }),
      move: 'member-token',
      intent: { subjectMode: 'sub', subject: 's|v' },
    })
    for (const check of [takesMemberAsSubject, takesIdentifier]) {
      expect(code(check, asks('invalid_client'))).toBe('warning')
      expect(code(check, asks('invalid_scope'))).toBe('skip')
    }
  })
  test('PDex puts a member into sub: who is no member there may be refused as one', () => {
    const mistake = 'with an assertion about another subject'
    const bad = { ...asking({ claims: { sub: 'x' } }), intent: { mistake } }
    expect(code(validatesAssertions, asking(), answeredWith(bad, 400, { error: 'invalid_grant' }))).toBe('pass')
    expect(code(validatesAssertions, asking(), answeredWith(bad, 400, { error: 'invalid_scope' }))).toBe('fail')
  })
  test('what opens all may be granted for one', () => {
    const registered = {
      ...registering(good),
      response: { status: 201, statusText: '', headers: json, body: '{"client_id":"c1","scope":"system/*.rs"}' },
    }
    const asked = (scope: string): Exchange =>
      exchange(
        't',
        'match-token',
        { headers: form, body: 'scope=x' },
        { access_token: 'a', scope },
        {
          mistake: 'for a scope that writes',
        },
      )
    expect(code(staysWithinRegistration, registered, asking(), asked('patient/*.rs'))).toBe('pass')
    expect(code(staysWithinRegistration, registered, asking(), asked('patient/*.cruds'))).toBe('fail')
  })
  test('a search that was refused limits nothing', () => {
    const scope = 'patient/Observation.rs?category=laboratory'
    const granted = exchange(
      't',
      'member-token',
      { headers: form, body: new URLSearchParams({ scope }).toString() },
      { access_token: 'a', scope },
      { variation: 'for laboratory results alone' },
    )
    const read = (status: number, body: unknown): Exchange => ({
      ...exchange(
        's',
        'probe',
        { method: 'GET', headers: [['Authorization', 'Bearer a']] },
        body,
        { at: 'type' },
        { status },
      ),
    })
    expect(code(limitsBySearch, granted, read(403, {}))).toBe('skip')
    expect(code(limitsBySearch, granted, read(200, { resourceType: 'Bundle' }))).toBe('skip')
  })
  test('an answer that holds something else than objects is read as none', () => {
    const odd = `${Buffer.from('null').toString('base64url')}.${Buffer.from('1').toString('base64url')}.c2ln`
    const granted = {
      ...exchange('t', 'match-token', { headers: form, body: '' }, { access_token: odd }),
      tls: mutual(),
    }
    expect(code(bindsTokensToCertificates, granted)).toBe('skip')
  })
})
