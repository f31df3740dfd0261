/** What OAuth and its RFCs leave to a server is no failure of it; and no check passes or blames for an answer that never came. */
import { describe, expect, test } from 'vitest'
import { type Check, verdictOf } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { type Exchange, type Failure, type HeaderList, type TlsFacts, Transcript } from '../../../harness/transcript.ts'
import type { Verdict } from '../../../harness/verdict.ts'
import { bindsTokens as declaresBinding } from '../../hrex/checks/security.ts'
import { asking, exchange, form, good, json, jwt, key, now, registering } from '../../told/registered.ts'
import { tiesTokensToCertificates } from './binding.ts'
import { listsAbsoluteUrls, offersItsScopes, servesServerMetadata } from './discovery.ts'
import { describesActiveTokens } from './introspection.ts'
import { forgetsWithdrawnKeys } from './key-rotation.ts'
import { takesBothKindsOfKeySets, wantsOneKey } from './keys.ts'
import { managesRegistrations } from './management.ts'
import { bindsTokensToCertificates, refusesStolenTokens, registersOneName } from './mutual-tls.ts'
import {
  answersRegistration,
  keepsStrangersOut,
  refusesBadRegistrations,
  signedOutranksPlain,
} from './registration.ts'
import { validatesTokens } from './resource.ts'
import { limitsBySearch, staysWithinRegistration } from './scopes.ts'
import { asksForConsentAgain } from './subject.ts'
import { validatesAssertions } from './token.ts'
import { listsRequiredMetadata, modifiesAndCancels, servesMetadata } from './udap.ts'
import { forgetsExpiredIds, grantsByAssertion, understandsRsa } from './udap-token.ts'

const scene: Scene = {
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: '2026-03-02T15:00:00.000Z',
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}
const verdict = (check: Check, ...exchanges: Exchange[]): Verdict =>
  verdictOf(check, Transcript.of(exchanges.map((x, i) => ({ ...x, id: `x${i + 1}` }))), scene)
const code = (check: Check, ...exchanges: Exchange[]): string => verdict(check, ...exchanges).code

