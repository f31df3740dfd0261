/** Small rules of the walk over the base types, on one Patient each. */
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../definitions.ts'
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
