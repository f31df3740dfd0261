/** Invariants: where they stand and what they may ask. */
import { constraint, type Probe, profile, url, valueSet } from '../probe.ts'
import { observation, patient } from '../resources.ts'

const strict = profile('strict', 'Patient', [{ id: 'Patient.birthDate', min: 1 }])

export const invariants: readonly Probe[] = [
  {
    feature: 'invariant-simple',
    definitions: [
      profile('rule', 'Patient', [
        { id: 'Patient', constraint: constraint('t-1', 'name.exists() or active.exists()') },
      ]),
    ],
    profiles: [url('rule')],
    good: [patient({ active: true })],
    bad: [[patient({ gender: 'male' }), 'invariant Patient']],
  },
  {
    feature: 'invariant-element-scope',
    definitions: [
      profile('named', 'Patient', [{ id: 'Patient.name', constraint: constraint('t-2', 'family.exists()') }]),
    ],
    profiles: [url('named')],
    good: [patient({ name: [{ family: 'A' }] })],
    bad: [[patient({ name: [{ family: 'A' }, { text: 'B' }] }), 'invariant Patient.name[1]']],
  },
  {
    feature: 'invariant-%resource',
    definitions: [
      profile('same', 'Patient', [
        { id: 'Patient.contact', constraint: constraint('t-3', 'gender.empty() or gender = %resource.gender') },
      ]),
    ],
    profiles: [url('same')],
    good: [patient({ gender: 'male', contact: [{ gender: 'male', name: { text: 'x' } }] })],
    bad: [
      [
        patient({ gender: 'male', contact: [{ gender: 'female', name: { text: 'x' } }] }),
        'invariant Patient.contact[0]',
      ],
    ],
  },
  {
    feature: 'invariant-resolve()',
    definitions: [
      profile('known', 'Observation', [
        { id: 'Observation', constraint: constraint('t-4', 'subject.resolve().ofType(Patient).active = true') },
      ]),
    ],
    profiles: [url('known')],
    good: [observation({ contained: [patient({ id: 'p', active: true })], subject: { reference: '#p' } })],
    bad: [
      [
        observation({ contained: [patient({ id: 'p', active: false })], subject: { reference: '#p' } }),
        'invariant Observation',
      ],
    ],
  },
  {
    feature: 'invariant-memberOf',
    definitions: [
      profile('member', 'Patient', [
        { id: 'Patient', constraint: constraint('t-5', "gender.memberOf('http://vitruvian.test/ValueSet/two')") },
      ]),
      valueSet('two', 'http://hl7.org/fhir/administrative-gender', ['male', 'female']),
    ],
    profiles: [url('member')],
    good: [patient({ gender: 'male' })],
    bad: [[patient({ gender: 'other' }), 'invariant Patient']],
  },
  {
    feature: 'invariant-conformsTo',
    definitions: [
      strict,
      profile('conform', 'Patient', [
        { id: 'Patient', constraint: constraint('t-6', `conformsTo('${url('strict')}')`) },
      ]),
    ],
    profiles: [url('conform')],
    good: [patient({ birthDate: '1980' })],
    bad: [[patient({ active: true }), 'invariant Patient']],
  },
]
