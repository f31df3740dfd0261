/** The checks of a match that is refused, on small transcripts: what a refusal must and must not say. */
import { describe, expect, it } from 'vitest'
import {
  code,
  type exchange,
  good,
  identifier,
  matched,
  outcome,
  person,
  scene,
  spoiled,
} from '../../../flows/told-match.ts'
import { type Check, verdictOf } from '../../../harness/check.ts'
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
