/** What a reference may point to. */
import { core, type Probe, profile, url } from '../probe.ts'
import { bundle, observation, patient } from '../resources.ts'

const named = profile('org', 'Organization', [{ id: 'Organization.name', min: 1 }])

export const references: readonly Probe[] = [
  {
    feature: 'ref-target-profile-contained',
    definitions: [
      named,
      profile('managed', 'Patient', [
        { id: 'Patient.managingOrganization', type: [{ code: 'Reference', targetProfile: [url('org')] }] },
      ]),
    ],
    profiles: [url('managed')],
    good: [
      patient({
        contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
        managingOrganization: { reference: '#o' },
      }),
    ],
    bad: [
      [
        patient({
          contained: [{ resourceType: 'Organization', id: 'o', identifier: [{ value: '1' }] }],
          managingOrganization: { reference: '#o' },
        }),
        'reference-profile Patient.managingOrganization',
      ],
    ],
  },
  {
    feature: 'ref-target-type',
    good: [patient({ managingOrganization: { reference: 'Organization/1' } })],
    bad: [
      [
        patient({ managingOrganization: { reference: 'Practitioner/1' } }),
        'reference-type Patient.managingOrganization',
      ],
    ],
  },
  {
    feature: 'ref-target-profile-in-bundle',
    definitions: [
      named,
      profile('managed', 'Patient', [
        { id: 'Patient.managingOrganization', type: [{ code: 'Reference', targetProfile: [url('org')] }] },
      ]),
    ],
    good: [
      bundle(
        'collection',
        {
          fullUrl: 'http://s/Patient/p',
          resource: patient({
            id: 'p',
            meta: { profile: [url('managed')] },
            managingOrganization: { reference: 'Organization/o' },
          }),
        },
        { fullUrl: 'http://s/Organization/o', resource: { resourceType: 'Organization', id: 'o', name: 'O' } },
      ),
    ],
    bad: [
      [
        bundle(
          'collection',
          {
            fullUrl: 'http://s/Patient/p',
            resource: patient({
              id: 'p',
              meta: { profile: [url('managed')] },
              managingOrganization: { reference: 'Organization/o' },
            }),
          },
          {
            fullUrl: 'http://s/Organization/o',
            resource: { resourceType: 'Organization', id: 'o', identifier: [{ value: '1' }] },
          },
        ),
        'reference-profile Bundle.entry[0].resource.managingOrganization',
      ],
    ],
  },
  {
    feature: 'aggregation',
    definitions: [
      profile('inside', 'Observation', [
        {
          id: 'Observation.subject',
          type: [{ code: 'Reference', targetProfile: [core('Patient')], aggregation: ['contained'] }],
        },
      ]),
    ],
    profiles: [url('inside')],
    good: [observation({ contained: [patient({ id: 'p' })], subject: { reference: '#p' } })],
    bad: [[observation({ subject: { reference: 'Patient/1' } }), 'reference-aggregation Observation.subject']],
  },
  {
    feature: 'contained-core-rules',
    good: [
      patient({
        contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
        managingOrganization: { reference: '#o' },
      }),
    ],
    bad: [
      [
        patient({ contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }] }),
        'contained-rules Patient.contained[0]',
      ],
    ],
  },
]
