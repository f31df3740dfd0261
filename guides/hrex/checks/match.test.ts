/** The checks of member match on small transcripts: each passes what is right, catches what is wrong, and decides nothing without evidence. */
import { describe, expect, it } from 'vitest'
import { manners } from '../../../flows/match-member.ts'
import { bodyOf, draftMatch, type MatchDraft } from '../../../flows/match-request.ts'
import type { Identity } from '../../../harness/actor.ts'
import { type Check, verdictOf } from '../../../harness/check.ts'
import type { Person } from '../../../harness/person.ts'
import type { Scene } from '../../../harness/scene.ts'
import { type Exchange, Transcript } from '../../../harness/transcript.ts'
import * as client from '../../pdex/checks/match-client.ts'
import * as evaluation from '../../pdex/checks/match-consent.ts'
import * as pdex from '../../pdex/checks/member-match.ts'
import * as consent from './consent.ts'
import * as coverage from './coverage.ts'
import * as request from './match-request.ts'
import * as match from './member-match.ts'

const naic = 'urn:oid:2.16.840.1.113883.6.300'
const asker: Identity = { name: 'New', uri: 'https://new.example/payer', identifier: { system: naic, value: '20002' } }
const payer: Identity = { name: 'Old', uri: 'https://old.example/payer', identifier: { system: naic, value: '10001' } }
const now = new Date('2026-03-02T15:00:00Z')
const mb = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB' }] }
const self = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship', code: 'self' }] }

const person: Person = {
  name: 'Ana Adams',
  part: 'tried',
  submitted: {
    patient: {
      resourceType: 'Patient',
      id: '1',
      name: [{ family: 'Adams', given: ['Ana'] }],
      gender: 'female',
      birthDate: '1980-04-05',
    },
    coverageToMatch: {
      resourceType: 'Coverage',
      status: 'active',
      identifier: [{ type: mb, system: 'urn:old', value: 'W100' }],
      subscriberId: 'W100',
      dependent: '01',
      beneficiary: { reference: 'Patient/1' },
      relationship: self,
      payor: [{ identifier: payer.identifier }],
    },
    coverageToLink: {
      resourceType: 'Coverage',
      status: 'active',
      identifier: [{ type: mb, system: 'urn:new', value: 'N200' }],
      subscriberId: 'N200',
      beneficiary: { reference: 'Patient/1' },
      relationship: self,
      payor: [{ identifier: asker.identifier }],
      class: [
        {
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'group' }] },
          value: 'G',
          name: 'Employer',
        },
        {
          type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/coverage-class', code: 'plan' }] },
          value: 'P',
          name: 'Plan',
        },
      ],
      network: 'all of it',
    },
  },
  patientId: 'ana-adams-k3f9',
  memberIdentifier: { system: 'urn:umb', value: 'U12345678' },
}
const bystander: Person = {
  ...person,
  name: 'Iris Ito',
  patientId: 'iris-ito-9x2',
  memberIdentifier: { system: 'urn:umb', value: 'U87654321' },
}
const scene: Scene = {
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: now.toISOString(),
  person,
  bystander,
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}

const umb = { coding: [{ system: 'http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp', code: 'UMB' }] }
const identifier = { name: 'MemberIdentifier', valueIdentifier: { type: umb, ...person.memberIdentifier } }
const memberId = { name: 'MemberId', valueReference: { reference: `Patient/${person.patientId}` } }
const matched = (...parts: object[]): object => ({
  resourceType: 'Parameters',
  parameter: parts.length ? parts : [identifier, memberId],
})
const outcome = (text = 'the consent cannot be honoured', code = 'business-rule'): object => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, details: { text } }],
})

