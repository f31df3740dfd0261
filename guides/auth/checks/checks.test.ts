/** The checks on small transcripts: none passes on nothing, and what our own client might do wrong is found. */
import { describe, expect, test } from 'vitest'
import { verdictOf } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { type Exchange, type HeaderList, Transcript } from '../../../harness/transcript.ts'
import * as hrex from '../../hrex/checks/token.ts'
import * as pdexRegistration from '../../pdex/checks/registration.ts'
import * as pdexToken from '../../pdex/checks/token.ts'
import { asking, exchange, form, good, json, jwt, key, now, registering } from '../../told/registered.ts'
import { bindingChecks } from './binding.ts'
import { clientReadsFirst, discoveryChecks } from './discovery.ts'
import { introspectionChecks } from './introspection.ts'
import { forgetsWithdrawnKeys, keyRotationChecks } from './key-rotation.ts'
import { clientsSignBothWays, keysChecks, publishesKeysOpenly, publishesSoundKeys } from './keys.ts'
import { managementChecks } from './management.ts'
import { registrationChecks } from './registration.ts'
import { registrationRefusalChecks } from './registration-refusals.ts'
import {
  clientPostsJson,
  clientSendsOneKeySet,
  clientStatesItsTerms,
  registrationRequestChecks,
} from './registration-request.ts'
import { keepsTokensHome, resourceChecks } from './resource.ts'
import { limitsBySearch, scopesChecks } from './scopes.ts'
import { serverMetadataChecks } from './server-metadata.ts'
import { subjectChecks } from './subject.ts'
import { tokenChecks } from './token.ts'
import { clientClaimsWell, clientPostsForm, clientSignsWell, tokenRequestChecks } from './token-request.ts'
import { transportChecks } from './transport.ts'
import { clientBelievesTheSigned, udapChecks } from './udap.ts'
import { clientStatesWell, udapRegistrationChecks } from './udap-registration.ts'
import { clientAsserts, udapTokenChecks } from './udap-token.ts'

const scene: Scene = {
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: '2026-03-02T15:00:00.000Z',
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}
const all = [
  ...[
    discoveryChecks,
    introspectionChecks,
    keyRotationChecks,
    keysChecks,
    managementChecks,
    registrationChecks,
    registrationRefusalChecks,
    registrationRequestChecks,
  ].flat(),
  ...[
    resourceChecks,
    bindingChecks,
    subjectChecks,
    scopesChecks,
    tokenChecks,
    tokenRequestChecks,
    transportChecks,
    udapChecks,
    serverMetadataChecks,
    udapRegistrationChecks,
    udapTokenChecks,
  ].flat(),
  ...[hrex.tokenChecks, pdexRegistration.registrationChecks, pdexToken.tokenChecks].flat(),
]
const code = (check: (typeof all)[number], ...exchanges: Exchange[]): string =>
  verdictOf(check, Transcript.of(exchanges), scene).code

describe('no check passes on nothing', () => {
  test.each(all.map((check) => [check.id, check] as const))('%s', (_id, check) => {
    expect(code(check)).toBe('skip')
  })
})

describe('a client that registers', () => {
  test('posts JSON', () => {
    expect(code(clientPostsJson, registering(good))).toBe('pass')
    expect(code(clientPostsJson, registering(good, { headers: form }))).toBe('fail')
    expect(code(clientPostsJson, registering(good, { body: '[]' }))).toBe('fail')
  })
  test('sends one key set, without private parts', () => {
    expect(code(clientSendsOneKeySet, registering(good))).toBe('pass')
    expect(code(clientSendsOneKeySet, registering({ ...good, jwks_uri: 'https://k' }))).toBe('fail')
    expect(code(publishesSoundKeys, registering(good))).toBe('pass')
    expect(code(publishesSoundKeys, registering({ ...good, jwks: { keys: [{ ...key, d: 'd' }] } }))).toBe('fail')
    expect(code(publishesSoundKeys, registering({ ...good, jwks: { keys: [{ ...key, kid: undefined }] } }))).toBe(
      'fail',
    )
  })
  test('states how it authenticates', () => {
    expect(code(clientStatesItsTerms, registering(good))).toBe('pass')
    expect(code(clientStatesItsTerms, registering({ jwks: good.jwks }))).toBe('warning')
  })
  test('publishes its keys to everybody', () => {
    const served = (
      change: Partial<Exchange> & { headers?: HeaderList; status?: number },
      url = 'https://k/jwks',
    ): Exchange => exchange('k', 'fetch-jwks', { method: 'GET', url, headers: [] }, { keys: [key] }, {}, change)
    const cached: HeaderList = [...json, ['Cache-Control', 'max-age=60']]
    expect(code(publishesKeysOpenly, served({ headers: cached }))).toBe('pass')
    expect(code(publishesKeysOpenly, served({}))).toBe('warning')
    expect(code(publishesKeysOpenly, served({ headers: cached, status: 401 }))).toBe('fail')
    expect(code(publishesKeysOpenly, served({ headers: cached }, 'http://k/jwks'))).toBe('fail')
  })
})

