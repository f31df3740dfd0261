/** The checks of who asks for a match, on small transcripts: what the client sends, and what it does next. */
import { describe, expect, it } from 'vitest'
import { manners } from '../../../flows/match-member.ts'
import type { MatchDraft } from '../../../flows/match-request.ts'
import { code, exchange, good, identifier, matched, now, scene, spoiled } from '../../../flows/told-match.ts'
import { type Check, verdictOf } from '../../../harness/check.ts'
import { type Exchange, Transcript } from '../../../harness/transcript.ts'
import * as client from '../../pdex/checks/match-client.ts'
import * as evaluation from '../../pdex/checks/match-consent.ts'
import * as consent from './consent.ts'
import * as coverage from './coverage.ts'
import * as request from './match-request.ts'

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

  it('a coverage that its profile refuses is named, with what was expected', () => {
    const draft = manners['without the relationship to the subscriber'] as never
    const { findings } = verdictOf(coverage.coverageConforms, Transcript.of([exchange({ draft })]), scene)
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        message: expect.stringMatching(/^CoverageToMatch: /),
        expression: 'Coverage.relationship',
        expected: 1,
        actual: 0,
      },
    ])
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

  it('says by a bar that the identifier has no system', () => {
    const { system: _, ...bare } = identifier.valueIdentifier
    const without = exchange({ answer: matched({ ...identifier, valueIdentifier: bare }) })
    for (const [query, expected] of [
      ['Patient?identifier=|U12345678', 'pass'],
      ['Patient?identifier=U12345678', 'pass'],
      ['Patient?identifier=urn:umb|U12345678', 'fail'],
    ] as const)
      expect(code(request.goesOnByUniqueIdentifier, [without, search(query)])).toBe(expected)
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
    // What is neither a token nor a refusal tells nothing.
    for (const status of [429, 500, 503])
      expect(code(consent.keepsConsent, [end(), sooner(), token(status, later)])).toBe('skip')
    const month = exchange({
      draft: ({ consent: c }) => Object.assign(c.provision?.period ?? {}, { end: '2026-03' }),
    })
    expect(code(consent.keepsConsent, [month, sooner(), token(400, later)])).toBe('skip')
    expect(code(consent.keepsConsent, [month, sooner(), token(400, '2026-04-01T00:00:00Z')])).toBe('pass')
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
    for (const status of [429, 500, 503]) {
      expect(code(evaluation.heedsRevocation, [data(200), data(status)])).toBe('skip')
      expect(code(evaluation.heedsRevocation, [token(200), token(status)])).toBe('skip')
    }
    expect(code(evaluation.heedsRevocation, [token(200), token(400)])).toBe('pass')
    expect(code(evaluation.heedsRevocation, [token(200), token(200)])).toBe('warning')
  })
})
