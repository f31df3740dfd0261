/** Slicing by each kind of discriminator. */
import { by, core, type Probe, profile, url, valueSet, valueSetUrl } from '../probe.ts'
import { bundle, coded, observation, patient, system } from '../resources.ts'

const strict = profile('strict', 'Patient', [{ id: 'Patient.birthDate', min: 1 }])

export const slicing: readonly Probe[] = [
  {
    feature: 'slice-value-path',
    definitions: [
      profile('identified', 'Patient', [
        { id: 'Patient.identifier', slicing: by('value system') },
        { id: 'Patient.identifier:mrn', min: 1, max: '1' },
        { id: 'Patient.identifier:mrn.system', min: 1, fixedUri: 'http://mrn' },
        { id: 'Patient.identifier:mrn.value', min: 1 },
      ]),
    ],
    profiles: [url('identified')],
    good: [patient({ identifier: [{ system: 'http://other' }, { system: 'http://mrn', value: '1' }] })],
    bad: [[patient({ identifier: [{ system: 'http://mrn' }] }), 'cardinality-min Patient.identifier[0].value']],
  },
  {
    feature: 'slice-pattern-$this',
    definitions: [
      profile('categorised', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern $this') },
        { id: 'Observation.category:lab', min: 1, patternCodeableConcept: coded('lab') },
      ]),
    ],
    profiles: [url('categorised')],
    good: [observation({ category: [{ text: 'x' }, coded('lab')] })],
    bad: [[observation({ category: [coded('imaging')] }), 'slice-min Observation.category']],
  },
  {
    feature: 'slice-binding',
    definitions: [
      valueSet('couple', system, ['a', 'b']),
      profile('bound-slice', 'Observation', [
        { id: 'Observation.category', slicing: by('value $this') },
        {
          id: 'Observation.category:few',
          min: 1,
          binding: { strength: 'required', valueSet: valueSetUrl('couple') },
        },
      ]),
    ],
    profiles: [url('bound-slice')],
    good: [observation({ category: [coded('b')] })],
    bad: [[observation({ category: [coded('z')] }), 'slice-min Observation.category']],
  },
  {
    feature: 'slice-exists',
    definitions: [
      profile('by-existence', 'Patient', [
        { id: 'Patient.identifier', slicing: by('exists period') },
        { id: 'Patient.identifier:timed', max: '1' },
        { id: 'Patient.identifier:timed.period', min: 1 },
        { id: 'Patient.identifier:forever' },
        { id: 'Patient.identifier:forever.value', min: 1 },
        { id: 'Patient.identifier:forever.period', max: '0' },
      ]),
    ],
    profiles: [url('by-existence')],
    good: [patient({ identifier: [{ period: { start: '2020' } }, { value: '1' }] })],
    bad: [[patient({ identifier: [{ system: 'http://x' }] }), 'cardinality-min Patient.identifier[0].value']],
  },
  {
    feature: 'slice-type-choice',
    definitions: [
      profile('by-type', 'Observation', [
        { id: 'Observation.value[x]', slicing: by('type $this') },
        { id: 'Observation.value[x]:valueQuantity', type: [{ code: 'Quantity' }] },
        { id: 'Observation.value[x]:valueQuantity.code', min: 1 },
      ]),
    ],
    profiles: [url('by-type')],
    good: [
      observation({ valueString: 'x' }),
      observation({ valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'g' } }),
    ],
    bad: [[observation({ valueQuantity: { value: 1 } }), 'cardinality-min Observation.value.ofType(Quantity).code']],
  },
  {
    feature: 'slice-type-resource',
    definitions: [
      profile('with-patient', 'Bundle', [
        { id: 'Bundle.entry', slicing: by('type resource') },
        { id: 'Bundle.entry:patient', min: 1, max: '1' },
        { id: 'Bundle.entry:patient.resource', min: 1, type: [{ code: 'Patient' }] },
      ]),
    ],
    profiles: [url('with-patient')],
    good: [bundle('collection', { fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001', resource: patient() })],
    bad: [
      [
        bundle('collection', {
          fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001',
          resource: observation(),
        }),
        'slice-min Bundle.entry',
      ],
    ],
  },
  {
    feature: 'slice-profile',
    definitions: [
      strict,
      profile('with-strict', 'Bundle', [
        { id: 'Bundle.entry', slicing: by('profile resource') },
        { id: 'Bundle.entry:strict', min: 1 },
        { id: 'Bundle.entry:strict.resource', min: 1, type: [{ code: 'Patient', profile: [url('strict')] }] },
      ]),
    ],
    profiles: [url('with-strict')],
    good: [
      bundle('collection', {
        fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001',
        resource: patient({ birthDate: '1980' }),
      }),
    ],
    bad: [
      [
        bundle('collection', { fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001', resource: patient() }),
        'slice-min Bundle.entry',
      ],
    ],
  },
  {
    feature: 'slice-type-resolve()',
    definitions: [
      profile('performers', 'Observation', [
        { id: 'Observation.performer', slicing: by('type resolve()') },
        {
          id: 'Observation.performer:org',
          min: 1,
          type: [{ code: 'Reference', targetProfile: [core('Organization')] }],
        },
      ]),
    ],
    profiles: [url('performers')],
    good: [
      observation({
        contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
        performer: [{ reference: '#o' }],
      }),
    ],
    bad: [
      [
        observation({ contained: [{ resourceType: 'Practitioner', id: 'o' }], performer: [{ reference: '#o' }] }),
        'slice-min Observation.performer',
      ],
    ],
  },
]
