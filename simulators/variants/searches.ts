/** Searchsets said otherwise: pages, links, order, what stands in an entry (FHIR R4 search, bundle, http#paging). */

import type { Bundle, BundleEntry } from 'fhir/r4.js'
import { altered } from '../asked.ts'
import { alias, both, headers, isMatch, over, relinked, searchsets } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const near = [
  'CORE-030',
  'CORE-031',
  'CORE-032',
  'CORE-033',
  'CORE-034',
  'CORE-035',
  'CORE-036',
  'CORE-037',
  'CORE-038',
  'CORE-044',
  'CORE-050',
  'CORE-051',
  'CORE-053',
  'PDEX-126',
  'PDEX-127',
  'PDEX-128',
  'PDEX-338',
  'PDEX-342',
]

const entries = (change: (entry: BundleEntry[], bundle: Bundle) => BundleEntry[]): Dress =>
  searchsets((bundle) => (bundle.entry ? { ...bundle, entry: change(bundle.entry, bundle) } : bundle))

const paged = (id: string, pageSize: number): Variant => ({
  id,
  title: `A page holds ${pageSize} entries unless the client says otherwise`,
  source: 'FHIR R4 http#paging: the server chooses',
  settings: { pageSize },
  touches: near,
})

/** As many servers have it: one address for every page, told apart by a parameter. */
const pagesAtTheBase = both(
  searchsets((bundle, { state }) =>
    relinked(bundle, 'next', (url) => {
      const { pathname } = new URL(url)
      const [, type, kind, cursor] = /\/fhir\/([^/]+)\/(_page|_everything)\/(.+)$/.exec(pathname) ?? []
      return type
        ? `${state.base}/fhir?_getpages=${cursor}&_pageoffset=1&kind=${kind}&of=${type}&_bundletype=searchset`
        : url
    }),
  ),
  alias('GET', /^\/fhir$/, (_found, url) => {
    const { searchParams: asked } = url
    return `/fhir/${asked.get('of')}/${asked.get('kind')}/${asked.get('_getpages')}`
  }),
)