let number = 0
function exchange(
  part: Partial<Exchange> & {
    status?: number
    answer?: unknown
    headers?: [string, string][]
    draft?: (draft: MatchDraft) => void
  },
): Exchange {
  const { status = 200, answer = matched(), headers = [], draft: change, ...rest } = part
  const draft = draftMatch(
    person,
    { policy: 'sensitive', start: '2026-03-01', end: '2026-05-30' },
    { asker, payer, now },
  )
  change?.(draft)
  return {
    id: `x${++number}`,
    move: 'member-match',
    from: 'requesting payer',
    to: 'responding payer',
    at: now.toISOString(),
    intent: { person: person.name },
    request: {
      method: 'POST',
      url: 'https://old.example/fhir/Patient/$member-match',
      headers: [['Content-Type', 'application/fhir+json']],
      body: bodyOf(draft),
    },
    response: {
      status,
      statusText: '',
      headers: [['Content-Type', 'application/fhir+json'], ...headers],
      body: typeof answer === 'string' ? answer : JSON.stringify(answer),
    },
    timings: { connect: 0, firstByte: 0, total: 0 },
    ...rest,
  }
}
const code = (check: Check, exchanges: Exchange[], part: Partial<Scene> = {}): string =>
  verdictOf(check, Transcript.of(exchanges), { ...scene, ...part }).code
const good = (): Exchange => exchange({})
const spoiled = (manner: string, part: Parameters<typeof exchange>[0] = {}): Exchange =>
  exchange({
    status: 422,
    answer: outcome(),
    intent: { person: person.name, mistake: manner },
    draft: manners[manner] as never,
    ...part,
  })

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
  })
})