/** The same, and the connection broke before anything was answered. */
const lost = ({ response: _, ...x }: Exchange): Exchange => ({ ...x, failure: broken })
const broken: Failure = { kind: 'timeout', code: 'ETIMEDOUT', message: 'no answer in time' }
const later = (x: Exchange, seconds: number): Exchange => ({
  ...x,
  at: new Date(Date.parse(x.at) + seconds * 1000).toISOString(),
})
const noStore: HeaderList = [...json, ['Cache-Control', 'no-store']]
const refused = (x: Exchange, status: number, answer: unknown = {}): Exchange => ({
  ...x,
  response: { status, statusText: '', headers: json, body: typeof answer === 'string' ? answer : JSON.stringify(answer) },
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

describe('registration', () => {
  const statement = jwt({ alg: 'ES256' }, good)
  const signed = (intent: Record<string, string> = {}, answer: object = {}, status = 201): Exchange =>
    exchange(
      'r',
      'register',
      { body: JSON.stringify({ ...good, software_statement: statement }) },
      { client_id: 'c1', ...good, ...answer },
      { form: 'json', ...intent },
      { status, headers: noStore },
    )
  const using = signed({}, { software_statement: statement })

  test('fields that a server does not know need not come back (RFC 7591 §2), what it needs must', () => {
    const named = { ...good, client_name: 'n', scope: 's' }
    const answers = (answer: object): string =>
      code(answersRegistration, {
        ...registering(named),
        response: { status: 201, statusText: '', headers: noStore, body: JSON.stringify({ client_id: 'c', ...answer }) },
      })
    expect(answers(named)).toBe('pass')
    expect(answers(good)).toBe('warning')
    expect(answers({ grant_types: good.grant_types, token_endpoint_auth_method: 'private_key_jwt' })).toBe('fail')
    // A server may fetch the keys and keep them, or keep them and publish a URL of its own.
    expect(answers({ ...named, jwks: undefined, jwks_uri: 'https://k' })).toBe('pass')
  })
  test.each(['with plain JSON', 'with a signed statement alone', 'with its certificate as its credential'])(
    'who registers %s may be refused: PDex wants a signed statement, RFC 7591 wants JSON',
    (variation) => {
      const no = signed({ variation }, { error: 'invalid_client_metadata' }, 400)
      expect(code(answersRegistration, no)).toBe('skip')
      expect(code(answersRegistration, signed({ variation }, {}, 500))).toBe('fail')
      expect(code(answersRegistration, signed({}, { error: 'invalid_client_metadata' }, 400))).toBe('fail')
    },
  )
  test('a server that knows no software statements ignores them (RFC 7591 §3.1.1)', () => {
    const mistake = 'with a statement that has expired'
    expect(code(refusesBadRegistrations, signed(), signed({ mistake }))).toBe('skip')
    expect(code(refusesBadRegistrations, using, signed({ mistake }))).toBe('fail')
  })
  test.each(['with response types that do not fit the grant types', 'with a private key in its key set'])(
    'to register %s is careless, and not forbidden',
    (mistake) => {
      const bad = { response_types: ['code'], jwks: { keys: [{ ...key, d: 'AQAB' }] } }
      expect(code(refusesBadRegistrations, using, signed({ mistake }, bad))).toBe('warning')
      expect(code(refusesBadRegistrations, using, signed({ mistake }, { response_types: [] }))).toBe('pass')
    },
  )
  test('a server may keep one of two names', () => {
    const mistake = 'with two names for its certificate'
    const two = { tls_client_auth_san_uri: 'u', tls_client_auth_san_dns: 'd' }
    expect(code(refusesBadRegistrations, using, signed({ mistake }, two))).toBe('fail')
    expect(code(refusesBadRegistrations, using, signed({ mistake }, { tls_client_auth_san_uri: 'u' }))).toBe('pass')
    const byName = (names: object, answer: object, intent: object, status = 201): Exchange =>
      exchange(
        'r',
        'register',
        { body: JSON.stringify({ token_endpoint_auth_method: 'tls_client_auth', ...names }) },
        { client_id: 'c', ...answer },
        { ...intent },
        { status },
      )
    const one = { tls_client_auth_san_uri: 'u' }
    const accepted = byName(one, one, {})
    expect(code(registersOneName, accepted, byName(two, two, { mistake }))).toBe('fail')
    expect(code(registersOneName, accepted, byName(two, one, { mistake }))).toBe('pass')
    expect(code(registersOneName, accepted, byName(two, { error: 'invalid_client_metadata' }, { mistake }, 400))).toBe(
      'pass',
    )
    // Both stand in the statement: it may be the statement that is called invalid.
    expect(code(registersOneName, accepted, byName(two, { error: 'invalid_software_statement' }, { mistake }, 400))).toBe(
      'warning',
    )
    const no = byName(one, { error: 'invalid_client_metadata' }, {}, 400)
    expect(code(registersOneName, no, byName(two, { error: 'invalid_client_metadata' }, { mistake }, 400))).toBe('skip')
  })
  test('a server that keeps no names puts neither of two before the other', () => {
    const variation = 'with another name beside the statement than in it'
    const text = jwt({ alg: 'ES256' }, { ...good, client_name: 'signed' })
    const asked = (answer: object): Exchange =>
      exchange(
        'r',
        'register',
        { body: JSON.stringify({ ...good, client_name: 'unsigned', software_statement: text }) },
        { client_id: 'c', ...answer },
        { variation },
        { status: 201 },
      )
    expect(code(signedOutranksPlain, asked({ software_statement: text, client_name: 'signed' }))).toBe('pass')
    expect(code(signedOutranksPlain, asked({ software_statement: text, client_name: 'unsigned' }))).toBe('fail')
    expect(code(signedOutranksPlain, asked({ software_statement: text }))).toBe('skip')
  })
  test('a stranger is kept out by any refusal', () => {
    const stranger = { ...signed(), from: 'a stranger' }
    expect(code(keepsStrangersOut, using, stranger)).toBe('fail')
    for (const status of [400, 401, 403, 404, 421, 496])
      expect(code(keepsStrangersOut, using, refused(stranger, status))).toBe('pass')
    // A gateway in trouble keeps nobody out.
    expect(code(keepsStrangersOut, using, refused(stranger, 502))).toBe('skip')
  })
})

describe('management of registrations', () => {
  const offered = exchange(
    'r',
    'register',
    { body: '{}' },
    { client_id: 'c', registration_access_token: 't', registration_client_uri: 'https://old.example/r/c' },
    {},
    { status: 201 },
  )
  const managing = (move: Exchange['move'], status: number, answer: unknown = {}): Exchange =>
    exchange('m', move, { url: 'https://old.example/r/c' }, answer, {}, { status })
  test('403 says that a client has no permission (RFC 7592 §2)', () => {
    for (const move of ['read-registration', 'update-registration', 'delete-registration'] as const) {
      expect(code(managesRegistrations, offered, managing(move, 403))).toBe('pass')
      expect(code(managesRegistrations, offered, managing(move, 404))).toBe('fail')
    }
  })
  test('a change may be refused as one that cannot be made', () => {
    const no = managing('update-registration', 400, { error: 'invalid_client_metadata' })
    expect(code(managesRegistrations, offered, no)).toBe('skip')
    expect(code(managesRegistrations, offered, managing('update-registration', 400, 'oops'))).toBe('fail')
  })
  test('a token request that was never answered blames nobody', () => {
    const gone = managing('delete-registration', 204)
    expect(code(managesRegistrations, offered, gone, lost(asking()))).toBe('error')
  })
})

describe('discovery', () => {
  const metadata = (issuer: string, asked: Record<string, string>, answer: object = {}): Exchange =>
    exchange(
      's',
      'authorization-server',
      { method: 'GET' },
      { issuer, token_endpoint: 'https://old.example/auth/token', response_types_supported: [], ...answer },
      asked,
    )
  test('an issuer that stands at the same address with or without a slash (RFC 8414 §3.1)', () => {
    expect(code(servesServerMetadata, metadata('https://old.example', { issuer: 'https://old.example/' }))).toBe('pass')
    expect(code(servesServerMetadata, metadata('https://old.example/a/', { issuer: 'https://old.example/a' }))).toBe(
      'pass',
    )
    expect(code(servesServerMetadata, metadata('https://other.example', { issuer: 'https://old.example' }))).toBe('fail')
  })
  test('an issuer that we only guessed at', () => {
    const guessed = { issuer: 'https://old.example/auth', guessed: 'true' }
    expect(code(servesServerMetadata, metadata('https://old.example', guessed))).toBe('skip')
    expect(code(servesServerMetadata, metadata('https://other.example', guessed))).toBe('fail')
    for (const status of [400, 401, 403, 404])
      expect(code(servesServerMetadata, refused(metadata('', guessed), status))).toBe('skip')
    // A website that has a page for every address offers no metadata.
    const page = { status: 200, statusText: '', headers: [['Content-Type', 'text/html']] as HeaderList, body: '<html>' }
    expect(code(servesServerMetadata, { ...metadata('', guessed), response: page })).toBe('skip')
  })
  test('every URL of the document is looked at', () => {
    const smart = (more: object): Exchange =>
      exchange('d', 'smart-configuration', { method: 'GET' }, { token_endpoint: 'https://old.example/token', ...more })
    expect(code(listsAbsoluteUrls, smart({}))).toBe('pass')
    expect(code(listsAbsoluteUrls, smart({ associated_endpoints: [{ url: '/fhir', capabilities: [] }] }))).toBe('fail')
    expect(code(listsAbsoluteUrls, smart({ mtls_endpoint_aliases: { token_endpoint: '/token' } }))).toBe('fail')
  })
  test('binding may be declared in the metadata of RFC 8414 alone', () => {
    const smart = exchange('d', 'smart-configuration', { method: 'GET' }, { token_endpoint: 'https://old.example/token' })
    const server = metadata('https://old.example', {}, { tls_client_certificate_bound_access_tokens: true })
    expect(code(declaresBinding, smart)).toBe('fail')
    expect(code(declaresBinding, server, smart)).toBe('pass')
  })
  test('a listed scope may be granted in other words, and need not be for every client', () => {
    const listed = exchange('d', 'smart-configuration', { method: 'GET' }, { scopes_supported: ['patient/*.read'] })
    const asks = (scope: string | undefined, status = 200): Exchange =>
      exchange(
        't',
        'member-token',
        { headers: form, body: 'scope=patient%2F*.read' },
        status === 200 ? { access_token: 'a', scope } : { error: 'invalid_scope' },
        { scope: 'patient/*.read' },
        { status },
      )
    expect(code(offersItsScopes, listed, asks('patient/*.read'))).toBe('pass')
    expect(code(offersItsScopes, listed, asks('patient/*.rs'))).toBe('pass')
    expect(code(offersItsScopes, listed, asks('patient/Condition.rs patient/Observation.rs'))).toBe('warning')
    expect(code(offersItsScopes, listed, asks('openid'))).toBe('fail')
    expect(code(offersItsScopes, listed, asks(undefined, 400))).toBe('fail')
    const narrow = {
      ...registering(good),
      response: { status: 201, statusText: '', headers: json, body: '{"client_id":"c","scope":"m"}' },
    }
    expect(code(offersItsScopes, listed, narrow, asks(undefined, 400))).toBe('warning')
  })
})

describe('keys', () => {
  test('a request that was lost shows nothing of a key', () => {
    const cached: HeaderList = [...json, ['Cache-Control', 'max-age=60']]
    const served = exchange('k', 'fetch-jwks', { url: 'https://k' }, { keys: [key] }, {}, { headers: cached })
    const change = exchange('w', 'publish-jwks', { url: 'https://k' }, '', { withdrawn: 'k1' }, { status: 204 })
    const again = later(asking({ claims: { jti: 'j2' } }), 62)
    const no = refused(again, 401, { error: 'invalid_client' })
    expect(code(forgetsWithdrawnKeys, served, asking(), change, no)).toBe('pass')
    expect(code(forgetsWithdrawnKeys, served, asking(), change, lost(again))).toBe('error')
    expect(code(forgetsWithdrawnKeys, served, asking(), change, refused(again, 503))).toBe('skip')
  })
  test('nor does a registration that was lost', () => {
    const twice = registering(good, {}, { variation: 'with two keys of the same id' })
    expect(code(wantsOneKey, refused(twice, 400, { error: 'invalid_client_metadata' }))).toBe('pass')
    expect(code(wantsOneKey, lost(twice))).toBe('error')
    expect(code(wantsOneKey, refused(twice, 503))).toBe('skip')
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
      { what: 'use a token', owner: scene.requester, connection, ...(at ? { at } : {}) },
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
    exchange('p', 'probe', { method: 'GET', url: 'https://old.example/fhir/x' }, body, { at: 'data', ...intent }, { status })
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
    const granted = exchange('t', 'match-token', { headers: form, body: 'scope=s+u&client_id=c1' }, { access_token: 'a' })
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
    expect(code(validatesAssertions, asking(), refused(bad, 400, { error: 'invalid_grant' }))).toBe('pass')
    expect(code(validatesAssertions, asking(), refused(bad, 400, { error: 'invalid_scope' }))).toBe('fail')
  })
  test('what opens all may be granted for one', () => {
    const registered = {
      ...registering(good),
      response: { status: 201, statusText: '', headers: json, body: '{"client_id":"c1","scope":"system/*.rs"}' },
    }
    const asked = (scope: string): Exchange =>
      exchange('t', 'match-token', { headers: form, body: 'scope=x' }, { access_token: 'a', scope }, {
        mistake: 'for a scope that writes',
      })
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
      ...exchange('s', 'probe', { method: 'GET', headers: [['Authorization', 'Bearer a']] }, body, { at: 'type' }, { status }),
    })
    expect(code(limitsBySearch, granted, read(403, {}))).toBe('skip')
    expect(code(limitsBySearch, granted, read(200, { resourceType: 'Bundle' }))).toBe('skip')
  })
  test('an answer that holds something else than objects is read as none', () => {
    const odd = `${Buffer.from('null').toString('base64url')}.${Buffer.from('1').toString('base64url')}.c2ln`
    const granted = { ...exchange('t', 'match-token', { headers: form, body: '' }, { access_token: odd }), tls: mutual() }
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
    const no = refused(asking(), 401, { error: 'invalid_client' })
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
    response: { status: 200, statusText: '', headers: json, body: JSON.stringify({ access_token: 'a', expires_in: 300, ...change }) },
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
      expect(code(servesMetadata, refused(metadata({}), status, { resourceType: 'OperationOutcome' }))).toBe('skip')
      expect(code(listsRequiredMetadata, refused(metadata({}), status, { resourceType: 'OperationOutcome' }))).toBe('skip')
    }
    // Who asks for a token before it tells is judged once.
    expect(code(servesMetadata, refused(metadata({}), 401, { resourceType: 'OperationOutcome' }))).toBe('fail')
    expect(code(listsRequiredMetadata, refused(metadata({}), 401, { resourceType: 'OperationOutcome' }))).toBe('skip')
  })
})
