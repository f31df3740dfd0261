/** References where they are intricate: fragments, contained resources, types, logical ones. */
import { core, type Probe } from '../probe.ts'
import { bundle, condition, entry, observation, organization, patient, uuid } from '../resources.ts'

export const referencesFurther: readonly Probe[] = [
  {
    feature: 'fragments lead to what is contained',
    good: [
      patient({ contained: [organization({ id: 'o' })], managingOrganization: { reference: '#o' } }),
      // What is contained may refer to the container, and to what lies beside it.
      observation({
        contained: [condition({ id: 'c', subject: { reference: '#p' } }), patient({ id: 'p' })],
        focus: [{ reference: '#c' }],
      }),
      patient({
        contained: [
          {
            resourceType: 'Provenance',
            id: 'v',
            target: [{ reference: '#' }],
            recorded: '2020-01-01T00:00:00Z',
            agent: [{ who: { display: 'x' } }],
          },
        ],
      }),
    ],
    bad: [
      [patient({ managingOrganization: { reference: '#o' } }), 'invariant Patient.managingOrganization'],
      [
        patient({ contained: [organization({ id: 'o' })], managingOrganization: { reference: '#p' } }),
        'contained-rules Patient.contained[0]',
        'invariant Patient.managingOrganization',
      ],
      [
        patient({ contained: [patient({ id: 'o' })], managingOrganization: { reference: '#o' } }),
        'reference-type Patient.managingOrganization',
      ],
      [
        bundle(
          'collection',
          entry(1, patient({ managingOrganization: { reference: '#o' } })),
          entry(2, patient({ contained: [organization({ id: 'o' })], managingOrganization: { reference: '#o' } })),
        ),
        'invariant Bundle.entry[0].resource.managingOrganization',
      ],
    ],
  },
  {
    feature: 'contained resources: ids, no nesting, no version, no label, no strays (dom-2 to dom-5)',
    good: [
      patient({
        contained: [organization({ id: 'o', meta: { profile: [core('Organization')], tag: [{ code: 'x' }] } })],
        managingOrganization: { reference: '#o' },
      }),
    ],
    bad: [
      [patient({ contained: [organization({ id: 'o' })] }), 'contained-rules Patient.contained[0]'],
      [patient({ contained: [organization()], active: true }), 'contained-rules Patient.contained[0]'],
      [
        patient({
          contained: [organization({ id: 'o', contained: [organization({ id: 'p' })], partOf: { reference: '#p' } })],
          managingOrganization: { reference: '#o' },
        }),
        'contained-rules Patient.contained[0]',
        'invariant Patient.contained[0].partOf',
      ],
      [
        patient({
          contained: [organization({ id: 'o', meta: { versionId: '1' } })],
          managingOrganization: { reference: '#o' },
        }),
        'contained-rules Patient.contained[0]',
      ],
      [
        patient({
          contained: [organization({ id: 'o', meta: { lastUpdated: '2020-01-01T00:00:00Z' } })],
          managingOrganization: { reference: '#o' },
        }),
        'contained-rules Patient.contained[0]',
      ],
      [
        patient({
          contained: [organization({ id: 'o', meta: { security: [{ display: 'x' }] } })],
          managingOrganization: { reference: '#o' },
        }),
        'contained-rules Patient.contained[0]',
      ],
      [
        patient({
          contained: [organization({ id: 'o' }), organization({ id: 'o' })],
          managingOrganization: { reference: '#o' },
        }),
        'contained-rules Patient.contained[1]',
      ],
      [
        patient({ contained: [organization({ id: '#o' })], managingOrganization: { reference: '#o' } }),
        'primitive-format Patient.contained[0].id',
        'contained-rules Patient.contained[0]',
        'invariant Patient.managingOrganization',
      ],
    ],
  },
  {
    feature: 'the type of the target, told by the form of the reference',
    good: [
      patient({ managingOrganization: { reference: 'Organization/1/_history/2' } }),
      patient({ managingOrganization: { reference: 'https://s.test/fhir/Organization/1' } }),
      patient({ managingOrganization: { reference: 'https://s.test/any/thing?x=y' } }),
      patient({ managingOrganization: { reference: uuid(1) } }),
      patient({ managingOrganization: { identifier: { system: 'http://x', value: '1' } } }),
      patient({ managingOrganization: { type: 'Organization', identifier: { value: '1' } } }),
      patient({ managingOrganization: { display: 'in words' } }),
      patient({
        managingOrganization: { _reference: { extension: [{ url: core('data-absent-reason'), valueCode: 'masked' }] } },
      }),
      patient({ generalPractitioner: [{ reference: 'PractitionerRole/1' }, { reference: 'Organization/1' }] }),
    ],
    bad: [
      [
        patient({ managingOrganization: { reference: 'Patient/1/_history/2' } }),
        'reference-type Patient.managingOrganization',
      ],
      [
        patient({ managingOrganization: { reference: 'https://s.test/fhir/Patient/1' } }),
        'reference-type Patient.managingOrganization',
      ],
      [
        patient({ managingOrganization: { type: 'Patient', identifier: { value: '1' } } }),
        'reference-type Patient.managingOrganization',
      ],
      [
        patient({ managingOrganization: { reference: 'Organisation/1' } }),
        'reference-type Patient.managingOrganization.reference',
      ],
      [
        patient({ managingOrganization: { reference: 'Organization/1', type: 'Patient' } }),
        'reference-type Patient.managingOrganization.type',
      ],
      [
        patient({ managingOrganization: { type: 'Organisation', display: 'x' } }),
        'reference-type Patient.managingOrganization.type',
      ],
      [patient({ managingOrganization: {} }), 'structure-empty Patient.managingOrganization'],
      [patient({ managingOrganization: { reference: '' } }), 'primitive-format Patient.managingOrganization.reference'],
      [
        patient({ managingOrganization: { reference: 'Organization/ 1' } }),
        'reference-format Patient.managingOrganization.reference',
      ],
      [patient({ managingOrganization: { reference: 5 } }), 'primitive-format Patient.managingOrganization.reference'],
      [patient({ managingOrganization: 'Organization/1' }), 'structure-object-expected Patient.managingOrganization'],
    ],
  },
]
