/** What OAuth, its RFCs and UDAP leave to a server that gives tokens is no failure of it; an answer that never came blames nobody. */
import { describe, expect, test } from 'vitest'
import type { Exchange, HeaderList, TlsFacts } from '../../../harness/transcript.ts'
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
  now,
  registering,
} from '../../told/registered.ts'
import { tiesTokensToCertificates } from './binding.ts'
import { describesActiveTokens } from './introspection.ts'
import { forgetsWithdrawnKeys } from './key-rotation.ts'
import { takesBothKindsOfKeySets, wantsOneKey } from './keys.ts'
import { bindsTokensToCertificates, refusesStolenTokens } from './mutual-tls.ts'
import { validatesTokens } from './resource.ts'
import { limitsBySearch, staysWithinRegistration } from './scopes.ts'
import { asksForConsentAgain } from './subject.ts'
import { validatesAssertions } from './token.ts'
import { listsRequiredMetadata, servesMetadata } from './udap.ts'
import { modifiesAndCancels } from './udap-registration.ts'
import { forgetsExpiredIds, grantsByAssertion, understandsRsa } from './udap-token.ts'

const later = (x: Exchange, seconds: number): Exchange => ({
  ...x,
  at: new Date(Date.parse(x.at) + seconds * 1000).toISOString(),
})
const mutual = (thumbprint = 'own'): TlsFacts => ({
  protocol: 'TLSv1.3',
  cipher: 'x',
  client: {
    subject: '',
    issuer: '',
    thumbprint,
    serial: '',
    notBefore: '',
    notAfter: '',
    subjectAltName: '',
    chain: [],
  },
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
    expect(code(tiesTokensToCertificates, token('a'), own, bare(200))).toBe('fail')
  })
  test('a door that is closed to its owner says nothing when it stays closed', () => {
    const stolen = using('of another member', 401)
    const nothing = using('of another member', 404, 'everything')
    expect(code(refusesStolenTokens, own, using('its own', 404, 'everything'), stolen, nothing)).toBe('pass')
    expect(code(refusesStolenTokens, own, using('its own', 200, 'everything'), stolen, nothing)).toBe('fail')
    const page = using('of another member', 404, 'page')
    expect(code(refusesStolenTokens, own, using('its own', 200, 'page'), stolen, page)).toBe('pass')
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

describe('UDAP', () => {
  const statement = { iss: 'u', grant_types: ['client_credentials'] }
  const registers = (intent: object = {}, status = 201): Exchange =>
    exchange(
      'r',
      'register',
      { body: JSON.stringify({ udap: '1', software_statement: jwt({ alg: 'RS256' }, statement) }) },
      status < 300 ? { client_id: 'c1' } : { error: 'invalid_client_metadata' },
      { form: 'udap', ...intent },
      { status },
    )
  const cancels = { variation: 'with no grant types' }
  const changes = { variation: 'with the scope of the operation alone' }
  test('to cancel a registration is advice, to change it is not', () => {
    const asks = (x: Exchange): Exchange => x
    const no = answeredWith(asking(), 401, { error: 'invalid_client' })
    expect(code(modifiesAndCancels, registers(), registers(cancels, 200), no)).toBe('pass')
    expect(code(modifiesAndCancels, registers(), registers(cancels, 400))).toBe('warning')
    expect(code(modifiesAndCancels, registers(), registers(cancels, 200), asks(asking()))).toBe('warning')
    expect(code(modifiesAndCancels, registers(), registers(changes, 400))).toBe('fail')
    expect(code(modifiesAndCancels, registers(), lost(registers(changes)))).toBe('error')
    expect(code(modifiesAndCancels, registers(), registers(cancels, 200), lost(asking()))).toBe('error')
  })
  const b2b = (mistake?: string, change: object = {}): Exchange => ({
    ...asking({ form: { udap: '1' } }),
    intent: mistake ? { mistake } : {},
    response: {
      status: 200,
      statusText: '',
      headers: json,
      body: JSON.stringify({ access_token: 'a', expires_in: 300, ...change }),
    },
  })
  const metadata = (change: object): Exchange => exchange('d', 'udap-configuration', { method: 'GET' }, change)
  test('who may do without the extension may leave it out', () => {
    const without = 'without the extension that says who asks'
    const required = metadata({
      udap_authorization_extensions_supported: ['hl7-b2b'],
      udap_authorization_extensions_required: ['hl7-b2b'],
    })
    const supported = metadata({ udap_authorization_extensions_supported: ['hl7-b2b'] })
    expect(code(grantsByAssertion, required, b2b(), b2b(without))).toBe('fail')
    expect(code(grantsByAssertion, supported, b2b(), b2b(without))).toBe('warning')
    expect(code(grantsByAssertion, supported, b2b(), b2b('with an extension of another version'))).toBe('fail')
  })
  test('a lifetime that is not told is not too long', () => {
    expect(code(grantsByAssertion, b2b(undefined, { expires_in: 3601 }))).toBe('fail')
    expect(code(grantsByAssertion, b2b(undefined, { expires_in: undefined }))).toBe('skip')
  })
  test('what was never answered blames nobody', () => {
    expect(code(grantsByAssertion, lost(b2b()))).toBe('error')
    expect(code(understandsRsa, lost(registers()))).toBe('error')
    const again = { ...later(asking(), 400), intent: { variation: 'with the jti of an assertion that has expired' } }
    expect(code(forgetsExpiredIds, asking(), lost(again))).toBe('error')
  })
  test('a server without UDAP answers as it answers to any address that it does not know', () => {
    for (const status of [400, 404, 405, 410, 501]) {
      expect(code(servesMetadata, answeredWith(metadata({}), status, { resourceType: 'OperationOutcome' }))).toBe(
        'skip',
      )
      expect(
        code(listsRequiredMetadata, answeredWith(metadata({}), status, { resourceType: 'OperationOutcome' })),
      ).toBe('skip')
    }
    // Who asks for a token before it tells is judged once.
    expect(code(servesMetadata, answeredWith(metadata({}), 401, { resourceType: 'OperationOutcome' }))).toBe('fail')
    expect(code(listsRequiredMetadata, answeredWith(metadata({}), 401, { resourceType: 'OperationOutcome' }))).toBe(
      'skip',
    )
  })
})