describe('a refusal', () => {
  const refusal = (part: Parameters<typeof exchange>[0]): Exchange[] => [
    good(),
    spoiled('with a consent that ended yesterday', part),
  ]

  it.each<[string, Check, Parameters<typeof exchange>[0], string]>([
    ['that is 404', match.refusesNobody, { status: 404 }, 'fail'],
    ['that is 200', match.refusesNobody, { status: 200, answer: { resourceType: 'Parameters' } }, 'fail'],
    ['that is 500', match.refusesSeveral, { status: 500 }, 'fail'],
    ['that is 400', consent.refusesConsent, { status: 400 }, 'fail'],
    ['that is 400 with PDex', evaluation.saysConsentIsWhy, { status: 400 }, 'fail'],
    ['that is 403, evaluated all the same', evaluation.evaluatesConsent, { status: 403 }, 'warning'],
    ['that is none', evaluation.evaluatesConsent, { status: 200, answer: matched() }, 'warning'],
    ['that is none, and discloses', evaluation.disclosesNothing, { status: 200, answer: matched() }, 'fail'],
    ['without a body', match.namesTheFailure, { answer: '' }, 'warning'],
    ['without a body where PDex wants one', evaluation.saysConsentIsWhy, { answer: '' }, 'fail'],
    [
      'without words',
      match.namesTheFailure,
      { answer: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'invalid' }] } },
      'warning',
    ],
    [
      'by a coding',
      match.namesTheFailure,
      {
        answer: {
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'error', code: 'invalid', details: { coding: [{ code: 'X1' }] } }],
        },
      },
      'pass',
    ],
    [
      'with a mere warning',
      evaluation.saysConsentIsWhy,
      {
        answer: {
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'warning', code: 'x', diagnostics: 'consent' }],
        },
      },
      'fail',
    ],
    ['for another reason', evaluation.saysConsentIsWhy, { answer: outcome('no member found') }, 'warning'],
    ['of what is malformed, as 400', pdex.refusesMalformed, { status: 400 }, 'warning'],
    ['of what is malformed, as 500', pdex.refusesMalformed, { status: 500 }, 'warning'],
  ])('%s', (_, check, part, expected) => {
    expect(code(check, refusal(part))).toBe(expected)
  })

  it('of XML may be 415', () => {
    expect(code(pdex.refusesMalformed, [good(), spoiled('in XML', { status: 415 })])).toBe('pass')
    expect(code(pdex.refusesMalformed, [good(), spoiled('in XML', { status: 415, answer: '' })])).toBe('pass')
    expect(code(pdex.refusesMalformed, [good(), spoiled('without a payor', { status: 415 })])).toBe('warning')
  })

  it.each<[string, Parameters<typeof exchange>[0]]>([
    ['patient id in the diagnostics', { answer: outcome(`not for ${person.patientId}.`) }],
    ['patient id as a reference', { answer: outcome(`not for Patient/${person.patientId}`) }],
    ['member identifier in the text', { answer: outcome('consent of U12345678 is over') }],
    ['bystander’s patient id', { answer: outcome('did you mean iris-ito-9x2?') }],
    ['identifier in a header', { headers: [['X-Match', 'id=U12345678']] }],
    [
      'patient id in a Location',
      { headers: [['Location', `https://old.example/fhir/Patient/${person.patientId}/_history/1`]] },
    ],
    ['identifier in base64', { headers: [['X-Trace', Buffer.from('U12345678').toString('base64')]] }],
    ['MemberIdentifier as output', { answer: { resourceType: 'Parameters', parameter: [identifier] } }],
    ['somebody’s reference', { answer: outcome('see Patient/98765') }],
    ['a Patient', { answer: { ...outcome(), contained: [{ resourceType: 'Patient', id: 'p' }] } }],
  ])('that carries the %s is found out', (_, part) => {
    for (const check of [
      evaluation.disclosesNothing,
      consent.refusesConsent,
      match.refusesNobody,
      match.refusesSeveral,
    ])
      expect(code(check, refusal(part))).toBe('fail')
  })

  it.each<[string, Parameters<typeof exchange>[0]]>([
    ['what the caller wrote', { answer: outcome('the consent for Patient/1 with card W100 has ended') }],
    ['the address of the operation', { answer: outcome('POST /fhir/Patient/$member-match: consent') }],
    ['a longer word that begins like an id', { answer: outcome('consent ana-adams-k3f9x U123456789') }],
    ['a trace id', { headers: [['X-Request-Id', '4f1c2d']] }],
  ])('may carry %s', (_, part) => {
    expect(code(evaluation.disclosesNothing, refusal(part))).toBe('pass')
  })

  it('by a system whose ids are not known is judged by its structure', () => {
    const { patientId: _, memberIdentifier: __, ...stranger } = person
    const { bystander: ___, ...alone } = scene
    const verdict = verdictOf(evaluation.disclosesNothing, Transcript.of(refusal({})), { ...alone, person: stranger })
    expect(verdict.code).toBe('pass')
    expect(verdict.findings.map(({ code }) => code)).toEqual(['structure-only'])
    expect(code(evaluation.disclosesNothing, refusal({ answer: outcome('Patient/98765') }), { person: stranger })).toBe(
      'fail',
    )
  })

  it('about today says nothing early on a UTC day', () => {
    const at = '2026-03-02T02:00:00Z'
    expect(
      code(consent.refusesConsent, [good(), spoiled('with a consent that ended yesterday', { at, status: 200 })]),
    ).toBe('skip')
    expect(
      code(consent.refusesConsent, [
        good(),
        spoiled('with a consent for another payer to receive', { at, status: 200 }),
      ]),
    ).toBe('fail')
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
  })

  it('guessing is stopped, or told as a warning, and a hit is a failure', () => {
    const guess = (status: number, answer?: object): Exchange =>
      exchange({ status, answer: answer ?? outcome(), intent: { person: person.name, guess: '1' } })
    expect(code(match.stopsGuessing, [good(), guess(422), guess(429)])).toBe('pass')
    expect(code(match.stopsGuessing, [good(), guess(422), guess(422)])).toBe('warning')
    expect(code(match.stopsGuessing, [good(), guess(422), guess(200, matched())])).toBe('fail')
    expect(code(match.stopsGuessing, [good(), guess(500)])).toBe('skip')
  })

  it.each([
    [match.toleratesExtensions, 'warning'],
    [consent.acceptsMoreActors, 'warning'],
    [consent.acceptsOnBothDays, 'warning'],
    [evaluation.ignoresTheDocument, 'warning'],
  ] as const)('%o accepts what is legal', (check, unmet) => {
    const variation = (status: number): Exchange =>
      exchange({ status, answer: status === 200 ? matched() : outcome(), intent: { variation: 'x' } })
    expect(code(check, [good(), variation(200)])).toBe('pass')
    expect(code(check, [good(), variation(422)])).toBe(unmet)
    expect(code(check, [variation(422)])).toBe('skip')
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
  })
})

