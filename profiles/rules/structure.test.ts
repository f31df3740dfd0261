/** Small rules of the walk over the base types, on one Patient each. */
import { describe, expect, it } from 'vitest'
import { profile } from '../cases/probe.ts'
import { shippedPackages } from '../definitions.ts'
import { packageOfResources } from '../packages/package.ts'
import { createValidator } from '../validator.ts'

const validator = createValidator({ packages: shippedPackages() })
const absent = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
}
const found = (more: object): string[] =>
  validator
    .validate({ resourceType: 'Patient', ...more })
    .filter(({ severity }) => severity === 'error')
    .map(({ code, expression }) => `${code} ${expression}`)

it('takes the units of a datatype from the datatype', () => {
  const onset = (code: string): string[] =>
    validator
      .validate({
        resourceType: 'Condition',
        subject: { reference: 'Patient/1' },
        onsetAge: { value: 5, system: 'http://unitsofmeasure.org', code },
      })
      .map(({ severity, code: rule, expression }) => `${severity} ${rule} ${expression}`)
  expect(onset('a')).toEqual([])
  expect(onset('s')).toEqual(['warning binding-extensible Condition.onset.ofType(Age)'])
  expect(onset('kg')).toContain('error binding-maximum Condition.onset.ofType(Age)')
})

describe('a Patient', () => {
  it.each([
    { deceasedBoolean: true, _deceasedBoolean: { id: 'a' } },
    { _deceasedDateTime: absent },
    { name: [{ given: ['A', null], _given: [null, absent] }] },
    { name: [{ id: 'a', text: 'x' }] },
    { identifier: [{ system: 'urn:oid:1.2.3', value: '1' }] },
    { managingOrganization: { reference: 'Organization/1' } },
  ])('may have %j', (more) => {
    expect(found(more)).toEqual([])
  })
  it.each([
    [{ deceasedBoolean: true, _deceasedDateTime: absent }, 'cardinality-max Patient.deceased'],
    [{ name: [{ given: ['A', null], _given: [absent, null] }] }, 'structure-null Patient.name[0].given[1]'],
    [{ name: [{ id: 'a b', text: 'x' }] }, 'primitive-format Patient.name[0].id'],
    [{ identifier: [{ system: 'oid:1.2.3', value: '1' }] }, 'primitive-format Patient.identifier[0].system'],
    [{ identifier: [{ system: 'uuid:1', value: '1' }] }, 'primitive-format Patient.identifier[0].system'],
    [{ managingOrganization: { reference: 'a b' } }, 'reference-format Patient.managingOrganization.reference'],
  ])('may not have %j', (more, finding) => {
    expect(found(more)).toContain(finding)
  })
})

it('holds a text to the regular expression of its element', () => {
  const url = 'http://vitruvian.test/StructureDefinition/capitals'
  const regex = { url: 'http://hl7.org/fhir/StructureDefinition/regex', valueString: '[A-Z]+' }
  const own = createValidator({
    packages: [
      packageOfResources({ name: 'own', version: '1' }, [
        profile('capitals', 'Patient', [{ id: 'Patient.name.family', extension: [regex] }]) as {
          resourceType: string
          url: string
        },
      ]),
      ...shippedPackages(),
    ],
  })
  const errors = (family: string): string[] =>
    own
      .validate({ resourceType: 'Patient', name: [{ family }] }, { profiles: [url] })
      .map(({ code, expression }) => `${code} ${expression}`)
  expect(errors('ABC')).toEqual([])
  expect(errors('xABC')).toEqual(['value-regex Patient.name[0].family'])
})
