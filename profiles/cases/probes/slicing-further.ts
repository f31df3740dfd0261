/** Slicing where it is intricate: several discriminators, paths through references and extensions, choices, lists in lists. */
import { by, core, extension, type Probe, profile, url } from '../probe.ts'
import { bundle, coded, condition, entry, observation, organization, patient, system, ucum } from '../resources.ts'

const active = profile('active-patient', 'Patient', [{ id: 'Patient.active', min: 1, fixedBoolean: true }])

export const slicingFurther: readonly Probe[] = [
  {
    feature: 'two discriminators must both fit',
    definitions: [
      profile('twice', 'Patient', [
        { id: 'Patient.identifier', slicing: by('value system, value use') },
        { id: 'Patient.identifier:main', min: 1, max: '1' },
        { id: 'Patient.identifier:main.use', min: 1, fixedCode: 'official' },
        { id: 'Patient.identifier:main.system', min: 1, fixedUri: 'http://a' },
        { id: 'Patient.identifier:main.value', min: 1 },
      ]),
    ],
    profiles: [url('twice')],
    good: [
      patient({
        identifier: [
          { system: 'http://a', use: 'official', value: '1' },
          { system: 'http://a', use: 'old' },
          { system: 'http://b', use: 'official' },
        ],
      }),
    ],
    bad: [
      [patient({ identifier: [{ system: 'http://a', use: 'old', value: '1' }] }), 'slice-min Patient.identifier'],
      [
        patient({ identifier: [{ system: 'http://a', use: 'official' }] }),
        'cardinality-min Patient.identifier[0].value',
      ],
      [
        patient({
          identifier: [
            { system: 'http://a', use: 'official', value: '1' },
            { use: 'official', system: 'http://a', value: '2' },
          ],
        }),
        'slice-max Patient.identifier',
      ],
    ],
  },
  {
    feature: 'a coding anywhere in the concept tells the slice',
    definitions: [
      profile('any-coding', 'Observation', [
        { id: 'Observation.component', slicing: by('value code.coding.code, value code.coding.system') },
        { id: 'Observation.component:a', min: 1, max: '1' },
        { id: 'Observation.component:a.code.coding.system', min: 1, fixedUri: system },
        { id: 'Observation.component:a.code.coding.code', min: 1, fixedCode: 'a' },
        { id: 'Observation.component:a.value[x]', min: 1 },
      ]),
    ],
    profiles: [url('any-coding')],
    good: [observation({ component: [{ code: coded('a'), valueString: 'x' }, { code: coded('b') }] })],
    bad: [
      [observation({ component: [{ code: coded('b') }] }), 'slice-min Observation.component'],
      [observation({ component: [{ code: coded('a') }] }), 'cardinality-min Observation.component[0].value'],
    ],
  },
  {
    feature: 'slicing of codings within a concept, by system',
    definitions: [
      profile('by-system', 'Observation', [
        { id: 'Observation.code.coding', slicing: by('value system') },
        { id: 'Observation.code.coding:own', min: 1, max: '1' },
        { id: 'Observation.code.coding:own.system', min: 1, fixedUri: system },
        { id: 'Observation.code.coding:own.code', min: 1 },
      ]),
    ],
    profiles: [url('by-system')],
    good: [
      observation({
        code: {
          coding: [
            { system: 'http://o', code: 'q' },
            { system, code: 'a' },
          ],
        },
      }),
    ],
    bad: [
      [observation({ code: { text: 'x' } }), 'slice-min Observation.code.coding'],
      [observation({ code: { coding: [{ system }] } }), 'cardinality-min Observation.code.coding[0].code'],
      [
        observation({
          code: {
            coding: [
              { system, code: 'a' },
              { system, code: 'b' },
            ],
          },
        }),
        'slice-max Observation.code.coding',
      ],
    ],
  },
  {
    feature: 'a discriminator through an extension',
    definitions: [
      extension('kind', 'code', 'Identifier'),
      profile('by-extension', 'Patient', [
        { id: 'Patient.identifier', slicing: by(`value extension('${url('kind')}').value`) },
        { id: 'Patient.identifier:card', min: 1 },
        { id: 'Patient.identifier:card.extension', slicing: by('value url') },
        {
          id: 'Patient.identifier:card.extension:kind',
          min: 1,
          max: '1',
          type: [{ code: 'Extension', profile: [url('kind')] }],
        },
        { id: 'Patient.identifier:card.extension:kind.value[x]', min: 1, fixedCode: 'card' },
        { id: 'Patient.identifier:card.value', min: 1 },
      ]),
    ],
    profiles: [url('by-extension')],
    good: [patient({ identifier: [{ extension: [{ url: url('kind'), valueCode: 'card' }], value: '1' }] })],
    bad: [
      [
        patient({ identifier: [{ extension: [{ url: url('kind'), valueCode: 'other' }], value: '1' }] }),
        'slice-min Patient.identifier',
      ],
      [
        patient({ identifier: [{ extension: [{ url: url('kind'), valueCode: 'card' }], system: 'http://x' }] }),
        'cardinality-min Patient.identifier[0].value',
      ],
    ],
  },
  {
    feature: 'a discriminator through a reference: the profile of its target',
    definitions: [
      active,
      profile('by-target', 'Observation', [
        { id: 'Observation.focus', slicing: by('profile resolve()') },
        {
          id: 'Observation.focus:active',
          min: 1,
          type: [{ code: 'Reference', targetProfile: [url('active-patient')] }],
        },
      ]),
    ],
    profiles: [url('by-target')],
    good: [
      observation({
        contained: [patient({ id: 'p', active: true }), patient({ id: 'q', active: false })],
        focus: [{ reference: '#q' }, { reference: '#p' }],
      }),
    ],
    bad: [
      [
        observation({ contained: [patient({ id: 'p', active: false })], focus: [{ reference: '#p' }] }),
        'slice-min Observation.focus',
      ],
    ],
  },
  {
    feature: 'a discriminator through a reference: a value of its target',
    definitions: [
      profile('typed-org', 'Organization', [{ id: 'Organization.type', min: 1, patternCodeableConcept: coded('pay') }]),
      profile('by-target-value', 'Patient', [
        { id: 'Patient.generalPractitioner', slicing: by('value resolve().type') },
        {
          id: 'Patient.generalPractitioner:payer',
          min: 1,
          type: [{ code: 'Reference', targetProfile: [url('typed-org')] }],
        },
      ]),
    ],
    profiles: [url('by-target-value')],
    good: [
      patient({
        contained: [organization({ id: 'o', type: [coded('pay')] })],
        generalPractitioner: [{ reference: '#o' }],
      }),
    ],
    bad: [
      [
        patient({
          contained: [organization({ id: 'o', type: [coded('x')] })],
          generalPractitioner: [{ reference: '#o' }],
        }),
        'slice-min Patient.generalPractitioner',
      ],
    ],
  },
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
    feature: 'slices by the existence of a deeper element',
    definitions: [
      profile('deep-exists', 'Patient', [
        { id: 'Patient.contact', slicing: by('exists name.family') },
        { id: 'Patient.contact:person', min: 1 },
        { id: 'Patient.contact:person.relationship', min: 1 },
        { id: 'Patient.contact:person.name', min: 1 },
        { id: 'Patient.contact:person.name.family', min: 1 },
        { id: 'Patient.contact:other' },
        { id: 'Patient.contact:other.name.family', max: '0' },
      ]),
    ],
    profiles: [url('deep-exists')],
    good: [patient({ contact: [{ name: { family: 'A' }, relationship: [{ text: 'r' }] }, { name: { text: 'B' } }] })],
    bad: [
      [patient({ contact: [{ name: { text: 'B' } }] }), 'slice-min Patient.contact'],
      [patient({ contact: [{ name: { family: 'A' } }] }), 'cardinality-min Patient.contact[0].relationship'],
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
    feature: 'a pattern of several codings needs them all',
    definitions: [
      profile('both-codings', 'Observation', [
        {
          id: 'Observation.code',
          patternCodeableConcept: {
            coding: [
              { system, code: 'a' },
              { system: 'http://o', code: 'q' },
            ],
          },
        },
      ]),
    ],
    profiles: [url('both-codings')],
    good: [
      observation({
        code: {
          coding: [
            { system: 'http://o', code: 'q', display: 'Q' },
            { system, code: 'a' },
            { system, code: 'z' },
          ],
        },
      }),
    ],
    bad: [[observation({ code: coded('a') }), 'value-pattern Observation.code']],
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
  {
    feature: 'slicing by the type of a reference, where the target is out of reach',
    definitions: [
      profile('typed-performer', 'Observation', [
        { id: 'Observation.performer', slicing: by('type resolve()', 'closed') },
        {
          id: 'Observation.performer:org',
          max: '1',
          type: [{ code: 'Reference', targetProfile: [core('Organization')] }],
        },
        {
          id: 'Observation.performer:person',
          type: [{ code: 'Reference', targetProfile: [core('Practitioner')] }],
        },
      ]),
    ],
    profiles: [url('typed-performer')],
    good: [
      observation({
        performer: [{ reference: 'Organization/1' }, { reference: 'https://s.test/fhir/Practitioner/2' }],
      }),
    ],
    bad: [
      [
        observation({ performer: [{ reference: 'Organization/1' }, { reference: 'Organization/2' }] }),
        'slice-max Observation.performer',
      ],
      [observation({ performer: [{ reference: 'Patient/1' }] }), 'slice-closed Observation.performer[0]'],
    ],
  },
]
