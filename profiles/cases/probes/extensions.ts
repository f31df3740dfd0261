/** Extensions: definition, place, value. */
import { by, core, extension, type Probe, profile, url } from '../probe.ts'
import { patient } from '../resources.ts'

export const extensions: readonly Probe[] = [
  {
    feature: 'ext-slice-required',
    definitions: [
      extension('colour', 'string', 'Patient'),
      profile('coloured', 'Patient', [
        { id: 'Patient.extension', slicing: by('value url') },
        { id: 'Patient.extension:colour', min: 1, type: [{ code: 'Extension', profile: [url('colour')] }] },
      ]),
    ],
    profiles: [url('coloured')],
    good: [patient({ extension: [{ url: url('colour'), valueString: 'red' }] })],
    bad: [[patient({ active: true }), 'slice-min Patient.extension']],
  },
  {
    feature: 'ext-def-value-type(auto)',
    definitions: [extension('colour', 'string', 'Patient')],
    good: [patient({ extension: [{ url: url('colour'), valueString: 'red' }] })],
    bad: [
      [
        patient({ extension: [{ url: url('colour'), valueInteger: 3 }] }),
        'type-not-allowed Patient.extension[0].value.ofType(integer)',
      ],
    ],
  },
  {
    feature: 'ext-context',
    definitions: [extension('name-colour', 'string', 'HumanName')],
    good: [patient({ name: [{ family: 'A', extension: [{ url: url('name-colour'), valueString: 'red' }] }] })],
    bad: [
      [
        patient({ extension: [{ url: url('name-colour'), valueString: 'red' }] }),
        'extension-context Patient.extension[0]',
      ],
    ],
  },
  {
    feature: 'ext-unknown',
    good: [patient({ extension: [{ url: core('patient-birthPlace'), valueAddress: { city: 'X' } }] })],
    bad: [
      [
        patient({ extension: [{ url: 'http://nowhere.test/StructureDefinition/x', valueString: 'red' }] }),
        'extension-unknown Patient.extension[0]',
      ],
    ],
  },
  {
    feature: 'modifier-ext-unknown',
    good: [patient({ active: true })],
    bad: [
      [
        patient({ modifierExtension: [{ url: 'http://nowhere.test/StructureDefinition/x', valueString: 'red' }] }),
        'extension-modifier-unknown Patient.modifierExtension[0]',
      ],
    ],
  },
  {
    feature: 'primitive-ext-required',
    definitions: [
      extension('why', 'string', 'Element'),
      profile('explained', 'Patient', [
        { id: 'Patient.birthDate.extension', slicing: by('value url') },
        { id: 'Patient.birthDate.extension:why', min: 1, type: [{ code: 'Extension', profile: [url('why')] }] },
      ]),
    ],
    profiles: [url('explained')],
    good: [
      patient({ birthDate: '1980', _birthDate: { extension: [{ url: url('why'), valueString: 'x' }] } }),
      patient({ active: true }),
    ],
    bad: [[patient({ birthDate: '1980' }), 'slice-min Patient.birthDate.extension']],
  },
]
