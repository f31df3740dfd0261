/** Bundles as a whole and their entries. */
import type { Probe } from '../probe.ts'
import { bundle, condition, entry, patient, xhtml } from '../resources.ts'

export const bundles: readonly Probe[] = [
  {
    feature: 'bundle-entry-core-rules',
    good: [bundle('batch', { request: { method: 'GET', url: 'Patient' } })],
    bad: [
      [
        bundle('batch', { request: { method: 'FETCH', url: 'Patient' } }),
        'binding-required Bundle.entry[0].request.method',
      ],
    ],
  },
  {
    feature: 'bundle-document-first-composition',
    good: [
      {
        ...bundle('document', {
          fullUrl: 'http://s/Composition/c',
          resource: {
            resourceType: 'Composition',
            id: 'c',
            status: 'final',
            type: { text: 't' },
            date: '2020',
            author: [{ display: 'a' }],
            title: 't',
          },
        }),
        identifier: { system: 'http://x', value: '1' },
        timestamp: '2020-01-01T00:00:00Z',
      },
    ],
    bad: [
      [
        {
          ...bundle('document', { fullUrl: 'http://s/Patient/p', resource: patient({ id: 'p' }) }),
          identifier: { system: 'http://x', value: '1' },
          timestamp: '2020-01-01T00:00:00Z',
        },
        'bundle-first-entry Bundle.entry[0]',
      ],
    ],
  },
  {
    feature: 'bundle-fullUrl-id-mismatch',
    good: [bundle('collection', { fullUrl: 'http://s/Patient/p', resource: patient({ id: 'p' }) })],
    bad: [
      [
        bundle('collection', { fullUrl: 'http://s/Patient/q', resource: patient({ id: 'p' }) }),
        'bundle-full-url Bundle.entry[0].fullUrl',
      ],
    ],
  },
  {
    feature: 'xhtml-script',
    good: [patient({ text: xhtml('<p class="x">fine &amp; <b>good</b></p>') })],
    bad: [
      [patient({ text: xhtml('<script>alert(1)</script>') }), 'narrative-xhtml Patient.text.div'],
      [patient({ text: xhtml('<p onclick="x()">a</p>') }), 'narrative-xhtml Patient.text.div'],
      [patient({ text: xhtml('<p>open') }), 'narrative-xhtml Patient.text.div'],
      [patient({ text: xhtml(' ') }), 'narrative-xhtml Patient.text.div'],
    ],
  },
  ...['_type=Patient%2CCondition', '_type=Patient&_count=2&_type=Condition'].map((query) => {
    const found = (type: string, resource: object): object => ({
      ...bundle('searchset', entry(`https://a.example/fhir/${type}/1`, resource, { search: { mode: 'match' } })),
      link: [{ relation: 'self', url: `https://a.example/fhir/Patient/1/$everything?${query}` }],
    })
    return {
      feature: `the types that a search asks for: ${query}`,
      good: [found('Patient', patient({ id: '1' })), found('Condition', condition({ id: '1' }))],
      bad: [
        [
          found('Group', { resourceType: 'Group', id: '1', type: 'person', actual: true }),
          'bundle-search Bundle.entry[0].resource',
        ],
      ],
    } satisfies Probe
  }),
]
