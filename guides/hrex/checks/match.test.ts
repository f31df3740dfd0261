/** The checks of member match on small transcripts: each passes what is right and decides nothing without evidence. */
import { describe, expect, it } from 'vitest'
import {
  code,
  exchange,
  good,
  identifier,
  matched,
  mb,
  memberId,
  outcome,
  person,
  spoiled,
  umb,
} from '../../../flows/told-match.ts'
import type { Check } from '../../../harness/check.ts'
import type { Exchange } from '../../../harness/transcript.ts'
import * as evaluation from '../../pdex/checks/match-consent.ts'
import * as pdex from '../../pdex/checks/member-match.ts'
import * as consent from './consent.ts'
import * as match from './member-match.ts'

describe('without evidence', () => {
  it.each([...match.memberMatchChecks, ...consent.consentChecks, ...pdex.memberMatchChecks])(
    '$id decides nothing',
    (check) => {
      expect(code(check, [])).toBe('skip')
    },
  )

  it.each([
    match.refusesNobody,
    match.refusesSeveral,
    match.namesTheFailure,
    consent.refusesConsent,
    evaluation.disclosesNothing,
    evaluation.saysConsentIsWhy,
    evaluation.evaluatesConsent,
    pdex.refusesAllButOne,
    pdex.refusesMalformed,
  ])('$id decides nothing where no good request was ever matched, or the client is throttled', (check) => {
    const refusal = spoiled('with a consent that ended yesterday')
    expect(code(check, [refusal])).toBe('skip')
    expect(code(check, [exchange({ status: 422, answer: outcome() }), refusal])).toBe('skip')
    expect(code(check, [good(), spoiled('with a consent that ended yesterday', { status: 429 })])).toBe('skip')
    expect(code(check, [good(), refusal])).toBe('pass')
  })

  it('a missing answer is our trouble and nobody’s failure', () => {
    const { response: _, ...silent } = spoiled('with a consent that ended yesterday')
    const failure = { kind: 'timeout', code: 'ETIMEDOUT', message: 'no answer' } as const
    expect(code(consent.refusesConsent, [good(), { ...silent, failure }])).toBe('error')
  })
})

describe('a match', () => {
  it.each<[string, Check, object, string]>([
    ['both names', match.answersAsIn11, matched(), 'pass'],
    ['identifier alone', match.answersAsIn11, matched(identifier), 'pass'],
    [
      'an absolute MemberId',
      match.answersAsIn11,
      matched(identifier, { name: 'MemberId', valueReference: { reference: 'https://old.example/fhir/Patient/a' } }),
      'pass',
    ],
    [
      'UMB beside MB',
      match.answersAsIn11,
      matched({
        ...identifier,
        valueIdentifier: { ...identifier.valueIdentifier, type: { coding: [...mb.coding, ...umb.coding] } },
      }),
      'pass',
    ],
    [
      'MB alone',
      match.answersAsIn11,
      matched({ ...identifier, valueIdentifier: { ...identifier.valueIdentifier, type: mb } }),
      'fail',
    ],
    [
      'MB alone in 1.0',
      match.answersAsIn10,
      matched({ ...identifier, valueIdentifier: { ...identifier.valueIdentifier, type: mb } }),
      'pass',
    ],
    ['UMB in 1.0', match.answersAsIn10, matched(identifier), 'fail'],
    ['no value', match.answersAsIn11, matched({ name: 'MemberIdentifier', valueIdentifier: { type: umb } }), 'fail'],
    ['another parameter', match.answersAsIn11, matched(identifier, { name: 'Patient', resource: {} }), 'fail'],
    [
      'a contained MemberId',
      match.answersAsIn11,
      matched(identifier, { name: 'MemberId', valueReference: { reference: '#p' } }),
      'fail',
    ],
    [
      'a MemberId that is a Person',
      match.answersAsIn11,
      matched(identifier, { name: 'MemberId', valueReference: { reference: 'Person/1' } }),
      'fail',
    ],
    ['no Parameters', match.answersAsIn11, { resourceType: 'Patient' }, 'fail'],
    ['two identifiers', match.returnsOne, matched(identifier, identifier), 'fail'],
    ['one identifier', match.returnsOne, matched(identifier), 'pass'],
    ['the right member', pdex.namesTheMember, matched(), 'pass'],
    [
      'another value',
      pdex.namesTheMember,
      matched({ ...identifier, valueIdentifier: { type: umb, system: 'urn:umb', value: 'U1' } }),
      'fail',
    ],
    [
      'another system',
      pdex.namesTheMember,
      matched({ ...identifier, valueIdentifier: { type: umb, system: 'urn:cards', value: 'U12345678' } }),
      'fail',
    ],
    [
      'the bystander’s id',
      pdex.namesTheMember,
      matched(identifier, { name: 'MemberId', valueReference: { reference: 'Patient/iris-ito-9x2' } }),
      'fail',
    ],
    ['no identifier', pdex.namesTheMember, matched(memberId), 'fail'],
    ['no MemberId', pdex.givesMemberId, matched(identifier), 'warning'],
    ['a MemberId', pdex.givesMemberId, matched(), 'pass'],
  ])('with %s', (_, check, answer, expected) => {
    expect(code(check, [exchange({ answer })])).toBe(expected)
  })

  it('whose Patient cannot be found is worth a warning', () => {
    const matchedFirst = good()
    const read = exchange({
      move: 'read',
      status: 404,
      answer: outcome(),
      request: { method: 'GET', url: `https://old.example/fhir/Patient/${person.patientId}`, headers: [], body: '' },
    })
    expect(code(pdex.givesMemberId, [matchedFirst, read])).toBe('warning')
  })

  it('is owed to a member who is insured', () => {
    expect(code(pdex.matchesMembers, [good()])).toBe('pass')
    for (const status of [404, 405, 422, 500, 501])
      expect(code(pdex.matchesMembers, [exchange({ status, answer: outcome() })])).toBe('fail')
    for (const answer of ['', outcome(), { resourceType: 'Parameters' }, matched(memberId)])
      expect(code(pdex.matchesMembers, [exchange({ answer })])).toBe('fail')
    for (const status of [429, 503]) expect(code(pdex.matchesMembers, [exchange({ status, answer: '' })])).toBe('skip')
  })

  it('may lead to a version of the Patient', () => {
    const version = (id: string): object =>
      matched(identifier, { name: 'MemberId', valueReference: { reference: `Patient/${id}/_history/2` } })
    for (const check of [match.answersAsIn11, pdex.namesTheMember, pdex.givesMemberId])
      expect(code(check, [exchange({ answer: version(person.patientId ?? '') })])).toBe('pass')
    expect(code(pdex.namesTheMember, [exchange({ answer: version('iris-ito-9x2') })])).toBe('fail')
  })
})

