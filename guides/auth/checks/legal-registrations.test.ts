/** What OAuth and its RFCs leave to a server that registers clients and is discovered is no failure of it. */
import { describe, expect, test } from 'vitest'
import type { Exchange, HeaderList } from '../../../harness/transcript.ts'
import { bindsTokens as declaresBinding } from '../../hrex/checks/security.ts'
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
  registering,
} from '../../told/registered.ts'
import { listsAbsoluteUrls, offersItsScopes } from './discovery.ts'
import { managesRegistrations } from './management.ts'
import { registersOneName } from './mutual-tls.ts'
import { answersRegistration, keepsStrangersOut, signedOutranksPlain } from './registration.ts'
import { refusesBadRegistrations } from './registration-refusals.ts'
import { servesServerMetadata } from './server-metadata.ts'

const noStore: HeaderList = [...json, ['Cache-Control', 'no-store']]

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
        response: {
          status: 201,
          statusText: '',
          headers: noStore,
          body: JSON.stringify({ client_id: 'c', ...answer }),
        },
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
    expect(
      code(registersOneName, accepted, byName(two, { error: 'invalid_software_statement' }, { mistake }, 400)),
    ).toBe('warning')
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
    // Whoever trusts the authority alone has mutual TLS, and no look into the repository.
    expect(code(keepsStrangersOut, using, stranger)).toBe('warning')
    for (const status of [400, 401, 403, 404, 421, 496])
      expect(code(keepsStrangersOut, using, answeredWith(stranger, status))).toBe('pass')
    // A gateway in trouble keeps nobody out.
    expect(code(keepsStrangersOut, using, answeredWith(stranger, 502))).toBe('skip')
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
    expect(code(servesServerMetadata, metadata('https://other.example', { issuer: 'https://old.example' }))).toBe(
      'fail',
    )
  })
  test('an issuer that we only guessed at', () => {
    const guessed = { issuer: 'https://old.example/auth', guessed: 'true' }
    expect(code(servesServerMetadata, metadata('https://old.example', guessed))).toBe('skip')
    expect(code(servesServerMetadata, metadata('https://other.example', guessed))).toBe('fail')
    for (const status of [400, 401, 403, 404])
      expect(code(servesServerMetadata, answeredWith(metadata('', guessed), status))).toBe('skip')
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
    const smart = exchange(
      'd',
      'smart-configuration',
      { method: 'GET' },
      { token_endpoint: 'https://old.example/token' },
    )
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