describe('a client that asks for a token', () => {
  const registered = registering(good)
  test('has read discovery before', () => {
    const discovery = exchange('d', 'smart-configuration', {}, {})
    expect(code(clientReadsFirst, discovery, asking())).toBe('pass')
    expect(code(clientReadsFirst, asking(), discovery)).toBe('fail')
  })
  test('posts a form', () => {
    expect(code(clientPostsForm, asking())).toBe('pass')
    expect(code(clientPostsForm, asking({ headers: json }))).toBe('fail')
    expect(code(clientPostsForm, asking({ headers: [...form, ['Authorization', 'Basic x']] }))).toBe('fail')
    expect(code(clientPostsForm, asking({ form: { scope: '' } }))).toBe('fail')
  })
  test.each([
    ['alg', { alg: 'RS256' }],
    ['kid', { kid: 'another' }],
    ['typ', { typ: 'at+jwt' }],
    ['jku', { jku: 'https://elsewhere' }],
  ])('has a sound header: %s', (_name, change) => {
    expect(code(clientSignsWell, registered, asking())).toBe('pass')
    expect(code(clientSignsWell, registered, asking({ header: change }))).toBe('fail')
  })
  test.each([
    ['sub', { sub: 'somebody' }],
    ['aud', { aud: 'https://old.example/token/' }],
    ['an expiry too far', { exp: now + 301 }],
    ['an expiry that is over', { exp: now - 1 }],
    ['no jti', { jti: undefined }],
  ])('has sound claims: %s', (_name, change) => {
    expect(code(clientClaimsWell, registered, asking())).toBe('pass')
    expect(code(clientClaimsWell, registered, asking({ claims: change }))).toBe('fail')
  })
  test('never uses an id twice', () => {
    expect(code(clientClaimsWell, asking(), asking({ id: 't2' }))).toBe('fail')
    expect(code(clientClaimsWell, asking(), asking({ id: 't2', claims: { jti: 'j2' } }))).toBe('pass')
  })
  test('signs with both kinds of key', () => {
    expect(code(clientsSignBothWays, asking())).toBe('skip')
    expect(code(clientsSignBothWays, asking(), asking({ id: 't2', header: { alg: 'RS384' } }))).toBe('pass')
  })
  test('names the member by the MemberId', () => {
    const match = exchange(
      'm',
      'member-match',
      {},
      { resourceType: 'Parameters', parameter: [{ name: 'MemberId', valueReference: { reference: 'Patient/p1' } }] },
      { person: 'Ana' },
    )
    const member = (sub: string): Exchange => ({
      ...asking({ claims: { sub } }),
      move: 'member-token',
      intent: { person: 'Ana', subjectMode: 'sub' },
    })
    expect(code(pdexToken.clientNamesMemberInSub, match, member('p1'))).toBe('pass')
    expect(code(pdexToken.clientNamesMemberInSub, match, member('p2'))).toBe('warning')
  })
})

describe('a client that has a token', () => {
  const with_ = (url: string): HeaderList => (url.includes('old.example') ? [['Authorization', 'Bearer a']] : [])
  const get = (id: string, url: string, headers = with_(url), answer: unknown = {}): Exchange =>
    exchange(id, 'read', { method: 'GET', url, headers }, answer)
  const pointing = get('p', 'https://old.example/fhir/DocumentReference/1', undefined, {
    url: 'https://elsewhere.example/doc',
  })
  test('keeps it at home', () => {
    expect(code(keepsTokensHome, asking(), pointing, get('e', 'https://elsewhere.example/doc'))).toBe('pass')
    expect(code(keepsTokensHome, asking(), get('p', 'https://old.example/fhir/Patient/1'))).toBe('skip')
    expect(
      code(
        keepsTokensHome,
        asking(),
        pointing,
        get('e', 'https://elsewhere.example/doc', [['Authorization', 'Bearer a']]),
      ),
    ).toBe('warning')
  })
})

