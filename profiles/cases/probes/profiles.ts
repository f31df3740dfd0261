/** Which profiles a resource is held to, and how they reach into it. */
import { type Probe, profile, url } from '../probe.ts'
import { bundle, observation, patient, questionnaire } from '../resources.ts'

const strict = profile('strict', 'Patient', [{ id: 'Patient.birthDate', min: 1 }])

const named = profile('org', 'Organization', [{ id: 'Organization.name', min: 1 }])

export const profiles: readonly Probe[] = [
  {
    feature: 'meta.profile-auto',
    definitions: [strict],
    good: [patient({ meta: { profile: [url('strict')] }, birthDate: '1980' })],
    bad: [[patient({ meta: { profile: [url('strict')] } }), 'cardinality-min Patient.birthDate']],
  },
  {
    feature: 'meta.profile-auto-in-bundle',
    definitions: [strict],
    good: [
      bundle('batch', {
        request: { method: 'POST', url: 'Patient' },
        resource: patient({ meta: { profile: [url('strict')] }, birthDate: '1980' }),
      }),
    ],
    bad: [
      [
        bundle('batch', {
          request: { method: 'POST', url: 'Patient' },
          resource: patient({ meta: { profile: [url('strict')] } }),
        }),
        'cardinality-min Bundle.entry[0].resource.birthDate',
      ],
    ],
  },
  {
    feature: 'meta.profile-auto-contained',
    definitions: [strict],
    good: [
      observation({
        contained: [patient({ id: 'p', meta: { profile: [url('strict')] }, birthDate: '1980' })],
        subject: { reference: '#p' },
      }),
    ],
    bad: [
      [
        observation({
          contained: [patient({ id: 'p', meta: { profile: [url('strict')] } })],
          subject: { reference: '#p' },
        }),
        'cardinality-min Observation.contained[0].birthDate',
      ],
    ],
  },
  {
    feature: 'several-profiles',
    definitions: [strict, profile('active', 'Patient', [{ id: 'Patient.active', min: 1 }])],
    good: [patient({ meta: { profile: [url('strict'), url('active')] }, birthDate: '1980', active: true })],
    bad: [
      [
        patient({ meta: { profile: [url('strict'), url('active')] }, birthDate: '1980' }),
        'cardinality-min Patient.active',
      ],
    ],
  },
  {
    feature: 'type-profile-on-datatype',
    definitions: [
      profile('full-name', 'HumanName', [{ id: 'HumanName.family', min: 1 }], { kind: 'complex-type' }),
      profile('full', 'Patient', [{ id: 'Patient.name', type: [{ code: 'HumanName', profile: [url('full-name')] }] }]),
    ],
    profiles: [url('full')],
    good: [patient({ name: [{ family: 'A' }] })],
    bad: [[patient({ name: [{ text: 'A' }] }), 'cardinality-min Patient.name[0].family']],
  },
  {
    feature: 'content-reference-core',
    definitions: [profile('q', 'Questionnaire', [{ id: 'Questionnaire.item.text', min: 1 }])],
    profiles: [url('q')],
    good: [
      {
        resourceType: 'Questionnaire',
        status: 'draft',
        item: [{ linkId: '1', type: 'group', text: 'a', item: [{ linkId: '2', type: 'string', text: 'b' }] }],
      },
    ],
    bad: [
      [
        {
          resourceType: 'Questionnaire',
          status: 'draft',
          item: [{ linkId: '1', type: 'group', text: 'a', item: [{ linkId: '2', type: 'strin', text: 'b' }] }],
        },
        'binding-required Questionnaire.item[0].item[0].type',
      ],
    ],
  },
  {
    feature: 'a content reference means the unconstrained element, whatever a profile makes of it',
    definitions: [
      profile('text-above', 'Questionnaire', [{ id: 'Questionnaire.item.text', min: 1 }]),
      profile('text-below', 'Questionnaire', [
        { id: 'Questionnaire.item.text', min: 1 },
        { id: 'Questionnaire.item.item', min: 1 },
        { id: 'Questionnaire.item.item.prefix', min: 1 },
      ]),
    ],
    good: [
      {
        ...questionnaire({ linkId: '1', type: 'group', text: 'a', item: [{ linkId: '2', type: 'string' }] }),
        meta: { profile: [url('text-above')] },
      },
      {
        ...questionnaire({
          linkId: '1',
          type: 'group',
          text: 'a',
          item: [{ linkId: '2', type: 'string', prefix: 'b' }],
        }),
        meta: { profile: [url('text-below')] },
      },
    ],
    bad: [
      [
        {
          ...questionnaire({ linkId: '1', type: 'group', item: [{ linkId: '2', type: 'string', text: 'b' }] }),
          meta: { profile: [url('text-above')] },
        },
        'cardinality-min Questionnaire.item[0].text',
      ],
      [
        {
          ...questionnaire({ linkId: '1', type: 'group', text: 'a', item: [{ linkId: '2', type: 'string' }] }),
          meta: { profile: [url('text-below')] },
        },
        'cardinality-min Questionnaire.item[0].item[0].prefix',
      ],
    ],
  },
  {
    feature: 'entry-profile-union',
    definitions: [
      strict,
      named,
      profile('one-of', 'Bundle', [
        {
          id: 'Bundle.entry.resource',
          type: [
            { code: 'Patient', profile: [url('strict')] },
            { code: 'Organization', profile: [url('org')] },
          ],
        },
      ]),
    ],
    profiles: [url('one-of')],
    good: [
      bundle(
        'batch',
        { request: { method: 'POST', url: 'x' }, resource: { resourceType: 'Organization', name: 'O' } },
        { request: { method: 'POST', url: 'x' }, resource: patient({ birthDate: '1980' }) },
      ),
    ],
    bad: [
      [
        bundle('batch', { request: { method: 'POST', url: 'x' }, resource: observation() }),
        'type-not-allowed Bundle.entry[0].resource',
      ],
    ],
  },
]