describe('what the client sends', () => {
  const duties = [
    consent.namesBothPayers,
    consent.saysWhatItMust,
    consent.saysOnePolicy,
    consent.saysNothingElse,
    consent.identifiesOrganizations,
    coverage.tellsAllItKnows,
    coverage.linksLittle,
    coverage.tellsMemberNumber,
    coverage.tellsPayorAndRelationship,
    coverage.tellsClasses,
    request.refersLocally,
    request.asksAsIn10,
    request.asksAsIn11,
    request.sendsCoverageToLink,
    request.tellsDemographics,
    client.suggestsAPeriod,
  ]
  it.each(duties)('$id: our own request is as it should be', (check) => {
    expect(code(check, [good()])).toBe('pass')
  })

  // What a mistake spoils, when nobody says that it is one.
  it.each<[string, Check, string]>([
    ['without a MemberPatient', request.asksAsIn11, 'fail'],
    ['without a CoverageToMatch', request.asksAsIn11, 'fail'],
    ['without a Consent', request.asksAsIn10, 'fail'],
    ['with a parameter that nobody knows', request.asksAsIn11, 'fail'],
    ['with the parameter names in lower case', request.asksAsIn11, 'fail'],
    ['with two MemberPatients', request.asksAsIn11, 'fail'],
    ['with a RelatedPerson as MemberPatient', request.asksAsIn11, 'fail'],
    ['with the MemberPatient as CoverageToMatch', request.asksAsIn11, 'fail'],
    ['with a Bundle in place of the Parameters', request.asksAsIn11, 'fail'],
    ['without a family name', request.tellsDemographics, 'fail'],
    ['without a given name', request.tellsDemographics, 'fail'],
    ['without a birth date', request.tellsDemographics, 'fail'],
    ['with neither gender nor birth sex', request.tellsDemographics, 'fail'],
    ['with birth sex in place of gender', request.tellsDemographics, 'pass'],
    ['without a member number on the card', coverage.tellsMemberNumber, 'fail'],
    ['without a member number on the card', coverage.tellsAllItKnows, 'warning'],
    ['without the relationship to the subscriber', coverage.tellsPayorAndRelationship, 'fail'],
    ['without a payor', coverage.tellsPayorAndRelationship, 'fail'],
    ['with a beneficiary by an absolute URL', request.refersLocally, 'fail'],
    ['with a contained beneficiary', request.refersLocally, 'fail'],
    ['with a beneficiary of another id', request.refersLocally, 'fail'],
    ['with a linked coverage of another id', request.refersLocally, 'fail'],
    ['with a consent about somebody else', request.refersLocally, 'fail'],
    ['with a consent about the patient by an absolute URL', request.refersLocally, 'fail'],
    ['with a consent of a policy that nobody knows', consent.saysOnePolicy, 'fail'],
    ['with a consent that names no recipient', consent.saysWhatItMust, 'fail'],
    ['with a consent that names no recipient', consent.namesBothPayers, 'fail'],
    ['with a consent that names no discloser', consent.saysWhatItMust, 'fail'],
    ['with a consent that never ends', consent.saysWhatItMust, 'fail'],
    ['with a consent that is only proposed', consent.saysWhatItMust, 'fail'],
    ['with a consent that denies', consent.saysWhatItMust, 'fail'],
    ['with a consent for another payer to receive', consent.namesBothPayers, 'fail'],
    ['with a consent for another payer to disclose', consent.namesBothPayers, 'fail'],
    ['with a consent whose actors are swapped', consent.namesBothPayers, 'fail'],
    ['with a consent that names further payers', consent.namesBothPayers, 'pass'],
    ['with a mutual consent', consent.namesBothPayers, 'pass'],
    ['with a consent that a representative gave', client.containsTheRepresentative, 'pass'],
    ['with a consent that a representative gave', client.namesTheRepresentative, 'pass'],
    ['with a consent that a representative gave', consent.saysWhatItMust, 'pass'],
  ])('%s', (manner, check, expected) => {
    expect(code(check, [exchange({ draft: manners[manner] as never })])).toBe(expected)
  })

  it.each<[string, Check, (draft: MatchDraft) => void, string]>([
    [
      'a coverage to link with its network',
      coverage.linksLittle,
      ({ coverageToLink }) => Object.assign(coverageToLink, { network: 'N' }),
      'warning',
    ],
    [
      'the name of a group',
      coverage.linksLittle,
      ({ coverageToLink }) => Object.assign(coverageToLink.class?.[0] ?? {}, { name: 'Employer' }),
      'warning',
    ],
    [
      'no coverage to link',
      request.sendsCoverageToLink,
      (draft) => {
        draft.parameters.pop()
      },
      'fail',
    ],
    [
      'two groups',
      coverage.tellsClasses,
      ({ coverageToLink }) => {
        coverageToLink.class?.push(structuredClone(coverageToLink.class[0] as never))
      },
      'fail',
    ],
    [
      'a class without value',
      coverage.tellsClasses,
      ({ coverageToLink }) => {
        Object.assign(coverageToLink.class?.[0] ?? {}, { value: undefined })
      },
      'fail',
    ],
    [
      'a purpose',
      consent.saysNothingElse,
      ({ consent: c }) => Object.assign(c.provision ?? {}, { purpose: [{ code: 'TREAT' }] }),
      'fail',
    ],
    [
      'two actions',
      consent.saysWhatItMust,
      ({ consent: c }) => {
        c.provision?.action?.push({ text: 'more' })
      },
      'fail',
    ],
    [
      'an organization by name',
      consent.identifiesOrganizations,
      ({ coverageToMatch }) => Object.assign(coverageToMatch, { payor: [{ display: 'Old' }] }),
      'fail',
    ],
    [
      'a tax number in another system',
      consent.identifiesOrganizations,
      ({ coverageToMatch }) =>
        Object.assign(coverageToMatch, {
          payor: [
            {
              identifier: {
                type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'TAX' }] },
                system: 'urn:irs',
                value: '1',
              },
            },
          ],
        }),
      'fail',
    ],
    [
      'a representative elsewhere',
      client.containsTheRepresentative,
      ({ consent: c }) => Object.assign(c, { performer: [{ reference: 'RelatedPerson/9' }] }),
      'warning',
    ],
    [
      'a representative without a role',
      client.namesTheRepresentative,
      ({ consent: c }) => Object.assign(c, { performer: [{ reference: 'RelatedPerson/9' }] }),
      'warning',
    ],
    [
      'a consent for ten years',
      client.suggestsAPeriod,
      ({ consent: c }) => Object.assign(c.provision?.period ?? {}, { end: '2036-01-01' }),
      'skip',
    ],
  ])('%s is seen', (_, check, draft, expected) => {
    expect(code(check, [exchange({ draft })])).toBe(expected)
  })

  it('a request that was spoiled on purpose is nobody’s failure', () => {
    expect(code(request.refersLocally, [good(), spoiled('with a beneficiary of another id')])).toBe('pass')
    expect(code(request.refersLocally, [spoiled('with a beneficiary of another id')])).toBe('skip')
  })
})