describe('GET, guessing and variations', () => {
  const get = (status: number): Exchange => ({
    ...spoiled('with GET', { status }),
    request: { method: 'GET', url: 'https://old.example/fhir/Patient/$member-match', headers: [], body: '' },
  })
  it('GET is refused', () => {
    expect(code(match.postOnly, [good(), get(405)])).toBe('pass')
    expect(code(match.postOnly, [good(), get(200)])).toBe('fail')
    expect(code(match.postOnly, [get(405)])).toBe('skip')
    expect(code(match.postOnly, [good(), get(501)])).toBe('pass')
    for (const status of [429, 500, 503]) expect(code(match.postOnly, [good(), get(status)])).toBe('skip')
  })

  it('guessing is stopped, or told as a warning, and a hit is a failure', () => {
    const guess = (status: number, answer?: object): Exchange =>
      exchange({ status, answer: answer ?? outcome(), intent: { person: person.name, guess: '1' } })
    expect(code(match.stopsGuessing, [good(), guess(422), guess(429)])).toBe('pass')
    expect(code(match.stopsGuessing, [good(), guess(422), guess(422)])).toBe('warning')
    expect(code(match.stopsGuessing, [good(), guess(422), guess(200, matched())])).toBe('fail')
    expect(code(match.stopsGuessing, [good(), guess(500)])).toBe('skip')
    // Turned away at the first card: nobody knows why.
    const { response: _, ...lost } = guess(422)
    const reset = { ...lost, failure: { kind: 'refused', code: 'ECONNRESET', message: 'reset' } } as const
    for (const first of [guess(401), guess(403), guess(429), reset])
      expect(code(match.stopsGuessing, [good(), first])).toBe('skip')
    // A reset is a lock where matches are served otherwise; alone it may be the network's.
    expect(code(match.stopsGuessing, [good(), guess(422), reset])).toBe('pass')
    expect(code(match.stopsGuessing, [guess(422), reset])).toBe('skip')
    const alert = { ...reset, failure: { ...reset.failure, code: 'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED' } }
    expect(code(match.stopsGuessing, [guess(422), alert])).toBe('pass')
  })

  it.each([
    [match.toleratesExtensions, 'warning'],
    [consent.acceptsMoreActors, 'warning'],
    [evaluation.acceptsOnBothDays, 'warning'],
    [evaluation.ignoresTheDocument, 'warning'],
  ] as const)('%o accepts what is legal', (check, unmet) => {
    const variation = (status: number): Exchange =>
      exchange({ status, answer: status === 200 ? matched() : outcome(), intent: { variation: 'x' } })
    expect(code(check, [good(), variation(200)])).toBe('pass')
    expect(code(check, [good(), variation(422)])).toBe(unmet)
    expect(code(check, [variation(422)])).toBe('skip')
    for (const status of [429, 503]) expect(code(check, [good(), variation(status)])).toBe('skip')
  })

  it('one policy is enough', () => {
    const regular = (status: number): Exchange =>
      exchange({
        status,
        answer: status === 200 ? matched() : outcome(),
        draft: ({ consent }) =>
          Object.assign(consent.policy?.[0] ?? {}, { uri: consent.policy?.[0]?.uri?.replace('sensitive', 'regular') }),
      })
    const sensitive = (status: number): Exchange => exchange({ status, answer: status === 200 ? matched() : outcome() })
    expect(code(consent.knowsOnePolicy, [regular(200), sensitive(422)])).toBe('pass')
    expect(code(consent.knowsOnePolicy, [regular(422), sensitive(200)])).toBe('pass')
    expect(code(consent.knowsOnePolicy, [regular(422), sensitive(422)])).toBe('warning')
    expect(code(consent.knowsOnePolicy, [sensitive(422)])).toBe('skip')
    for (const status of [429, 503])
      expect(code(consent.knowsOnePolicy, [regular(status), sensitive(422)])).toBe('skip')
  })
})
