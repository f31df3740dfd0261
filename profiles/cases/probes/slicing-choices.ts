/** Slicing of choices, of primitives and of entries, and what the sliced element says of all its values. */
import { by, type Probe, profile, url } from '../probe.ts'
import { bundle, condition, entry, observation, organization, patient, ucum } from '../resources.ts'

export const slicingChoices: readonly Probe[] = [
  {
    feature: 'a choice narrowed by the names of its slices, without a slicing',
    definitions: [
      profile('short-choice', 'Observation', [
        {
          id: 'Observation.value[x]:valueQuantity',
          path: 'Observation.value[x]',
          sliceName: 'valueQuantity',
          min: 0,
          max: '1',
          type: [{ code: 'Quantity' }],
        },
        { id: 'Observation.value[x]:valueQuantity.system', min: 1, fixedUri: ucum },
      ]),
    ],
    profiles: [url('short-choice')],
    good: [
      observation({ valueString: 'x' }),
      observation({ valueQuantity: { value: 1, system: ucum, code: 'g' } }),
      observation(),
    ],
    bad: [
      [observation({ valueQuantity: { value: 1 } }), 'cardinality-min Observation.value.ofType(Quantity).system'],
      [
        observation({ valueQuantity: { value: 1, system: 'http://u', code: 'g' } }),
        'value-fixed Observation.value.ofType(Quantity).system',
      ],
    ],
  },
  {
    feature: 'a closed slicing of a choice by type',
    definitions: [
      profile('closed-choice', 'Observation', [
        { id: 'Observation.value[x]', slicing: by('type $this', 'closed') },
        { id: 'Observation.value[x]:valueQuantity', type: [{ code: 'Quantity' }] },
        { id: 'Observation.value[x]:valueString', type: [{ code: 'string' }] },
      ]),
    ],
    profiles: [url('closed-choice')],
    good: [observation({ valueString: 'x' }), observation({ valueQuantity: { value: 1 } })],
    bad: [[observation({ valueBoolean: true }), 'slice-closed Observation.value.ofType(boolean)']],
  },
  {
    feature: 'a choice of which one type is required',
    definitions: [
      profile('needs-quantity', 'Observation', [
        { id: 'Observation.value[x]', slicing: by('type $this') },
        { id: 'Observation.value[x]:valueQuantity', min: 1, type: [{ code: 'Quantity' }] },
      ]),
    ],
    profiles: [url('needs-quantity')],
    good: [observation({ valueQuantity: { value: 1 } })],
    bad: [
      [observation(), 'slice-min Observation.value'],
      [observation({ valueString: 'x' }), 'slice-min Observation.value'],
    ],
  },
  {
    feature: 'primitives sliced by their own value',
    definitions: [
      profile('prefixed', 'Patient', [
        { id: 'Patient.name.prefix', slicing: by('value $this') },
        { id: 'Patient.name.prefix:dr', min: 1, max: '1', fixedString: 'Dr' },
      ]),
    ],
    profiles: [url('prefixed')],
    good: [patient({ name: [{ prefix: ['Prof', 'Dr'] }] }), patient({ active: true })],
    bad: [
      [patient({ name: [{ prefix: ['Prof'] }] }), 'slice-min Patient.name[0].prefix'],
      [patient({ name: [{ prefix: ['Dr', 'Dr'] }] }), 'slice-max Patient.name[0].prefix'],
      [patient({ name: [{ family: 'A' }] }), 'slice-min Patient.name[0].prefix'],
    ],
  },
  {
    feature: 'slices of entries by two types of resource, each with its own number',
    definitions: [
      profile('counted', 'Bundle', [
        { id: 'Bundle.entry', slicing: by('type resource', 'closed'), min: 2 },
        { id: 'Bundle.entry:patient', min: 1, max: '1' },
        { id: 'Bundle.entry:patient.resource', min: 1, type: [{ code: 'Patient' }] },
        { id: 'Bundle.entry:condition', min: 1 },
        { id: 'Bundle.entry:condition.resource', min: 1, type: [{ code: 'Condition' }] },
      ]),
    ],
    profiles: [url('counted')],
    good: [bundle('collection', entry(1, patient()), entry(2, condition()), entry(3, condition()))],
    bad: [
      [
        bundle('collection', entry(1, patient()), entry(2, patient())),
        'slice-max Bundle.entry',
        'slice-min Bundle.entry',
      ],
      [
        bundle('collection', entry(1, patient()), entry(2, condition()), entry(3, organization())),
        'slice-closed Bundle.entry[2]',
      ],
      [bundle('collection', entry(1, patient())), 'cardinality-min Bundle.entry', 'slice-min Bundle.entry'],
    ],
  },
  {
    feature: 'what is required of every value is required of those of a slice, and the reverse not',
    definitions: [
      profile('all-and-slice', 'Patient', [
        { id: 'Patient.telecom', slicing: by('value system') },
        { id: 'Patient.telecom.value', min: 1 },
        { id: 'Patient.telecom:phone', max: '1' },
        { id: 'Patient.telecom:phone.system', min: 1, fixedCode: 'phone' },
        { id: 'Patient.telecom:phone.use', min: 1 },
      ]),
    ],
    profiles: [url('all-and-slice')],
    good: [
      patient({
        telecom: [
          { system: 'email', value: 'a' },
          { system: 'phone', value: '1', use: 'home' },
        ],
      }),
    ],
    bad: [
      [patient({ telecom: [{ system: 'email' }] }), 'cardinality-min Patient.telecom[0].value'],
      [patient({ telecom: [{ system: 'phone', use: 'home' }] }), 'cardinality-min Patient.telecom[0].value'],
      [patient({ telecom: [{ system: 'phone', value: '1' }] }), 'cardinality-min Patient.telecom[0].use'],
    ],
  },
  {
    feature: 'a profile upon a profile adds slices and narrows those it inherits',
    definitions: [
      profile('base-slices', 'Patient', [
        { id: 'Patient.identifier', slicing: by('value system') },
        { id: 'Patient.identifier:a', max: '1' },
        { id: 'Patient.identifier:a.system', min: 1, fixedUri: 'http://a' },
      ]),
      profile(
        'derived-slices',
        'Patient',
        [
          { id: 'Patient.identifier:a', min: 1 },
          { id: 'Patient.identifier:a.value', min: 1 },
          { id: 'Patient.identifier:b', max: '1' },
          { id: 'Patient.identifier:b.system', min: 1, fixedUri: 'http://b' },
        ],
        { baseDefinition: url('base-slices') },
      ),
    ],
    profiles: [url('derived-slices')],
    good: [patient({ identifier: [{ system: 'http://a', value: '1' }, { system: 'http://b' }] })],
    bad: [
      [patient({ identifier: [{ system: 'http://b' }] }), 'slice-min Patient.identifier'],
      [patient({ identifier: [{ system: 'http://a' }] }), 'cardinality-min Patient.identifier[0].value'],
      [
        patient({ identifier: [{ system: 'http://a', value: '1' }, { system: 'http://b' }, { system: 'http://b' }] }),
        'slice-max Patient.identifier',
      ],
    ],
  },
  {
    feature: 'the number of all values is told by the element, not by its slices',
    definitions: [
      profile('few-in-all', 'Patient', [
        { id: 'Patient.address', slicing: by('value use'), max: '2' },
        { id: 'Patient.address:home', max: '2' },
        { id: 'Patient.address:home.use', min: 1, fixedCode: 'home' },
      ]),
    ],
    profiles: [url('few-in-all')],
    good: [patient({ address: [{ use: 'home' }, { use: 'home' }] })],
    bad: [
      [patient({ address: [{ use: 'home' }, { use: 'work' }, { use: 'old' }] }), 'cardinality-max Patient.address'],
    ],
  },
]