describe('what no honest simulator shows', () => {
  test('a search in a scope that limits nothing', () => {
    const scope = 'patient/Observation.rs?category=laboratory'
    const token = exchange(
      't',
      'member-token',
      { headers: form, body: new URLSearchParams({ scope }).toString() },
      { access_token: 'a', scope },
      { variation: 'for laboratory results alone' },
    )
    const read = (category: string): Exchange =>
      exchange(
        's',
        'probe',
        { method: 'GET', headers: [['Authorization', 'Bearer a']] },
        {
          resourceType: 'Bundle',
          entry: [{ resource: { resourceType: 'Observation', category: [{ coding: [{ code: category }] }] } }],
        },
        { at: 'type' },
      )
    expect(code(limitsBySearch, token, read('laboratory'))).toBe('pass')
    // A MAY that is not kept costs nothing, and is told.
    expect(verdictOf(limitsBySearch, Transcript.of([token, read('vital-signs')]), scene).findings[0]?.code).toBe(
      'wider',
    )
  })
  test('a key that is used before it must be forgotten', () => {
    const cached: HeaderList = [...json, ['Cache-Control', 'max-age=60']]
    const url = 'https://k/jwks'
    const served = exchange('k', 'fetch-jwks', { url }, { keys: [key] }, {}, { headers: cached })
    const change = exchange('w', 'publish-jwks', { url }, '', { withdrawn: 'k1' }, { status: 204 })
    const later = { ...asking({ id: 't2', claims: { jti: 'j2' } }), at: '2026-03-02T15:02:00.000Z' }
    expect(code(forgetsWithdrawnKeys, served, asking(), change)).toBe('skip')
    expect(code(forgetsWithdrawnKeys, served, asking(), change, later)).toBe('fail')
  })
})

describe('a UDAP client', () => {
  const statement = {
    iss: 'u',
    sub: 'u',
    aud: 'https://old.example/reg',
    iat: now,
    exp: now + 300,
    jti: 'j',
    client_name: 'n',
    contacts: ['mailto:a@b'],
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    scope: 's',
  }
  const registers = (change: object = {}): Exchange =>
    registering(
      { udap: '1', software_statement: jwt({ alg: 'ES256', x5c: ['x'] }, { ...statement, ...change }) },
      { url: 'https://old.example/reg' },
      { form: 'udap' },
    )
  test('states what it must', () => {
    expect(code(clientStatesWell, registers())).toBe('pass')
    for (const change of [
      { sub: 'v' },
      { exp: now + 301 },
      { contacts: ['https://x'] },
      { response_types: ['code'] },
      { scope: undefined },
    ])
      expect(code(clientStatesWell, registers(change))).toBe('fail')
  })
  test('believes nothing that is not signed well', () => {
    const read = exchange(
      'd',
      'udap-configuration',
      { method: 'GET', url: 'https://old.example/.well-known/udap' },
      { signed_metadata: jwt({ alg: 'RS256' }, { registration_endpoint: 'https://old.example/reg' }) },
    )
    expect(code(clientBelievesTheSigned, registers())).toBe('fail')
    expect(code(clientBelievesTheSigned, read, registers())).toBe('fail')
  })
  test('says who asks', () => {
    const b2b = { version: '1', organization_id: 'https://org', purpose_of_use: ['p'] }
    const asks = (change: object = {}): Exchange =>
      asking({
        header: { x5c: ['x'] },
        claims: { extensions: { 'hl7-b2b': { ...b2b, ...change } } },
        form: { udap: '1' },
      })
    expect(code(clientAsserts, asks())).toBe('pass')
    for (const change of [{ version: '2' }, { organization_id: 'no uri' }, { purpose_of_use: [] }])
      expect(code(clientAsserts, asks(change))).toBe('fail')
  })
})
