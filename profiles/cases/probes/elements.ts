/** How often elements occur, which there are, and how JSON lays them out. */
import { core, type Probe, profile, url } from '../probe.ts'
import { patient } from '../resources.ts'

const strict = profile('strict', 'Patient', [{ id: 'Patient.birthDate', min: 1 }])

export const elements: readonly Probe[] = [
  {
    feature: 'card-min',
    definitions: [strict],
    profiles: [url('strict')],
    good: [patient({ birthDate: '1980-01-01' })],
    bad: [[patient(), 'cardinality-min Patient.birthDate']],
  },
  {
    feature: 'card-max',
    definitions: [profile('one-name', 'Patient', [{ id: 'Patient.name', max: '1' }])],
    profiles: [url('one-name')],
    good: [patient({ name: [{ text: 'a' }] })],
    bad: [[patient({ name: [{ text: 'a' }, { text: 'b' }] }), 'cardinality-max Patient.name']],
  },
  {
    feature: 'prohibited',
    definitions: [
      profile('no-photo', 'Patient', [
        { id: 'Patient.animal', max: '0' },
        { id: 'Patient.photo', max: '0' },
      ]),
    ],
    profiles: [url('no-photo')],
    good: [patient({ active: true })],
    bad: [[patient({ photo: [{ title: 'me' }] }), 'cardinality-max Patient.photo']],
  },
  {
    feature: 'array-for-scalar',
    good: [patient({ active: true })],
    bad: [[patient({ active: [true] }), 'structure-array-forbidden Patient.active']],
  },
  {
    feature: 'scalar-for-array',
    good: [patient({ name: [{ family: 'A' }] })],
    bad: [[patient({ name: { family: 'A' } }), 'structure-array-expected Patient.name']],
  },
  {
    feature: 'unknown-element',
    good: [patient({ maritalStatus: { text: 'x' } })],
    bad: [[patient({ maritalStatuss: { text: 'x' } }), 'structure-unknown-element Patient.maritalStatuss']],
  },
  {
    feature: 'duplicate-element-ids',
    good: [
      patient({
        name: [
          { id: 'a', family: 'A' },
          { id: 'b', family: 'B' },
        ],
      }),
    ],
    bad: [
      [
        patient({
          name: [
            { id: 'a', family: 'A' },
            { id: 'a', family: 'B' },
          ],
        }),
        'structure-duplicate-id Patient.name[1].id',
      ],
    ],
  },
  {
    feature: 'primitive-ext-structure',
    good: [
      patient({
        birthDate: '1980',
        _birthDate: { extension: [{ url: core('patient-birthTime'), valueDateTime: '1980-01-01T01:00:00Z' }] },
      }),
    ],
    bad: [
      [
        patient({
          birthDate: '1980',
          _birthDate: { extension: { url: core('patient-birthTime'), valueDateTime: '1980-01-01T01:00:00Z' } },
        }),
        'structure-array-expected Patient.birthDate.extension',
      ],
    ],
  },
  {
    feature: 'bad-date-calendar',
    good: [patient({ birthDate: '2024-02-29' }), patient({ birthDate: '1999-12' })],
    bad: [
      [patient({ birthDate: '2023-02-29' }), 'primitive-format Patient.birthDate'],
      [patient({ birthDate: '1999-13' }), 'primitive-format Patient.birthDate'],
      [patient({ birthDate: '1900-02-29' }), 'primitive-format Patient.birthDate'],
    ],
  },
]
