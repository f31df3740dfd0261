import { describe, expect, it } from 'vitest'
import type { Resource } from './received.ts'
import { answersTo, seedOf, split } from './search-answers.ts'
import { rangeOf } from './search-dates.ts'

const condition: Resource = {
  resourceType: 'Condition',
  id: 'c1',
  meta: { lastUpdated: '2026-01-02T10:00:00Z' },
  subject: { reference: 'Patient/ana' },
  code: { coding: [{ system: 'http://snomed.info/sct', code: '44054006' }], text: 'Diabetes' },
  onsetDateTime: '2019-05',
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate', valueDateTime: '2020-02-03' }],
}
const patient: Resource = {
  resourceType: 'Patient',
  id: 'ana',
  name: [{ family: 'Müller-Adams', given: ['Ana', 'Lucía'] }],
  identifier: [{ system: 'http://old.example/umb', value: 'a,1|b' }],
  active: true,
}

describe('what a resource answers to', () => {
  it.each([
    [condition, 'patient', 'ana', true],
    [condition, 'patient', 'Patient/ana', true],
    [condition, 'patient', 'https://old.example/fhir/Patient/ana', true],
    [condition, 'patient', 'Patient/iris', false],
    [condition, 'patient', 'Group/ana', false],
    [condition, 'code', '44054006', true],
    [condition, 'code', 'http://snomed.info/sct|44054006', true],
    [condition, 'code', 'http://snomed.info/sct|', true],
    [condition, 'code', '|44054006', false],
    [condition, 'code', 'http://loinc.org|44054006', false],
    [condition, 'code', '1,44054006', true],
    [condition, 'onset-date', 'ge2019-05-30', true],
    [condition, 'onset-date', 'ge2019-05', true],
    [condition, 'onset-date', 'ge2019-06', false],
    [condition, 'onset-date', 'le2019-05-02', true],
    [condition, 'onset-date', 'le2019-05', true],
    [condition, 'onset-date', 'le2019-04', false],
    [condition, 'onset-date', 'ne2019-05', false],
    [condition, 'onset-date', 'ne2019-04', true],
    [condition, 'onset-date', 'ap2019', true],
    [condition, 'onset-date', 'gt2019', false],
    [condition, 'onset-date', 'lt2019-06', true],
    [condition, 'onset-date', 'sa2019-05', false],
    [condition, 'onset-date', 'eb2019-06-01', true],
    [condition, 'asserted-date', '2020-02-03', true],
    [condition, '_lastUpdated', 'gt2026-01-02T09:59:59+00:00', true],
    [condition, '_lastUpdated', 'gt2026-01-02T10:00:00Z', false],
    [condition, 'code:missing', 'true', false],
    [patient, 'name', 'muller', true],
    [patient, 'name', 'luc', true],
    [patient, 'name:exact', 'Ana', true],
    [patient, 'name:exact', 'ana', false],
    [patient, 'name:contains', 'ADAM', true],
    [patient, 'identifier', 'http://old.example/umb|a\\,1\\|b', true],
    [patient, 'identifier', 'http://old.example/umb|a', false],
  ])('%# %o %s=%s', (resource, name, value, expected) => {
    expect(answersTo(resource as Resource, name as string, value as string)).toBe(expected)
  })

  it('does not tell what servers are free in', () => {
    // Within May, and neither after its 31st nor before its 1st: some servers find it, others do not.
    expect(answersTo(condition, 'onset-date', 'ge2019-05-31')).toBeUndefined()
    expect(answersTo(condition, 'onset-date', 'le2019-05-01')).toBeUndefined()
    expect(answersTo(condition, 'onset-date', 'ap2018')).toBeUndefined()
  })

  it('does not tell what it does not know', () => {
    expect(answersTo(condition, 'subject.name', 'x')).toBeUndefined()
    expect(answersTo(condition, 'code:text', 'x')).toBeUndefined()
    expect(answersTo(condition, 'severity', 'x')).toBeUndefined()
  })

  it('finds every resource by its own seed', () => {
    for (const [resource, name] of [
      [condition, 'patient'],
      [condition, 'code'],
      [condition, 'onset-date'],
      [condition, 'asserted-date'],
      [patient, 'name'],
      [patient, 'identifier'],
      [patient, '_id'],
    ] as const) {
      const seed = seedOf(resource, name)
      expect(seed, name).toBeDefined()
      expect(answersTo(resource, name, seed as string), name).toBe(true)
    }
    expect(seedOf(patient, 'death-date')).toBeUndefined()
  })

  it('reads open periods and keeps escaped separators', () => {
    expect(rangeOf({ start: '2020-01-01' })?.[1]).toBe(Number.POSITIVE_INFINITY)
    expect(rangeOf({})).toBeUndefined()
    expect(split('a\\,b,c', ',')).toEqual(['a\\,b', 'c'])
  })
})