export const searchVariants: readonly Variant[] = [
  paged('pages-of-one', 1),
  paged('pages-of-three', 3),
  paged('pages-of-a-thousand', 1000),
  {
    id: 'pages-at-the-base',
    title: 'Next links lead to the base of the server, with parameters of its own',
    source: 'FHIR R4 http#paging: links are opaque',
    settings: { pageSize: 4 },
    dress: pagesAtTheBase,
    touches: near,
  },
  {
    id: 'pages-with-escaped-links',
    title: 'Next links are full of escapes',
    source: 'FHIR R4 http#paging: links are opaque; RFC 3986 §2.1',
    settings: { pageSize: 4 },
    dress: searchsets((bundle) => relinked(bundle, 'next', (url) => `${url}?state=%7B%22a%22%3A1%7D&x=a%2Bb%20c%7Cd`)),
    touches: near,
  },
  {
    id: 'more-links',
    title: 'A searchset links to its first page and to a page for people',
    source: 'FHIR R4 bundle: link relations of IANA',
    settings: { pageSize: 4 },
    dress: searchsets((bundle, { state }) => ({
      ...bundle,
      link: [
        { relation: 'first', url: bundle.link?.find(({ relation }) => relation === 'self')?.url ?? state.base },
        ...(bundle.link ?? []),
        { relation: 'alternate', url: 'https://old-mill.example/portal' },
      ],
    })),
    touches: near,
  },
  {
    id: 'no-total',
    title: 'A searchset does not say how many there are',
    source: 'FHIR R4 bundle: total 0..1',
    dress: searchsets(({ total, ...bundle }) => (bundle.entry ? bundle : { ...bundle, total: total ?? 0 })),
    touches: near,
  },
  {
    id: 'total-on-the-first-page-alone',
    title: 'Later pages do not repeat the total',
    source: 'FHIR R4 bundle: total 0..1',
    settings: { pageSize: 4 },
    dress: searchsets(({ total, ...bundle }, { visit }) =>
      /_page|_everything/.test(visit.url.pathname) || total === undefined ? bundle : { ...bundle, total },
    ),
    touches: near,
  },
  {
    id: 'self-link-says-all',
    title: 'The self link adds what the server took for granted',
    source: 'FHIR R4 search#conformance: the parameters that were used',
    dress: searchsets((bundle) =>
      relinked(bundle, 'self', (url) => `${url}${url.includes('?') ? '&' : '?'}_count=50&_format=json&_total=accurate`),
    ),
    touches: near,
  },
  {
    id: 'self-link-is-put-in-order',
    title: 'The self link names parameters in another order, and patients with their type',
    source: 'FHIR R4 search#conformance',
    dress: searchsets((bundle) =>
      relinked(bundle, 'self', (url) => {
        const self = new URL(url)
        const patient = self.searchParams.get('patient')
        if (patient && !patient.includes('/')) self.searchParams.set('patient', `Patient/${patient}`)
        self.searchParams.sort()
        return self.href
      }),
    ),
    touches: near,
  },
  {
    id: 'entries-reversed',
    title: 'Entries come in another order',
    source: 'FHIR R4 search#sort: without _sort any order',
    dress: entries((entry) => [...entry].reverse()),
    touches: near,
  },
  {
    id: 'includes-first',
    title: 'What is included stands before what matches',
    source: 'FHIR R4 search#include: told apart by mode',
    dress: entries((entry) => [...entry.filter((one) => !isMatch(one)), ...entry.filter(isMatch)]),
    touches: near,
  },
  {
    id: 'entries-say-more',
    title: 'Entries have a score and a link',
    source: 'FHIR R4 bundle: search.score, entry.link',
    dress: entries((entry) =>
      entry.map((one) => ({
        ...one,
        link: [{ relation: 'self', url: one.fullUrl ?? '' }],
        search: { ...one.search, score: 0.5 },
      })),
    ),
    touches: near,
  },
  {
    id: 'entries-without-mode',
    title: 'Entries do not say whether they match',
    source: 'FHIR R4 search: search.mode SHOULD',
    dress: entries((entry) => entry.map(({ search: _, ...one }) => one)),
    touches: [...near, 'PDEX-063', 'PDEX-439', 'PDEX-440', 'PDEX-358', 'PDEX-357'],
    mayWarn: ['CORE-034', 'PDEX-439', 'PDEX-440'],
  },
  {
    id: 'searchset-with-advice',
    title: 'A searchset brings an OperationOutcome with advice',
    source: 'FHIR R4 search: an entry of mode outcome',
    dress: searchsets((bundle) => ({
      ...bundle,
      entry: [
        ...(bundle.entry ?? []),
        {
          fullUrl: 'urn:uuid:0b1f8a06-6c1c-4d0e-9d8f-5a7c2f3e4b60',
          resource: {
            resourceType: 'OperationOutcome',
            id: 'advice',
            issue: [{ severity: 'information', code: 'informational', diagnostics: 'all parameters were understood' }],
          },
          search: { mode: 'outcome' },
        },
      ],
    })),
    touches: [...near, 'HREX-058', 'CORE-054', 'PDEX-137', 'PDEX-124'],
  },
  {
    id: 'searchset-without-id',
    title: 'A searchset has neither id nor meta',
    source: 'FHIR R4 bundle: transient, id and meta 0..1',
    dress: searchsets(({ id: _i, meta: _m, ...bundle }) => bundle),
    touches: near,
  },
  {
    id: 'searchset-with-timestamp',
    title: 'A searchset has a timestamp in another zone',
    source: 'FHIR R4 bundle: timestamp 0..1',
    dress: searchsets((bundle) => ({
      ...bundle,
      timestamp: '2026-03-02T17:00:00.123456+02:00',
      meta: { lastUpdated: '2026-03-02T10:00:00-05:00' },
    })),
    touches: near,
  },
  {
    id: 'unknown-parameters-are-refused',
    title: 'A search with an unknown parameter is refused, whoever asks',
    source: 'FHIR R4 search#errors: ignored or refused',
    dress: over('search', (honest) => (request, visit) => {
      const strict = new Headers([...request.headers])
      strict.set('prefer', 'handling=strict')
      return honest(altered(request, { headers: strict }), visit)
    }),
    touches: ['CORE-040', 'CORE-032', ...near],
  },
  {
    id: 'pages-are-capped',
    title: 'A page holds no more than two entries, whatever is asked for',
    source: 'FHIR R4 search#count: a server may give fewer',
    dress: over('search', (honest) => (request, visit) => {
      const url = new URL(visit.url)
      if (url.searchParams.get('_count') !== '0') url.searchParams.set('_count', '2')
      return honest(request, { ...visit, url })
    }),
    touches: near,
  },
  {
    id: 'searchsets-may-be-kept-for-a-moment',
    title: 'Searchsets have headers about keeping them',
    source: 'RFC 9111',
    dress: headers('search', () => ({
      'cache-control': 'private, max-age=5',
      etag: '"f00"',
      'last-modified': 'Mon, 02 Mar 2026 15:00:00 GMT',
    })),
    touches: near,
  },
  {
    id: 'reads-are-never-conditional',
    title: 'Conditional reads are answered like any other',
    source: 'FHIR R4 http#cread: optional',
    dress: over('read', (honest) => (request, visit) => {
      const plain = new Headers([...request.headers])
      plain.delete('if-none-match')
      plain.delete('if-modified-since')
      return honest(altered(request, { headers: plain }), visit)
    }),
    touches: ['CORE-012', 'CORE-010', 'CORE-011'],
  },
  {
    id: 'operations-are-not-there-by-get',
    title: 'A GET of $member-match is 501',
    source: 'RFC 9110 §15.6.2; FHIR R4 operations: what changes state is no GET',
    dress: (table) => ({
      state: table.state,
      routes: [
        ...table.routes
          .filter(({ name }) => name === 'POST /fhir/Patient/$member-match')
          .map((row) => ({
            ...row,
            name: 'GET /fhir/Patient/$member-match',
            method: 'GET',
            guards: [],
            claims: [],
            handler: () =>
              new Response(
                JSON.stringify({
                  resourceType: 'OperationOutcome',
                  issue: [{ severity: 'error', code: 'not-supported', diagnostics: 'by POST alone' }],
                }),
                { status: 501, headers: { 'content-type': 'application/fhir+json' } },
              ),
          })),
        ...table.routes,
      ],
    }),
    touches: ['CORE-055', 'HREX-014'],
  },
]
