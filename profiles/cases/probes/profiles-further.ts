/** Profiles claimed, unknown and at odds; recursion; invariants of profiles; what they forbid. */
import { by, constraint, core, type Probe, profile, url } from '../probe.ts'
import {
  bundle,
  coded,
  entry,
  observation,
  organization,
  parameters,
  patient,
  questionnaire,
  system,
} from '../resources.ts'

const strictly = profile('strictly', 'Patient', [{ id: 'Patient.birthDate', min: 1 }], { version: '2.0' })

export const profilesFurther: readonly Probe[] = [
  {
    feature: 'profiles that are claimed, with and without a version, unknown, or of another type',
    definitions: [strictly, profile('of-organizations', 'Organization', [{ id: 'Organization.name', min: 1 }])],
    good: [
      patient({ meta: { profile: [url('strictly')] }, birthDate: '1980' }),
      patient({ meta: { profile: [`${url('strictly')}|2.0`] }, birthDate: '1980' }),
      patient({ meta: { profile: [core('Patient')] } }),
    ],
    bad: [
      [patient({ meta: { profile: [`${url('strictly')}|2.0`] } }), 'cardinality-min Patient.birthDate'],
      [patient({ meta: { profile: [url('of-organizations')] } }), 'profile-wrong-type Patient'],
      [patient({ meta: { profile: [core('Organization')] } }), 'profile-wrong-type Patient'],
      [
        patient({ meta: { profile: ['http://nowhere.test/profile'] } }),
        'warning profile-unknown Patient.meta.profile[0]',
      ],
      [patient({ meta: { profile: [`${url('strictly')}|9.9`] } }), 'warning profile-unknown Patient.meta.profile[0]'],
      [patient({ meta: { profile: url('strictly') } }), 'structure-array-expected Patient.meta.profile'],
    ],
  },
  {
    feature: 'an abstract type as profile holds what is made of it',
    definitions: [
      profile('with-text', 'DomainResource', [{ id: 'DomainResource.text', min: 1 }], { type: 'DomainResource' }),
    ],
    profiles: [core('DomainResource')],
    good: [patient()],
    bad: [[{ resourceType: 'Bundle', type: 'collection' }, 'profile-wrong-type Bundle']],
  },
  {
    feature: 'recursion: items of items, parts of parts, concepts of concepts',
    definitions: [
      profile('prefixed-items', 'Questionnaire', [{ id: 'Questionnaire.item.prefix', min: 1 }]),
      profile('valued-parts', 'Parameters', [
        { id: 'Parameters.parameter', slicing: by('value name') },
        { id: 'Parameters.parameter:all', min: 1, max: '1' },
        { id: 'Parameters.parameter:all.name', fixedString: 'all' },
        { id: 'Parameters.parameter:all.part', slicing: by('value name'), min: 1 },
        { id: 'Parameters.parameter:all.part:one', min: 1, max: '1' },
        { id: 'Parameters.parameter:all.part:one.name', fixedString: 'one' },
        { id: 'Parameters.parameter:all.part:one.value[x]', min: 1, type: [{ code: 'string' }] },
      ]),
    ],
    good: [
      {
        ...questionnaire({
          linkId: '1',
          prefix: 'a',
          type: 'group',
          item: [{ linkId: '2', prefix: 'b', type: 'string' }],
        }),
        meta: { profile: [url('prefixed-items')] },
      },
      {
        ...parameters({
          name: 'all',
          part: [
            { name: 'one', valueString: 'x' },
            { name: 'two', valueString: 'y' },
          ],
        }),
        meta: { profile: [url('valued-parts')] },
      },
      {
        resourceType: 'CodeSystem',
        status: 'active',
        content: 'fragment',
        concept: [{ code: 'a', concept: [{ code: 'b', concept: [{ code: 'c' }] }] }],
      },
    ],
    bad: [
      [
        {
          ...questionnaire({ linkId: '1', type: 'group', item: [{ linkId: '2', prefix: 'b', type: 'string' }] }),
          meta: { profile: [url('prefixed-items')] },
        },
        'cardinality-min Questionnaire.item[0].prefix',
      ],
      [
        {
          ...parameters({ name: 'all', part: [{ name: 'one', valueInteger: 1 }] }),
          meta: { profile: [url('valued-parts')] },
        },
        'type-not-allowed Parameters.parameter[0].part[0].value.ofType(integer)',
      ],
      [
        {
          ...parameters({ name: 'all', part: [{ name: 'two', valueInteger: 1 }] }),
          meta: { profile: [url('valued-parts')] },
        },
        'slice-min Parameters.parameter[0].part',
      ],
      [
        {
          resourceType: 'CodeSystem',
          status: 'active',
          content: 'fragment',
          concept: [{ code: 'a', concept: [{ code: 'b', concept: [{ display: 'c' }] }] }],
        },
        'cardinality-min CodeSystem.concept[0].concept[0].concept[0].code',
      ],
      [
        {
          resourceType: 'ValueSet',
          status: 'active',
          compose: {
            include: [{ system, concept: [{ code: 'a' }] }],
            exclude: [{ system, concept: [{ display: 'x' }] }],
          },
        },
        'cardinality-min ValueSet.compose.exclude[0].concept[0].code',
      ],
    ],
  },
  {
    feature: 'invariants of a profile: warnings, %context, %rootResource, descendants, on a missing element',
    definitions: [
      profile('said', 'Observation', [
        {
          id: 'Observation',
          constraint: [
            ...constraint('w-1', 'note.exists()', 'warning'),
            ...constraint('e-1', 'category.all(coding.exists())'),
          ],
        },
        { id: 'Observation.value[x]', constraint: constraint('e-3', '$this is string implies $this.length() < 5') },
        {
          id: 'Observation.component',
          constraint: constraint('e-2', "%rootResource.status = 'final' and %context.code.exists()"),
        },
      ]),
    ],
    profiles: [url('said')],
    good: [
      observation({ note: [{ text: 'x' }], component: [{ code: coded('a') }] }),
      observation({ note: [{ text: 'x' }], valueString: 'abcd' }),
      observation({ note: [{ text: 'x' }], valueQuantity: { value: 1 } }),
    ],
    bad: [
      [observation(), 'warning invariant Observation'],
      [observation({ note: [{ text: 'x' }], category: [coded('a'), { text: 'b' }] }), 'invariant Observation'],
      [
        { ...observation({ note: [{ text: 'x' }], component: [{ code: coded('a') }] }), status: 'amended' },
        'invariant Observation.component[0]',
      ],
      [observation({ note: [{ text: 'x' }], valueString: 'abcde' }), 'invariant Observation.value.ofType(string)'],
    ],
  },
  {
    feature: 'what an element forbids: whole datatypes, a choice, text and status',
    definitions: [
      profile('forbidding', 'Observation', [
        { id: 'Observation.code.text', max: '0' },
        { id: 'Observation.value[x]', max: '0' },
        { id: 'Observation.component.value[x]', type: [{ code: 'Quantity' }, { code: 'CodeableConcept' }] },
      ]),
    ],
    profiles: [url('forbidding')],
    good: [observation({ code: coded('a'), component: [{ code: coded('b'), valueQuantity: { value: 1 } }] })],
    bad: [
      [observation({ code: coded('a'), valueString: 'x' }), 'cardinality-max Observation.value'],
      [observation({ code: { text: 'x' } }), 'cardinality-max Observation.code.text'],
      [
        observation({ code: coded('a'), component: [{ code: coded('b'), valueString: 'x' }] }),
        'type-not-allowed Observation.component[0].value.ofType(string)',
      ],
    ],
  },
  {
    feature: 'entries and what they contain are held to the profile of the Bundle',
    definitions: [
      strictly,
      profile('bundle-of-strict', 'Bundle', [
        { id: 'Bundle.type', fixedCode: 'collection' },
        { id: 'Bundle.entry', min: 1 },
        { id: 'Bundle.entry.resource', min: 1, type: [{ code: 'Patient', profile: [url('strictly')] }] },
      ]),
    ],
    profiles: [url('bundle-of-strict')],
    good: [bundle('collection', entry(1, patient({ birthDate: '1980' })))],
    bad: [
      [bundle('collection', entry(1, patient())), 'cardinality-min Bundle.entry[0].resource.birthDate'],
      [bundle('collection', entry(1, organization())), 'type-not-allowed Bundle.entry[0].resource'],
      [
        bundle('batch', { request: { method: 'POST', url: 'Patient' }, resource: patient({ birthDate: '1980' }) }),
        'value-fixed Bundle.type',
      ],
    ],
  },
]
