/** Slicing where it is intricate: several discriminators, paths through references and extensions. */
import { by, core, extension, type Probe, profile, url } from '../probe.ts'
import { coded, observation, organization, patient, system } from '../resources.ts'

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
