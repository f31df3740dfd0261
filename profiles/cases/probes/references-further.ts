/** References where they are intricate: fragments, versions, Bundles, logical ones, and canonicals. */
import { core, type Probe, profile, url } from '../probe.ts'
import { bundle, condition, entry, observation, organization, patient, questionnaire, uuid } from '../resources.ts'

const targeted = [
  profile('named-org', 'Organization', [{ id: 'Organization.name', min: 1 }]),
  profile('of-named', 'Patient', [
    { id: 'Patient.managingOrganization', type: [{ code: 'Reference', targetProfile: [url('named-org')] }] },
  ]),
]
const ofNamed = (more: object): object => patient({ meta: { profile: [url('of-named')] }, ...more })
const answers = (questionnaire: string): object => ({
  resourceType: 'QuestionnaireResponse',
  status: 'completed',
  questionnaire,
})
const nameless = { resourceType: 'Organization', identifier: [{ value: '1' }] }

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
  {
    feature: 'the target in the Bundle: by its full URL, relative, with a version, by UUID',
    definitions: targeted,
    good: [
      bundle(
        'collection',
        entry('https://s.test/Patient/p', ofNamed({ id: 'p', managingOrganization: { reference: 'Organization/o' } })),
        entry('https://s.test/Organization/o', organization({ id: 'o' })),
      ),
      bundle(
        'collection',
        entry(1, ofNamed({ managingOrganization: { reference: uuid(2) } })),
        entry(2, organization()),
      ),
      bundle(
        'collection',
        entry(1, ofNamed({ managingOrganization: { reference: 'https://s.test/Organization/o' } })),
        entry('https://s.test/Organization/o', organization({ id: 'o' })),
      ),
      // Another server's.
      bundle(
        'collection',
        entry('https://s.test/Patient/p', ofNamed({ id: 'p', managingOrganization: { reference: 'Organization/o' } })),
        entry('https://t.test/Organization/o', { ...nameless, id: 'o' }),
      ),
    ],
    bad: [
      [
        bundle(
          'collection',
          entry(
            'https://s.test/Patient/p',
            ofNamed({ id: 'p', managingOrganization: { reference: 'Organization/o' } }),
          ),
          entry('https://s.test/Organization/o', { ...nameless, id: 'o' }),
        ),
        'reference-profile Bundle.entry[0].resource.managingOrganization',
      ],
      [
        bundle('collection', entry(1, ofNamed({ managingOrganization: { reference: uuid(2) } })), entry(2, nameless)),
        'reference-profile Bundle.entry[0].resource.managingOrganization',
      ],
      [
        bundle('collection', entry(1, ofNamed({ managingOrganization: { reference: uuid(2) } })), entry(2, patient())),
        'reference-type Bundle.entry[0].resource.managingOrganization',
      ],
      [
        bundle(
          'collection',
          entry(1, ofNamed({ managingOrganization: { reference: uuid(3) } })),
          entry(2, organization()),
        ),
        'bundle-reference Bundle.entry[0].resource.managingOrganization.reference',
      ],
      [
        bundle(
          'collection',
          entry(
            'https://s.test/Patient/p',
            ofNamed({ id: 'p', managingOrganization: { reference: 'https://s.test/Organization/o/_history/2' } }),
          ),
          entry('https://s.test/Organization/o', { ...nameless, id: 'o', meta: { versionId: '2' } }),
        ),
        'reference-profile Bundle.entry[0].resource.managingOrganization',
      ],
    ],
  },
  {
    feature: 'contained resources of an entry may refer to other entries',
    good: [
      bundle(
        'collection',
        entry(
          'https://s.test/Observation/a',
          observation({
            id: 'a',
            contained: [condition({ id: 'c', subject: { reference: 'Patient/p' } })],
            focus: [{ reference: '#c' }],
          }),
        ),
        entry('https://s.test/Patient/p', patient({ id: 'p' })),
      ),
    ],
    bad: [
      [
        bundle(
          'collection',
          entry(
            'https://s.test/Observation/a',
            observation({
              id: 'a',
              contained: [condition({ id: 'c', subject: { reference: uuid(9) } })],
              focus: [{ reference: '#c' }],
            }),
          ),
        ),
        'bundle-reference Bundle.entry[0].resource.contained[0].subject.reference',
      ],
    ],
  },
  {
    feature: 'a reference in a profile: either of two target profiles will do',
    definitions: [
      profile('born', 'Patient', [{ id: 'Patient.birthDate', min: 1 }]),
      profile('sexed', 'Patient', [{ id: 'Patient.gender', min: 1 }]),
      profile('either', 'Observation', [
        {
          id: 'Observation.subject',
          min: 1,
          type: [{ code: 'Reference', targetProfile: [url('born'), url('sexed')] }],
        },
      ]),
    ],
    profiles: [url('either')],
    good: [
      observation({ contained: [patient({ id: 'p', birthDate: '1980' })], subject: { reference: '#p' } }),
      observation({ contained: [patient({ id: 'p', gender: 'male' })], subject: { reference: '#p' } }),
      observation({ subject: { reference: 'Patient/1' } }),
    ],
    bad: [
      [
        observation({ contained: [patient({ id: 'p' })], subject: { reference: '#p' } }),
        'reference-profile Observation.subject',
      ],
      [observation({ subject: { reference: 'Group/1' } }), 'reference-type Observation.subject'],
      [observation({ subject: { type: 'Device', display: 'x' } }), 'reference-type Observation.subject'],
      [observation(), 'cardinality-min Observation.subject'],
    ],
  },
  {
    feature: 'canonicals name what is meant, where that is at hand',
    good: [
      questionnaire({ linkId: '1', type: 'choice', answerValueSet: 'http://hl7.org/fhir/ValueSet/marital-status' }),
      questionnaire({ linkId: '1', type: 'choice', answerValueSet: 'http://nowhere.test/ValueSet/x' }),
      {
        ...questionnaire({ linkId: '1', type: 'choice', answerValueSet: '#v' }),
        contained: [{ resourceType: 'ValueSet', id: 'v', status: 'draft' }],
      },
      answers('http://nowhere.test/Questionnaire/q|1'),
    ],
    bad: [
      [
        questionnaire({ linkId: '1', type: 'choice', answerValueSet: 'http://hl7.org/fhir/administrative-gender' }),
        'reference-type Questionnaire.item[0].answerValueSet',
      ],
      [
        {
          ...questionnaire({ linkId: '1', type: 'choice', answerValueSet: '#v' }),
          contained: [{ resourceType: 'CodeSystem', id: 'v', status: 'draft', content: 'fragment' }],
        },
        'reference-type Questionnaire.item[0].answerValueSet',
      ],
      [answers('http://hl7.org/fhir/ValueSet/marital-status'), 'reference-type QuestionnaireResponse.questionnaire'],
      [
        patient({ meta: { profile: ['http://hl7.org/fhir/ValueSet/marital-status'] } }),
        'reference-type Patient.meta.profile[0]',
      ],
    ],
  },
  {
    feature: 'relative references: a type and an id; a search in transactions only',
    good: [
      bundle('transaction', {
        request: { method: 'POST', url: 'Condition' },
        resource: condition({ subject: { reference: 'Patient?identifier=http://a|1' } }),
      }),
      bundle('collection', entry(1, condition({ subject: { reference: 'Patient/1/_history/2' } }))),
      bundle('collection', entry(1, condition({ subject: { reference: 'https://s.test/by/any/path' } }))),
    ],
    bad: [
      [
        condition({ subject: { reference: 'Patient?identifier=http://a|1' } }),
        'reference-format Condition.subject.reference',
      ],
      [
        bundle('batch', {
          request: { method: 'POST', url: 'Condition' },
          resource: condition({ subject: { reference: 'Patient?identifier=http://a|1' } }),
        }),
        'reference-format Bundle.entry[0].resource.subject.reference',
      ],
      ...['/Patient/1', 'Patient/1/2', 'Patient', '1'].map((reference): readonly [object, string] => [
        bundle('collection', entry(1, condition({ subject: { reference } }))),
        'reference-format Bundle.entry[0].resource.subject.reference',
      ]),
    ],
  },
]
