/** What a reference or canonical points to: in the Bundle, by a profile, by its form. */
import { type Probe, profile, url } from '../probe.ts'
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

export const referenceTargets: readonly Probe[] = [
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
