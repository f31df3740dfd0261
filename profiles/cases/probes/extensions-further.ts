/** Extensions where they are intricate: parts, modifiers, primitives, nulls in lists. */
import { by, core, extension, type Probe, profile, url } from '../probe.ts'
import { observation, patient, questionnaire } from '../resources.ts'

const race = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-race'
const omb = {
  url: 'ombCategory',
  valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3', display: 'White' },
}
const absent = { extension: [{ url: core('data-absent-reason'), valueCode: 'unknown' }] }
const pair = profile(
  'pair',
  'Extension',
  [
    { id: 'Extension' },
    { id: 'Extension.extension', slicing: by('value url'), min: 1 },
    { id: 'Extension.extension:first', min: 1, max: '1' },
    { id: 'Extension.extension:first.url', fixedUri: 'first' },
    { id: 'Extension.extension:first.value[x]', min: 1, type: [{ code: 'string' }] },
    { id: 'Extension.extension:second', max: '1' },
    { id: 'Extension.extension:second.url', fixedUri: 'second' },
    { id: 'Extension.extension:second.value[x]', min: 1, type: [{ code: 'integer' }] },
    { id: 'Extension.url', fixedUri: url('pair') },
    { id: 'Extension.value[x]', max: '0' },
  ],
  { kind: 'complex-type', context: [{ type: 'element', expression: 'Patient' }] },
)
const first = { url: 'first', valueString: 'a' }
const modifier = (name: string, context: string): object =>
  profile(
    name,
    'Extension',
    [
      { id: 'Extension', isModifier: true, isModifierReason: 'it negates' },
      { id: 'Extension.extension', max: '0' },
      { id: 'Extension.url', fixedUri: url(name) },
      { id: 'Extension.value[x]', min: 1, type: [{ code: 'boolean' }] },
    ],
    { kind: 'complex-type', context: [{ type: 'element', expression: context }] },
  )

