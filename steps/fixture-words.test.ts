/** Every fixture has words that name who it is about. */
import { describe, expect, test } from 'vitest'
import type { Fixture, FixtureKind } from '../harness/fixture.ts'
import { fixtureWords } from './fixture-words.ts'

const person = 'Ana Adams'
const payer = 'another payer'
const everyKind: { readonly [kind in FixtureKind]: readonly Extract<Fixture, { is: kind }>[] } = {
  insures: [{ is: 'insures', person }],
  'insures-twins': [{ is: 'insures-twins', person }],
  'insures-nobody-like': [{ is: 'insures-nobody-like', person }],
  segmentation: (['excludes', 'tags', 'cannot'] as const).map((way) => ({ is: 'segmentation', way })),
  'blocked-by-member': [{ is: 'blocked-by-member', person, payer }],
  'consent-revoked': [{ is: 'consent-revoked', person, payer }],
  permissions: [
    { is: 'permissions', payer, claims: true, priorAuthorizations: false },
    { is: 'permissions', payer, claims: false, priorAuthorizations: true },
  ],
  trusted: (['member', 'endorsed-only', 'removed'] as const).map((standing) => ({ is: 'trusted', payer, standing })),
  registered: [{ is: 'registered', payer, clientId: 'c1', metadata: { jwks_uri: 'https://secret.example' } }],
  matched: (['sensitive', 'regular'] as const).map((policy) => ({
    is: 'matched',
    payer,
    person,
    clientId: 'c1',
    policy,
    start: '2026-03-01',
    end: '2026-05-31',
  })),
  'certificate-revoked': [{ is: 'certificate-revoked', thumbprint: 'abc', via: 'ocsp' }],
  export: (['ready-at-once', 'slow', 'fails'] as const).map((way) => ({ is: 'export', way, polls: 3 })),
  'identifier-only-match': [{ is: 'identifier-only-match' }],
  deleted: [{ is: 'deleted', person, type: 'Observation' }],
  updated: [{ is: 'updated', person, type: 'Observation' }],
}

describe('a fixture in words', () => {
  const told = Object.values(everyKind).flatMap((fixtures) =>
    fixtures.map((fixture: Fixture) => ({ fixture, words: fixtureWords(fixture, 'responding payer') })),
  )

  test.each(told)('$words', ({ fixture, words }) => {
    if ('person' in fixture) expect(words).toContain(person)
    if ('payer' in fixture) expect(words).toContain(payer)
    expect(words).not.toMatch(/undefined|the another|the the|jwks| {2}/)
  })

  test('no two say the same', () => {
    expect(new Set(told.map(({ words }) => words)).size).toBe(told.length)
  })

  test('an actor is named with its article', () => {
    expect(fixtureWords({ is: 'insures', person }, 'responding payer')).toBe('the responding payer insures Ana Adams')
    expect(fixtureWords({ is: 'insures', person }, 'another payer')).toBe('another payer insures Ana Adams')
  })
})
