import { describe, expect, it } from 'vitest'
import { mustSupport } from './must-support.ts'

const usCore = (id: string): string => `http://hl7.org/fhir/us/core/StructureDefinition/${id}`

describe('the table of must-support elements', () => {
  it('knows each edition of US Core', () => {
    expect(mustSupport(usCore('us-core-condition'), { 'us-core': '3.1.1' })).toContain('verificationStatus')
    expect(mustSupport(usCore('us-core-condition'), { 'us-core': '6.1.0' })).toBeUndefined()
    expect(mustSupport(usCore('us-core-condition-encounter-diagnosis'), { 'us-core': '6.1.0' })).toContain('encounter')
  })
  it('gives profiles that share a list the same one, and knows the other guides', () => {
    const editions = { 'us-core': '6.1.0' }
    expect(mustSupport(usCore('us-core-bmi'), editions)).toEqual(mustSupport(usCore('us-core-body-height'), editions))
    expect(mustSupport(`${usCore('us-core-patient')}|6.1.0`, editions)).toContain('name.family')
    expect(mustSupport('http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/pdex-device', editions)).toContain(
      'patient',
    )
    expect(mustSupport('http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-coverage', editions)).toContain(
      'payor',
    )
    expect(
      mustSupport(
        'http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-ExplanationOfBenefit-Pharmacy-Basis',
        editions,
      ),
    ).toContain('insurance.coverage')
    expect(mustSupport('http://example.org/StructureDefinition/other', editions)).toBeUndefined()
  })
})
