/** Fixed values, patterns and limits where they are intricate; profiles of datatypes. */
import { type Probe, profile, url } from '../probe.ts'
import { patient, system } from '../resources.ts'

const typed = { coding: [{ system, code: 'a' }] }

export const valuesFurther: readonly Probe[] = [
  {
    feature: 'fixed complex values are equal in every detail, patterns in what they say',
    definitions: [
      profile('fixed-and-pattern', 'Patient', [
        { id: 'Patient.identifier', patternIdentifier: { system: 'http://a', type: typed } },
        { id: 'Patient.maritalStatus', fixedCodeableConcept: { coding: [{ system, code: 'a' }], text: 't' } },
        { id: 'Patient.managingOrganization', patternReference: { type: 'Organization' } },
      ]),
    ],
    profiles: [url('fixed-and-pattern')],
    good: [
      patient({ maritalStatus: { text: 't', coding: [{ code: 'a', system }] } }),
      patient({
        identifier: [
          {
            system: 'http://a',
            value: '1',
            type: {
              coding: [
                { system, code: 'b' },
                { system, code: 'a', display: 'A' },
              ],
              text: 'x',
            },
          },
        ],
      }),
      patient({ managingOrganization: { type: 'Organization', display: 'x' } }),
    ],
    bad: [
      [patient({ maritalStatus: { coding: [{ system, code: 'a' }] } }), 'value-fixed Patient.maritalStatus'],
      [
        patient({ maritalStatus: { coding: [{ system, code: 'a', display: 'A' }], text: 't' } }),
        'value-fixed Patient.maritalStatus',
      ],
      [
        patient({
          maritalStatus: {
            coding: [
              { system, code: 'a' },
              { system, code: 'a' },
            ],
            text: 't',
          },
        }),
        'value-fixed Patient.maritalStatus',
      ],
      [
        patient({ maritalStatus: { id: 'x', coding: [{ system, code: 'a' }], text: 't' } }),
        'value-fixed Patient.maritalStatus',
      ],
      [patient({ identifier: [{ system: 'http://a', value: '1' }] }), 'value-pattern Patient.identifier[0]'],
      [
        patient({
          identifier: [
            { system: 'http://a', type: typed },
            { system: 'http://b', type: typed },
          ],
        }),
        'value-pattern Patient.identifier[1]',
      ],
      [patient({ managingOrganization: { display: 'x' } }), 'value-pattern Patient.managingOrganization'],
    ],
  },
  {
    feature: 'fixed and pattern of primitives',
    definitions: [
      profile('fixed-primitives', 'Patient', [
        { id: 'Patient.active', fixedBoolean: true },
        { id: 'Patient.name.given', patternString: 'A' },
        { id: 'Patient.birthDate', patternDate: '1980-01-01' },
        { id: 'Patient.multipleBirth[x]', type: [{ code: 'integer' }], fixedInteger: 2 },
      ]),
    ],
    profiles: [url('fixed-primitives')],
    good: [
      patient({ active: true, birthDate: '1980-01-01', multipleBirthInteger: 2, name: [{ given: ['A', 'A'] }] }),
      patient(),
    ],
    bad: [
      [patient({ active: false }), 'value-fixed Patient.active'],
      [patient({ birthDate: '1980' }), 'value-pattern Patient.birthDate'],
      [patient({ multipleBirthInteger: 3 }), 'value-fixed Patient.multipleBirth.ofType(integer)'],
      [
        patient({ multipleBirthBoolean: true }),
        'type-not-allowed Patient.multipleBirth.ofType(boolean)',
        'value-fixed Patient.multipleBirth.ofType(boolean)',
      ],
      [patient({ name: [{ given: ['A', 'B'] }] }), 'value-pattern Patient.name[0].given[1]'],
    ],
  },
  {
    feature: 'limits of dates, numbers and lengths',
    definitions: [
      profile('limited', 'Patient', [
        { id: 'Patient.name.text', maxLength: 3 },
        { id: 'Patient.birthDate', minValueDate: '1900-01-01', maxValueDate: '2020-12-31' },
        { id: 'Patient.multipleBirth[x]', type: [{ code: 'integer' }], minValueInteger: 1, maxValueInteger: 9 },
      ]),
    ],
    profiles: [url('limited')],
    good: [
      patient({ birthDate: '1900-01-01' }),
      patient({ birthDate: '2020-12-31', multipleBirthInteger: 9, name: [{ text: 'abc' }] }),
    ],
    bad: [
      [patient({ birthDate: '1899-12-31' }), 'value-min Patient.birthDate'],
      [patient({ birthDate: '2021-01-01' }), 'value-max Patient.birthDate'],
      [patient({ multipleBirthInteger: 0 }), 'value-min Patient.multipleBirth.ofType(integer)'],
      [patient({ multipleBirthInteger: 10 }), 'value-max Patient.multipleBirth.ofType(integer)'],
      [patient({ name: [{ text: 'abcd' }] }), 'value-length Patient.name[0].text'],
    ],
  },
  {
    feature: 'either of two profiles of a datatype',
    definitions: [
      profile('family-name', 'HumanName', [{ id: 'HumanName.family', min: 1 }], { kind: 'complex-type' }),
      profile('text-name', 'HumanName', [{ id: 'HumanName.text', min: 1 }], { kind: 'complex-type' }),
      profile('well-named', 'Patient', [
        { id: 'Patient.name', min: 1, type: [{ code: 'HumanName', profile: [url('family-name'), url('text-name')] }] },
      ]),
    ],
    profiles: [url('well-named')],
    good: [patient({ name: [{ family: 'A' }, { text: 'B' }] })],
    bad: [
      [patient({ name: [{ family: 'A' }, { given: ['B'] }] }), 'type-profile Patient.name[1]'],
      [patient(), 'cardinality-min Patient.name'],
    ],
  },
]
