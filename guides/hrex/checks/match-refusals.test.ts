/** The checks of a match that is refused, on small transcripts: what a refusal must and must not say. */
import { describe, expect, it } from 'vitest'
import {
  code,
  exchange,
  good,
  identifier,
  matched,
  outcome,
  person,
  scene,
  spoiled,
} from '../../../flows/told-match.ts'
import { type Check, verdictOf } from '../../../harness/check.ts'
import type { Person } from '../../../harness/person.ts'
import { type Exchange, Transcript } from '../../../harness/transcript.ts'
import * as evaluation from '../../pdex/checks/match-consent.ts'
import * as pdex from '../../pdex/checks/member-match.ts'
import * as consent from './consent.ts'
import * as match from './member-match.ts'

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

  it('that names the member who was asked for with another detail deserves a look', () => {
    const misfit = (answer: object, manner = 'with another birth date'): Exchange[] => [
      good(),
      spoiled(manner, { status: 200, answer }),
    ]
    const of = ({ patientId, memberIdentifier }: Person): object =>
      matched(
        { ...identifier, valueIdentifier: { ...identifier.valueIdentifier, ...memberIdentifier } },
        { name: 'MemberId', valueReference: { reference: `Patient/${patientId}` } },
      )
    const { patientId: _, memberIdentifier: __, ...stranger } = person
    const [bystander] = [scene.bystander as Person]
    for (const check of [match.refusesNobody, pdex.refusesAllButOne]) {
      const wrong = check.verb === 'SHALL' ? 'fail' : 'warning'
      const verdict = (answer: object, part = {}) =>
        verdictOf(check, Transcript.of(misfit(answer)), { ...scene, ...part })
      expect([verdict(of(person)).code, verdict(of(person)).findings[0]?.code]).toEqual(['warning', 'matched-anyway'])
      expect(verdict(matched(), { person: stranger }).findings[0]?.code).toBe('matched-anyway')
      for (const [answer, part] of [
        [of(bystander), {}],
        [of(bystander), { person: stranger }],
        [of({ ...person, patientId: 'nobody' }), {}],
        [{ resourceType: 'Parameters' }, {}],
      ] as const)
        expect(verdict(answer, part).code).toBe(wrong)
    }
    // Nobody like that is insured: there is nobody whom a looser rule could find.
    expect(code(match.refusesNobody, [good(), exchange({ intent: { person: 'Zoe Zhang' } })])).toBe('fail')
  })

  it('is none where the service only puts the client off', () => {
    for (const status of [429, 503])
      for (const check of [match.refusesNobody, consent.refusesConsent, pdex.refusesMalformed])
        expect(code(check, refusal({ status, answer: '' }))).toBe('skip')
  })

  it('of XML may be 415', () => {
    expect(code(pdex.refusesMalformed, [good(), spoiled('in XML', { status: 415 })])).toBe('pass')
    expect(code(pdex.refusesMalformed, [good(), spoiled('in XML', { status: 415, answer: '' })])).toBe('pass')
    // "nobody" and "somebody" are no bodies.
    for (const manner of [
      'without a payor',
      'with a parameter that nobody knows',
      'with a consent about somebody else',
    ])
      expect(code(pdex.refusesMalformed, [good(), spoiled(manner, { status: 415 })])).toBe('warning')
    expect(code(pdex.refusesMalformed, [good(), spoiled('with a body that breaks off', { status: 400 })])).toBe('pass')
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
    [
      'reference to an id of letters',
      { answer: { ...outcome(), extension: [{ valueReference: { reference: 'Patient/zhang' } }] } },
    ],
    ['address of an id of letters', { headers: [['Content-Location', 'https://old.example/fhir/Patient/zhang']] }],
    ['id of letters in a header', { headers: [['Location', 'Patient/zhang']] }],
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
    ['two words', { answer: outcome('the consent does not cover this Patient/Coverage') }],
    [
      'a path of elements',
      {
        answer: {
          ...outcome(),
          issue: [
            {
              severity: 'error',
              code: 'x',
              diagnostics: 'consent',
              location: ['/Parameters/parameter[1]/resource/Patient/name'],
            },
          ],
        },
      },
    ],
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