export const extensionsFurther: readonly Probe[] = [
  {
    feature: 'an extension of parts',
    definitions: [pair],
    good: [
      patient({ extension: [{ url: url('pair'), extension: [first] }] }),
      patient({ extension: [{ url: url('pair'), extension: [{ url: 'second', valueInteger: 1 }, first] }] }),
    ],
    bad: [
      [
        patient({ extension: [{ url: url('pair'), extension: [{ url: 'second', valueInteger: 1 }] }] }),
        'slice-min Patient.extension[0].extension',
      ],
      [
        patient({ extension: [{ url: url('pair'), extension: [first, first] }] }),
        'slice-max Patient.extension[0].extension',
      ],
      [
        patient({ extension: [{ url: url('pair'), extension: [first, { url: 'third', valueString: 'a' }] }] }),
        'extension-unknown Patient.extension[0].extension[1]',
      ],
      [
        patient({ extension: [{ url: url('pair'), extension: [{ url: 'first', valueInteger: 1 }] }] }),
        'type-not-allowed Patient.extension[0].extension[0].value.ofType(integer)',
      ],
      [
        patient({ extension: [{ url: url('pair'), extension: [{ url: 'first' }] }] }),
        'invariant Patient.extension[0].extension[0]',
        'cardinality-min Patient.extension[0].extension[0].value',
      ],
      [
        patient({ extension: [{ url: url('pair'), valueString: 'a' }] }),
        'cardinality-min Patient.extension[0].extension',
        'slice-min Patient.extension[0].extension',
        'cardinality-max Patient.extension[0].value',
      ],
    ],
  },
  {
    feature: 'a value or parts, never both and never neither (ext-1)',
    good: [patient({ extension: [{ url: core('patient-birthPlace'), valueAddress: { city: 'X' } }] })],
    bad: [
      [
        patient({ extension: [{ url: core('patient-birthPlace') }] }),
        'invariant Patient.extension[0]',
        'cardinality-min Patient.extension[0].value',
      ],
      [
        patient({ extension: [{ url: race, extension: [omb, { url: 'text', valueString: 'W' }], valueString: 'x' }] }),
        'invariant Patient.extension[0]',
        'cardinality-max Patient.extension[0].value',
      ],
    ],
  },
  {
    feature: 'the URL of an extension: present, absolute, without a version',
    good: [patient({ extension: [{ url: race, extension: [omb, { url: 'text', valueString: 'W' }] }] })],
    bad: [
      [patient({ extension: [{ valueString: 'x' }] }), 'cardinality-min Patient.extension[0].url'],
      [patient({ extension: [{ url: 'text', valueString: 'x' }] }), 'extension-url Patient.extension[0].url'],
      [
        patient({ extension: [{ url: `${core('patient-birthPlace')}|4.0.1`, valueAddress: { city: 'X' } }] }),
        'extension-url Patient.extension[0].url',
      ],
      [patient({ extension: [{ url: core('Patient'), valueString: 'x' }] }), 'extension-unknown Patient.extension[0]'],
    ],
  },
  {
    feature: 'modifier extensions are modifiers, and others are not',
    definitions: [modifier('negated', 'Patient'), extension('harmless', 'boolean', 'Patient')],
    good: [
      patient({ modifierExtension: [{ url: url('negated'), valueBoolean: true }] }),
      patient({ extension: [{ url: url('harmless'), valueBoolean: true }] }),
    ],
    bad: [
      [
        patient({ extension: [{ url: url('negated'), valueBoolean: true }] }),
        'extension-modifier Patient.extension[0]',
      ],
      [
        patient({ modifierExtension: [{ url: url('harmless'), valueBoolean: true }] }),
        'extension-modifier Patient.modifierExtension[0]',
      ],
      [
        patient({ modifierExtension: [{ url: url('negated'), valueString: 'x' }] }),
        'type-not-allowed Patient.modifierExtension[0].value.ofType(string)',
      ],
      [
        patient({ name: [{ family: 'A', modifierExtension: [{ url: url('negated'), valueBoolean: true }] }] }),
        'structure-unknown-element Patient.name[0].modifierExtension',
      ],
    ],
  },
  {
    feature: 'extensions in place of values, in lists and alone',
    good: [
      patient({ name: [{ given: [null, 'B'], _given: [absent, null] }] }),
      patient({ name: [{ _given: [absent] }] }),
      patient({ _gender: absent }),
      patient({ name: [{ given: ['A', 'B'], _given: [null, { id: 'b' }] }] }),
      observation({ status: 'final', _status: { id: 'x' } }),
      { resourceType: 'Observation', _status: absent, code: { text: 'x' } },
    ],
    bad: [
      [patient({ name: [{ given: [null] }] }), 'structure-null Patient.name[0].given[0]'],
      [patient({ name: [{ given: [null, 'B'], _given: [null, absent] }] }), 'structure-null Patient.name[0].given[0]'],
      [patient({ name: [{ given: ['B'], _given: [null, absent] }] }), 'structure-null Patient.name[0].given'],
      [patient({ _gender: {} }), 'structure-empty Patient.gender'],
      [patient({ _gender: [absent] }), 'structure-array-forbidden Patient.gender'],
      [patient({ _gender: 'male' }), 'structure-object-expected Patient.gender'],
      [patient({ _name: [absent] }), 'structure-unknown-element Patient._name'],
      [patient({ _gender: { value: 'male' } }), 'structure-unknown-element Patient.gender.value'],
      [patient({ gender: 'male', _gender: { extension: [] } }), 'structure-empty Patient.gender.extension'],
    ],
  },
  {
    feature: 'an extension is held to its definition inside of a profile that says more of it',
    definitions: [
      extension('level', 'integer', 'Patient'),
      profile('levelled', 'Patient', [
        { id: 'Patient.extension', slicing: by('value url') },
        { id: 'Patient.extension:level', min: 1, max: '1', type: [{ code: 'Extension', profile: [url('level')] }] },
        { id: 'Patient.extension:level.value[x]', type: [{ code: 'integer' }], maxValueInteger: 5 },
      ]),
    ],
    profiles: [url('levelled')],
    good: [patient({ extension: [{ url: url('level'), valueInteger: 5 }] })],
    bad: [
      [
        patient({ extension: [{ url: url('level'), valueInteger: 6 }] }),
        'value-max Patient.extension[0].value.ofType(integer)',
      ],
      [
        patient({
          extension: [
            { url: url('level'), valueInteger: 1 },
            { url: url('level'), valueInteger: 1 },
          ],
        }),
        'slice-max Patient.extension',
      ],
      [
        patient({
          extension: [{ url: url('level'), valueInteger: 1, extension: [{ url: url('level'), valueInteger: 1 }] }],
        }),
        'invariant Patient.extension[0]',
        'cardinality-max Patient.extension[0].extension',
        'extension-context Patient.extension[0].extension[0]',
      ],
    ],
  },
  {
    feature: 'a closed list of extensions',
    definitions: [
      extension('only', 'string', 'Patient'),
      extension('another', 'string', 'Patient'),
      profile('only-one-kind', 'Patient', [
        { id: 'Patient.extension', slicing: by('value url', 'closed') },
        { id: 'Patient.extension:only', type: [{ code: 'Extension', profile: [url('only')] }] },
      ]),
    ],
    profiles: [url('only-one-kind')],
    good: [patient({ extension: [{ url: url('only'), valueString: 'x' }] })],
    bad: [[patient({ extension: [{ url: url('another'), valueString: 'x' }] }), 'slice-closed Patient.extension[0]']],
  },
  {
    feature: 'extensions in repeated items, by content reference',
    good: [
      questionnaire({
        linkId: '1',
        type: 'group',
        item: [
          {
            linkId: '2',
            type: 'string',
            extension: [{ url: core('questionnaire-hidden'), valueBoolean: true }],
          },
        ],
      }),
    ],
    bad: [
      [
        questionnaire({
          linkId: '1',
          type: 'group',
          item: [
            { linkId: '2', type: 'string', extension: [{ url: core('questionnaire-hidden'), valueString: 'true' }] },
          ],
        }),
        'type-not-allowed Questionnaire.item[0].item[0].extension[0].value.ofType(string)',
      ],
    ],
  },
]
