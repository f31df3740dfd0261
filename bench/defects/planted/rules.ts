/** Invariants, references and contained resources. */
import { concept, list, wrongTarget } from './kit.ts'
import { at, isObject, type Json, on, type Plant } from './spots.ts'

export const rules: Readonly<Record<string, Plant>> = {
  'reference to a type that is not allowed': at(
    ({ value, name }) => isObject(value) && typeof value.reference === 'string' && wrongTarget[name] !== undefined,
    ({ name }) => ({ reference: wrongTarget[name] }),
    ['reference-type', 'reference-profile'],
    ({ path }) => [path, `${path}.reference`],
  ),
  'reference to a contained resource that is not there': at(
    ({ value }) => isObject(value) && typeof value.reference === 'string',
    () => ({ reference: '#gone' }),
    ['ref-1', 'reference-unresolved'],
    ({ path }) => [path, `${path}.reference`],
  ),
  'period that ends before it begins': at(
    ({ value }) => isObject(value) && typeof value.start === 'string' && !('code' in value),
    () => ({ start: '2024-05-02', end: '2024-05-01' }),
    ['per-1'],
  ),
  'quantity with a code and no system': at(
    ({ value }) => isObject(value) && typeof value.value === 'number' && 'system' in value,
    ({ value }) => ({ value: (value as Json).value, code: (value as Json).code ?? 'mg' }),
    ['qty-3'],
  ),
  'value and reason for its absence': on(
    ['Observation'],
    (resource) => {
      if (resource.valueQuantity === undefined && resource.valueCodeableConcept === undefined) return undefined
      resource.dataAbsentReason = concept('http://terminology.hl7.org/CodeSystem/data-absent-reason', 'unknown')
      return ['Observation']
    },
    ['obs-6'],
  ),
  'organization without name and identifier': on(
    ['Organization'],
    (resource) => {
      delete resource.name
      delete resource.identifier
      return ['Organization']
    },
    ['org-1'],
  ),
  'contact without details': on(
    ['Patient'],
    (resource) => {
      resource.contact = [{ gender: 'other' }]
      return ['Patient.contact[0]', 'Patient.contact']
    },
    ['pat-1'],
  ),
  'name without parts (us-core-6)': on(
    ['Patient'],
    (resource) => {
      resource.name = [{ use: 'official' }]
      return ['Patient.name[0]', 'Patient.name']
    },
    ['us-core-6'],
  ),
  'attachment with data of no type': at(
    ({ value, name }) => isObject(value) && name === 'attachment',
    () => ({ data: 'aGVsbG8=' }),
    ['att-1'],
  ),
  'contained and not referred to': on(
    undefined,
    (resource) => {
      if (resource.resourceType === 'Binary') return undefined
      resource.contained = [...list(resource.contained), { resourceType: 'Organization', id: 'lonely', name: 'Nobody' }]
      return [
        String(resource.resourceType),
        `${resource.resourceType}.contained[${list(resource.contained).length - 1}]`,
      ]
    },
    ['dom-3'],
  ),
  'contained within contained': on(
    ['Observation', 'Condition', 'Patient'],
    (resource) => {
      resource.contained = [
        {
          resourceType: 'Organization',
          id: 'o',
          name: 'O',
          contained: [{ resourceType: 'Organization', id: 'i', name: 'I' }],
        },
      ]
      return [
        String(resource.resourceType),
        `${resource.resourceType}.contained[0]`,
        `${resource.resourceType}.contained[0].contained`,
        `${resource.resourceType}.contained[0].contained[0]`,
      ]
    },
    ['dom-2', 'contained-rules', 'structure-unknown-element'],
  ),
}
