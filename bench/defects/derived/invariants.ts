/** Rules of datatypes and resources, each broken alone. */
import { type Finder, invariant, ofResource, ofType, site } from './finder.ts'
import type { Json } from './model.ts'

export const invariants: Readonly<Record<string, Finder>> = {
  'inv:ref-1': (setting) =>
    ofType(setting, 'Reference')
      .filter(({ value }) => typeof (value as Json).reference === 'string')
      .map((place) =>
        site(() => {
          ;(place.value as Json).reference = '#vitruvian-nowhere'
          return { at: [place.expression], codes: ['invariant'] }
        }),
      ),
  'inv:per-1': invariant(
    'Period',
    () => true,
    (value) => Object.assign(value, { start: '2023-05-05', end: '2020-01-01' }),
  ),
  'inv:qty-3': invariant(
    'Quantity',
    ({ code }) => typeof code === 'string',
    (value) => delete value.system,
  ),
  'inv:cpt-2': invariant(
    'ContactPoint',
    ({ value }) => typeof value === 'string',
    (value) => delete value.system,
    'invariant',
    'cardinality-min',
  ),
  'inv:rng-2': invariant(
    'Range',
    () => true,
    (value) => Object.assign(value, { low: { value: 9, unit: 'a' }, high: { value: 1, unit: 'a' } }),
  ),
  'inv:att-1': invariant(
    'Attachment',
    ({ data }) => typeof data === 'string',
    (value) => delete value.contentType,
    'invariant',
    'cardinality-min',
  ),
  'inv:obs-6': ofResource(
    'Observation',
    (resource) => Object.keys(resource).some((key) => key.startsWith('value')),
    (resource) => Object.assign(resource, { dataAbsentReason: { text: 'x' } }),
    '',
    'invariant',
  ),
  'inv:org-1': ofResource(
    'Organization',
    () => true,
    (resource) => {
      delete resource.name
      delete resource.identifier
    },
    '',
    'invariant',
  ),
  'inv:con-5': ofResource(
    'Condition',
    ({ clinicalStatus }) => clinicalStatus !== undefined,
    (resource) =>
      Object.assign(resource, {
        verificationStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' }],
        },
      }),
    '',
    'invariant',
  ),
  'inv:us-core-6 name': ofResource(
    'Patient',
    ({ name, meta }) => Array.isArray(name) && JSON.stringify(meta ?? '').includes('us-core-patient'),
    (resource) => {
      resource.name = [{ text: 'only text' }]
    },
    '.name[0]',
    'invariant',
  ),
}