describe('what the client does next', () => {
  const search = (query: string): Exchange =>
    exchange({
      move: 'search',
      answer: { resourceType: 'Bundle' },
      request: { method: 'GET', url: `https://old.example/fhir/${query}`, headers: [], body: '' },
    })
  const token = (status: number, at = now.toISOString()): Exchange =>
    exchange({
      move: 'member-token',
      status,
      at,
      answer: status === 200 ? { access_token: 'x' } : { error: 'invalid_grant' },
    })

  it.each([
    ['Patient?identifier=urn:umb|U12345678', 'pass'],
    ['Patient?identifier=urn%3Aumb%7CU12345678', 'pass'],
    ['Observation?patient.identifier=urn:umb|U12345678', 'pass'],
    ['Patient?identifier=U12345678', 'pass'],
    ['Patient?identifier=urn:cards|W100', 'fail'],
    ['Patient?_id=ana-adams-k3f9', 'skip'],
    ['Claim?identifier=7', 'skip'],
  ])('%s', (query, expected) => {
    expect(code(request.goesOnByUniqueIdentifier, [good(), search(query)])).toBe(expected)
  })

  it('goes on without a MemberId', () => {
    const alone = (): Exchange => exchange({ answer: matched(identifier) })
    expect(code(client.copesWithIdentifierAlone, [alone(), token(200)])).toBe('pass')
    expect(code(client.copesWithIdentifierAlone, [alone(), token(400)])).toBe('skip')
    expect(code(client.copesWithIdentifierAlone, [alone()])).toBe('fail')
    expect(code(client.copesWithIdentifierAlone, [good(), token(200)])).toBe('skip')
  })

  it('asks for data after a match with a consent', () => {
    const early = search('Patient?_id=1')
    const matchedThen = good()
    expect(code(client.matchesFirst, [matchedThen, search('Patient?_id=1')])).toBe('pass')
    expect(code(client.matchesFirst, [early, matchedThen])).toBe('fail')
    expect(code(client.matchesFirst, [search('Patient?_id=1')])).toBe('fail')
    expect(
      code(client.matchesFirst, [exchange({ draft: manners['without a Consent'] as never }), search('Patient?_id=1')]),
    ).toBe('fail')
  })

  it('a consent that has ended gives no token', () => {
    const end = (): Exchange =>
      exchange({ draft: ({ consent: c }) => Object.assign(c.provision?.period ?? {}, { end: '2026-03-02T15:01:00Z' }) })
    const sooner = (): Exchange => token(200)
    const later = '2026-03-02T15:02:00Z'
    expect(code(consent.keepsConsent, [end(), sooner(), token(400, later)])).toBe('pass')
    expect(code(consent.keepsConsent, [end(), sooner(), token(200, later)])).toBe('warning')
    expect(code(consent.keepsConsent, [end(), token(400, later)])).toBe('skip')
    expect(code(consent.keepsConsent, [end(), sooner()])).toBe('skip')
  })

  it('a revoked consent gives nothing', () => {
    const data = (status: number): Exchange => ({
      ...search('Condition?patient=1'),
      response: {
        status,
        statusText: '',
        headers: [],
        body: JSON.stringify({
          resourceType: 'Bundle',
          entry: status === 200 ? [{ resource: { resourceType: 'Condition' } }] : [],
        }),
      },
    })
    expect(code(evaluation.heedsRevocation, [data(200), data(403)])).toBe('pass')
    expect(code(evaluation.heedsRevocation, [data(200), data(200)])).toBe('warning')
    expect(code(evaluation.heedsRevocation, [data(403)])).toBe('skip')
    expect(code(evaluation.heedsRevocation, [token(200), token(400)])).toBe('pass')
    expect(code(evaluation.heedsRevocation, [token(200), token(200)])).toBe('warning')
  })
})
