/** Where extensions may stand: by path, datatype, choice, extension and FHIRPath. */
import { extension, type Probe, profile, url } from '../probe.ts'
import { bundle, coded, entry, observation, organization, patient } from '../resources.ts'

export const extensionPlaces: readonly Probe[] = [
  {
    feature: 'the place of an extension: a path',
    definitions: [extension('on-contact', 'string', 'Patient.contact')],
    good: [
      patient({ contact: [{ name: { text: 'x' }, extension: [{ url: url('on-contact'), valueString: 'x' }] }] }),
      bundle(
        'collection',
        entry(
          1,
          patient({ contact: [{ name: { text: 'x' }, extension: [{ url: url('on-contact'), valueString: 'x' }] }] }),
        ),
      ),
    ],
    bad: [
      [
        patient({ extension: [{ url: url('on-contact'), valueString: 'x' }] }),
        'extension-context Patient.extension[0]',
      ],
      [
        organization({ contact: [{ name: { text: 'x' }, extension: [{ url: url('on-contact'), valueString: 'x' }] }] }),
        'extension-context Organization.contact[0].extension[0]',
      ],
    ],
  },
  {
    feature: 'the place of an extension: a datatype, and those made of it',
    definitions: [extension('on-quantity', 'string', 'Quantity'), extension('on-string', 'string', 'string')],
    good: [
      observation({ valueQuantity: { value: 1, extension: [{ url: url('on-quantity'), valueString: 'x' }] } }),
      {
        resourceType: 'Condition',
        subject: { reference: 'Patient/1' },
        onsetAge: {
          value: 1,
          system: 'http://unitsofmeasure.org',
          code: 'a',
          extension: [{ url: url('on-quantity'), valueString: 'x' }],
        },
      },
      patient({ name: [{ _family: { extension: [{ url: url('on-string'), valueString: 'x' }] } }] }),
      patient({ name: [{ given: ['A'], _given: [{ extension: [{ url: url('on-string'), valueString: 'x' }] }] }] }),
    ],
    bad: [
      [
        patient({ _birthDate: { extension: [{ url: url('on-string'), valueString: 'x' }] } }),
        'extension-context Patient.birthDate.extension[0]',
      ],
    ],
  },
  {
    feature: 'the place of an extension: a choice',
    definitions: [extension('on-value', 'string', 'Observation.value[x]')],
    good: [
      observation({ valueQuantity: { value: 1, extension: [{ url: url('on-value'), valueString: 'x' }] } }),
      observation({ valueString: 'x', _valueString: { extension: [{ url: url('on-value'), valueString: 'x' }] } }),
    ],
    bad: [
      [
        observation({
          component: [
            {
              code: coded('a'),
              valueString: 'x',
              _valueString: { extension: [{ url: url('on-value'), valueString: 'x' }] },
            },
          ],
        }),
        'extension-context Observation.component[0].value.ofType(string).extension[0]',
      ],
    ],
  },
  {
    feature: 'the place of an extension: any resource, any element',
    definitions: [
      extension('on-resource', 'string', 'Resource'),
      extension('on-element', 'string', 'Element'),
      extension('on-domain', 'string', 'DomainResource'),
    ],
    good: [
      patient({
        extension: [
          { url: url('on-resource'), valueString: 'x' },
          { url: url('on-domain'), valueString: 'x' },
        ],
      }),
      patient({ name: [{ text: 'A', extension: [{ url: url('on-element'), valueString: 'x' }] }] }),
    ],
    bad: [
      [
        patient({ name: [{ text: 'A', extension: [{ url: url('on-resource'), valueString: 'x' }] }] }),
        'extension-context Patient.name[0].extension[0]',
      ],
    ],
  },
  {
    feature: 'the place of an extension: another extension',
    definitions: [
      extension('outer', 'string', 'Patient', [{ id: 'Extension.extension', max: '*' }]),
      profile('holder', 'Extension', [{ id: 'Extension' }, { id: 'Extension.url', fixedUri: url('holder') }], {
        kind: 'complex-type',
        context: [{ type: 'element', expression: 'Patient' }],
      }),
      extension('inner', 'string', [{ type: 'extension', expression: url('holder') }]),
    ],
    good: [patient({ extension: [{ url: url('holder'), extension: [{ url: url('inner'), valueString: 'x' }] }] })],
    bad: [
      [patient({ extension: [{ url: url('inner'), valueString: 'x' }] }), 'extension-context Patient.extension[0]'],
    ],
  },
  {
    feature: 'the place of an extension: FHIRPath, and what must hold there',
    definitions: [
      extension('by-path', 'string', [{ type: 'fhirpath', expression: "Patient.name.where(use = 'official')" }]),
      {
        ...extension('if-active', 'string', 'Patient'),
        contextInvariant: ['active = true'],
      },
    ],
    good: [
      patient({ name: [{ use: 'official', extension: [{ url: url('by-path'), valueString: 'x' }] }] }),
      patient({ active: true, extension: [{ url: url('if-active'), valueString: 'x' }] }),
    ],
    bad: [
      [
        patient({ name: [{ use: 'old', extension: [{ url: url('by-path'), valueString: 'x' }] }] }),
        'extension-context Patient.name[0].extension[0]',
      ],
      [
        patient({ active: false, extension: [{ url: url('if-active'), valueString: 'x' }] }),
        'extension-context Patient.extension[0]',
      ],
    ],
  },
]
