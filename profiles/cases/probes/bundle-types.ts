/** Bundles by their type: what each demands of its entries, links and totals. */
import type { Probe } from '../probe.ts'
import { bundle, condition, entry, observation, organization, patient, uuid } from '../resources.ts'

const composition = (more: object = {}): object => ({
  resourceType: 'Composition',
  status: 'final',
  type: { text: 't' },
  date: '2020',
  author: [{ display: 'a' }],
  title: 't',
  ...more,
})
const header = (more: object = {}): object => ({
  resourceType: 'MessageHeader',
  eventUri: 'http://x/event',
  source: { endpoint: 'http://x/source' },
  ...more,
})
const named = { identifier: { system: 'http://x', value: '1' } }
const timed = { timestamp: '2020-01-01T00:00:00Z' }
const documented = (...entries: object[]): object => ({ ...bundle('document', ...entries), ...named, ...timed })
const put = { request: { method: 'PUT', url: 'Patient/p' } }
const ok = { response: { status: '200' } }

export const bundleTypes: readonly Probe[] = [
  {
    feature: 'a transaction or batch has requests and no responses (bdl-3, bdl-4)',
    good: [
      bundle(
        'transaction',
        { resource: patient({ id: 'p' }), ...put },
        { request: { method: 'DELETE', url: 'Patient/q' } },
      ),
      bundle('batch', { request: { method: 'GET', url: 'Patient?name=x' } }),
      bundle(
        'transaction',
        entry(1, patient(), { request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=1' } }),
      ),
      bundle('batch', {
        request: { method: 'PATCH', url: 'Patient/p' },
        resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data: 'QUJD' },
      }),
      bundle('transaction'),
    ],
    bad: [
      [bundle('transaction', { resource: patient() }), 'invariant Bundle'],
      [bundle('batch', { resource: patient(), ...put, ...ok }), 'invariant Bundle'],
      [
        bundle('transaction', { request: { method: 'PUT' }, resource: patient() }),
        'cardinality-min Bundle.entry[0].request.url',
      ],
      [bundle('transaction', { resource: patient(), ...put, search: { mode: 'match' } }), 'invariant Bundle'],
      [{ ...bundle('batch', { ...put, resource: patient() }), total: 1 }, 'invariant Bundle'],
    ],
  },
  {
    feature: 'a response has responses and no requests (bdl-3, bdl-4)',
    good: [
      bundle('transaction-response', { response: { status: '201 Created', location: 'Patient/p/_history/1' } }),
      bundle('batch-response', { ...ok, resource: patient({ id: 'p' }) }),
      bundle('batch-response', {
        response: {
          status: '404',
          outcome: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'not-found' }] },
        },
      }),
    ],
    bad: [
      [bundle('transaction-response', { resource: patient() }), 'invariant Bundle'],
      [bundle('batch-response', { ...put }), 'invariant Bundle'],
      [
        bundle('batch-response', { response: {} }),
        'structure-empty Bundle.entry[0].response',
        'cardinality-min Bundle.entry[0].response.status',
      ],
    ],
  },
  {
    feature: 'a history has both (bdl-3, bdl-4), and may repeat a full URL with another version',
    good: [
      {
        ...bundle(
          'history',
          entry('https://s.test/Patient/p', patient({ id: 'p', meta: { versionId: '2' } }), { ...put, ...ok }),
          entry('https://s.test/Patient/p', patient({ id: 'p', meta: { versionId: '1' } }), { ...put, ...ok }),
        ),
        total: 2,
      },
      bundle('history', {
        fullUrl: 'https://s.test/Patient/p',
        request: { method: 'DELETE', url: 'Patient/p' },
        ...ok,
      }),
    ],
    bad: [
      [bundle('history', entry('https://s.test/Patient/p', patient({ id: 'p' }))), 'invariant Bundle'],
      [bundle('history', entry('https://s.test/Patient/p', patient({ id: 'p' }), put)), 'invariant Bundle'],
    ],
  },
  {
    feature: 'a search set: total, mode, score, links, full URLs (bdl-1, bdl-2)',
    good: [
      {
        ...bundle(
          'searchset',
          entry('https://s.test/Patient/p', patient({ id: 'p' }), { search: { mode: 'match', score: 0.5 } }),
        ),
        total: 1,
        link: [
          { relation: 'self', url: 'https://s.test/Patient?name=x' },
          { relation: 'next', url: 'https://s.test/next' },
        ],
      },
      { ...bundle('searchset'), total: 0 },
      bundle(
        'searchset',
        entry('https://s.test/Patient/p', patient({ id: 'p' }), { search: { mode: 'match' } }),
        entry(
          1,
          { resourceType: 'OperationOutcome', issue: [{ severity: 'warning', code: 'processing' }] },
          { search: { mode: 'outcome' } },
        ),
        entry('https://s.test/Organization/o', organization({ id: 'o' }), { search: { mode: 'include' } }),
      ),
    ],
    bad: [
      [
        bundle('searchset', { resource: patient({ id: 'p' }), search: { mode: 'match' } }),
        'bundle-full-url Bundle.entry[0]',
      ],
      [
        bundle('searchset', entry('https://s.test/Patient/p', patient({ id: 'p' }), { search: { mode: 'matched' } })),
        'binding-required Bundle.entry[0].search.mode',
      ],
      [
        bundle(
          'searchset',
          entry('https://s.test/Patient/p', patient({ id: 'p' }), { ...put, search: { mode: 'match' } }),
        ),
        'invariant Bundle',
      ],
      [
        {
          ...bundle(
            'searchset',
            entry('https://s.test/Patient/p', patient({ id: 'p' }), { search: { mode: 'match' } }),
          ),
          link: [
            { relation: 'self', url: 'https://s.test/a' },
            { relation: 'self', url: 'https://s.test/b' },
          ],
        },
        'bundle-link Bundle.link[1].relation',
      ],
      [{ ...bundle('collection', entry(1, patient())), total: 1 }, 'invariant Bundle'],
      [bundle('collection', entry(1, patient(), { search: { mode: 'match' } })), 'invariant Bundle'],
    ],
  },
  {
    feature: 'full URLs: absolute, without a version, each once, in tune with the id (bdl-7, bdl-8)',
    good: [
      bundle(
        'collection',
        entry('https://s.test/Patient/p', patient({ id: 'p' })),
        entry(1, patient()),
        entry('https://s.test/x', patient()),
      ),
      bundle('collection', entry('urn:oid:1.2.3.4.5', patient({ id: 'p' }))),
    ],
    bad: [
      [bundle('collection', { resource: patient() }), 'bundle-full-url Bundle.entry[0]'],
      [bundle('collection', entry('Patient/p', patient({ id: 'p' }))), 'bundle-full-url Bundle.entry[0].fullUrl'],
      [bundle('collection', entry('https://s.test/Patient/p', patient())), 'bundle-full-url Bundle.entry[0].fullUrl'],
      [
        bundle('collection', entry('https://s.test/Organization/p', patient({ id: 'p' }))),
        'bundle-full-url Bundle.entry[0].fullUrl',
      ],
      [
        bundle('collection', entry('https://s.test/Patient/p/_history/1', patient({ id: 'p' }))),
        'invariant Bundle.entry[0]',
        'bundle-full-url Bundle.entry[0].fullUrl',
      ],
      [bundle('collection', entry(1, patient()), entry(1, condition())), 'bundle-duplicate Bundle.entry[1].fullUrl'],
      [bundle('collection', entry('urn:uuid:1', patient())), 'primitive-format Bundle.entry[0].fullUrl'],
      [bundle('collection', entry(1, { ...patient() }, {}), { fullUrl: uuid(2) }), 'invariant Bundle.entry[1]'],
    ],
  },
  {
    feature: 'a document: identifier, time, composition first, all of it in one piece (bdl-9 to bdl-11)',
    good: [
      documented(entry(1, composition({ subject: { reference: uuid(2) } })), entry(2, patient())),
      documented(
        entry(1, composition({ section: [{ title: 's', entry: [{ reference: uuid(2) }] }] })),
        entry(2, condition({ subject: { reference: uuid(3) } })),
        entry(3, patient()),
      ),
      // Something may also lead into the document.
      documented(
        entry(1, composition({ subject: { reference: uuid(2) } })),
        entry(2, patient()),
        entry(3, {
          resourceType: 'Provenance',
          target: [{ reference: uuid(2) }],
          recorded: '2020-01-01T00:00:00Z',
          agent: [{ who: { display: 'x' } }],
        }),
      ),
    ],
    bad: [
      [{ ...bundle('document', entry(1, composition())), ...timed }, 'invariant Bundle'],
      [{ ...documented(entry(1, composition())), identifier: { value: '1' } }, 'invariant Bundle'],
      [{ ...bundle('document', entry(1, composition())), ...named }, 'invariant Bundle'],
      [
        documented(entry(1, patient()), entry(2, composition({ subject: { reference: uuid(1) } }))),
        'bundle-first-entry Bundle.entry[0]',
      ],
      [
        documented(
          entry(1, composition({ section: [{ title: 's', entry: [{ reference: 'https://s.test/Condition/c' }] }] })),
        ),
        'bundle-reference Bundle.entry[0].resource.section[0].entry[0].reference',
      ],
      [documented(entry(1, composition()), entry(2, organization())), 'bundle-reference Bundle.entry[1]'],
    ],
  },
  {
    feature: 'a message: header first, its focus in it (bdl-12)',
    good: [bundle('message', entry(1, header({ focus: [{ reference: uuid(2) }] })), entry(2, observation()))],
    bad: [
      [bundle('message', entry(1, observation()), entry(2, header())), 'bundle-first-entry Bundle.entry[0]'],
      [
        bundle(
          'message',
          entry(1, header({ focus: [{ reference: 'https://s.test/Observation/o' }] })),
          entry(2, observation()),
        ),
        'bundle-reference Bundle.entry[0].resource.focus[0].reference',
      ],
    ],
  },
  {
    feature: 'entries are held to their own types, also Bundles in Bundles',
    good: [bundle('collection', entry(1, bundle('collection', entry(2, patient()))))],
    bad: [
      [
        bundle('collection', entry(1, bundle('collection', entry(2, patient({ gender: 'x' }))))),
        'binding-required Bundle.entry[0].resource.entry[0].resource.gender',
      ],
      [bundle('anything', entry(1, patient())), 'binding-required Bundle.type'],
      [{ resourceType: 'Bundle', entry: [entry(1, patient())] }, 'cardinality-min Bundle.type', 'invariant Bundle'],
      [
        { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: uuid(1), resource: [patient()] }] },
        'structure-array-forbidden Bundle.entry[0].resource',
      ],
    ],
  },
]
