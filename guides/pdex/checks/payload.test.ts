/** Profiles of the payload, with a validator that says what the test wants to hear. */
import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Validate } from '../../../harness/validation.ts'
import { sceneOf, searchset, told, transcriptOf } from '../../told/told.ts'
import { legalProfiles } from '../profiles.ts'
import { payloadChecks } from './payload.ts'

const older = { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1', 'carin-bb': '2.1.0' }
const newer = { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0', 'carin-bb': '2.1.0' }
const usCore = (id: string): string => `http://hl7.org/fhir/us/core/StructureDefinition/${id}`
const pdex = (id: string): string => `http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/${id}`

type Word = 'valid' | 'open' | [code: string]
/** Answers by the last part of the profile; what is not named is valid. */
const saying =
  (words: Readonly<Record<string, Word>>): Validate =>
  (_, profile) => {
    const word = words[profile.split('/').at(-1) ?? ''] ?? words.all ?? 'valid'
    if (word === 'open') return { decided: false, profile, reason: 'nobody knows' }
    const issues =
      word === 'valid' ? [] : [{ severity: 'error' as const, code: word[0], message: 'so it is', expression: 'X' }]
    return { decided: true, profile, issues }
  }

const mustSupport = (profile: string): readonly string[] | undefined =>
  profile.endsWith('us-core-condition') ? ['code', 'onset[x]', 'code.text'] : undefined

function verdict(
  start: string,
  resources: readonly object[],
  words: Readonly<Record<string, Word>> = {},
  scene: Partial<Scene> = {},
): string {
  const check = payloadChecks(saying(words), mustSupport).find(({ id }) => id.startsWith(start))
  if (!check) throw new Error(`no check ${start}`)
  const transcript = transcriptOf(told('search', 'Condition?patient=ana', { answer: searchset(resources) }))
  return verdictOf(check, transcript, sceneOf({ editions: newer, ...scene })).code
}

const plan = { resourceType: 'CarePlan', id: 'p' }
const claim = { resourceType: 'ExplanationOfBenefit', id: 'e', use: 'claim', type: { coding: [{ code: 'pharmacy' }] } }
const authorization = {
  resourceType: 'ExplanationOfBenefit',
  id: 'a',
  use: 'preauthorization',
  meta: { profile: [pdex('pdex-priorauthorization')] },
}
const dispense = { resourceType: 'MedicationDispense', id: 'm' }
const pump = { resourceType: 'Device', id: 'd', type: {} }
const implant = { resourceType: 'Device', id: 'i', udiCarrier: [{}] }

describe('a type and its profile', () => {
  it.each([
    ['PDEX-041', 'pass', [plan], {}],
    ['PDEX-041', 'fail', [plan], { all: ['cardinality-min'] }],
    ['PDEX-041', 'skip', [plan], { all: 'open' }],
    ['PDEX-041', 'skip', [], {}],
    [
      'PDEX-044',
      'pass',
      [{ resourceType: 'DiagnosticReport', id: 'r', category: [{ coding: [{ code: 'LAB' }] }] }],
      {},
    ],
    [
      'PDEX-044',
      'skip',
      [{ resourceType: 'DiagnosticReport', id: 'r', category: [{ coding: [{ code: 'LP29708-2' }] }] }],
      {},
    ],
    ['PDEX-045', 'fail', [{ resourceType: 'DiagnosticReport', id: 'r' }], { all: ['x'] }],
    ['PDEX-048', 'pass', [implant], {}],
    ['PDEX-048', 'fail', [implant], { 'us-core-implantable-device': ['x'] }],
    ['PDEX-048', 'skip', [{ ...implant, meta: { profile: [pdex('pdex-device')] } }], {}],
    ['PDEX-053', 'warning', [{ resourceType: 'Organization', id: 'o' }], { all: ['x'] }],
    ['PDEX-060', 'pass', [dispense], {}],
    ['PDEX-060', 'warning', [dispense], { 'us-core-medicationdispense': ['x'] }],
    ['PDEX-059', 'skip', [dispense], {}],
    ['PDEX-025', 'pass', [pump], {}],
    ['PDEX-025', 'fail', [pump], { 'pdex-device': ['x'] }],
    ['PDEX-021', 'pass', [plan], {}],
    ['PDEX-021', 'fail', [plan], { all: ['x'] }],
    ['PDEX-021', 'skip', [claim], {}],
    ['PDEX-022/claims-satisfy', 'pass', [claim], {}],
    ['PDEX-022/claims-satisfy', 'fail', [claim], { 'C4BB-ExplanationOfBenefit-Pharmacy-Basis': ['x'] }],
    [
      'PDEX-022/claims-satisfy',
      'fail',
      [
        {
          ...claim,
          meta: { profile: ['http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-ExplanationOfBenefit-Pharmacy'] },
        },
      ],
      {},
    ],
    ['PDEX-022/claims-between', 'fail', [{ ...claim, total: [{ amount: { value: 1 } }] }], {}],
    ['PDEX-023', 'pass', [authorization], {}],
    ['PDEX-023', 'fail', [{ ...authorization, meta: {} }], {}],
    ['PDEX-013', 'fail', [plan], { all: ['cardinality-min'] }],
    ['PDEX-013', 'pass', [plan], { all: ['binding-required'] }],
  ] as const)('%s %s', (start, code, resources, words) => {
    expect(verdict(start, resources, words as Readonly<Record<string, Word>>)).toBe(code)
  })

  it('follows the edition', () => {
    expect(verdict('PDEX-059', [dispense], {}, { editions: older })).toBe('pass')
    expect(verdict('PDEX-059', [dispense], { 'pdex-medicationdispense': ['x'] }, { editions: older })).toBe('fail')
    expect(verdict('PDEX-060', [dispense], {}, { editions: older })).toBe('skip')
  })

  it('is satisfied by one of several legal profiles', () => {
    const condition = { resourceType: 'Condition', id: 'c' }
    expect(verdict('PDEX-021', [condition], { 'us-core-condition-problems-health-concerns': ['x'] })).toBe('pass')
    expect(
      verdict('PDEX-021', [condition], {
        'us-core-condition-problems-health-concerns': ['x'],
        'us-core-condition-encounter-diagnosis': 'open',
      }),
    ).toBe('skip')
    expect(verdict('PDEX-021', [condition], { all: ['x'] })).toBe('fail')
  })

  it('looks for what its parents must have', () => {
    const scene = { editions: older }
    const bare = { resourceType: 'Condition', id: 'c', code: { coding: [] } }
    const full = { resourceType: 'Condition', id: 'c', code: { text: 'x' } }
    expect(verdict('PDEX-015', [full], {}, scene)).toBe('pass')
    expect(verdict('PDEX-015', [bare], {}, scene)).toBe('skip')
    const person = { name: 'Ana Adams', part: '', submitted: {}, patientId: 'ana', record: [full] } as never
    expect(verdict('PDEX-015', [bare], {}, { ...scene, person })).toBe('fail')
    expect(verdict('PDEX-015', [{ resourceType: 'Condition', id: 'c' }], {}, scene)).toBe('skip')
  })

  it('misses what the payer holds', () => {
    const seed = {
      resourceType: 'Condition',
      id: 'c',
      subject: { reference: 'Patient/ana' },
      code: { text: 'x' },
      onsetDateTime: '2025',
    }
    const scene = {
      editions: older,
      person: { name: 'Ana Adams', part: '', submitted: {}, patientId: 'ana', record: [seed] } as never,
    }
    expect(verdict('PDEX-014', [seed], {}, scene)).toBe('pass')
    const { onsetDateTime: _, ...less } = seed
    expect(verdict('PDEX-014', [less], {}, scene)).toBe('fail')
    expect(verdict('PDEX-014', [seed], {}, { editions: older })).toBe('skip')
  })
})

describe('the legal profiles', () => {
  it.each([
    [{ resourceType: 'Condition' }, older, [usCore('us-core-condition')]],
    [
      { resourceType: 'Observation', category: [{ coding: [{ code: 'laboratory' }] }] },
      newer,
      [usCore('us-core-observation-lab')],
    ],
    [
      { resourceType: 'Observation', code: { coding: [{ code: '85354-9' }] } },
      newer,
      [usCore('us-core-blood-pressure')],
    ],
    [
      { resourceType: 'Observation', category: [{ coding: [{ code: 'vital-signs' }] }] },
      older,
      ['http://hl7.org/fhir/StructureDefinition/vitalsigns'],
    ],
    [{ resourceType: 'ExplanationOfBenefit', use: 'predetermination' }, newer, []],
    [{ resourceType: 'Specimen' }, older, []],
    [{ resourceType: 'Specimen' }, newer, [usCore('us-core-specimen')]],
    [
      { resourceType: 'Provenance', meta: { profile: [`${usCore('us-core-provenance')}|6.1.0`] } },
      newer,
      [usCore('us-core-provenance'), pdex('pdex-provenance')],
    ],
  ])('%# are found', (resource, editions, expected) => {
    expect(legalProfiles(resource as never, editions)).toEqual(expected)
  })
})
