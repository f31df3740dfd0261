/** Ways to get an export wrong: how it is begun, how far it is, what is listed (Bulk Data "Export"). */
import { preferences } from '../guards/prefer.ts'
import { searchTable } from '../search/table.ts'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  type About,
  deafTo,
  fault,
  type Manifest,
  misanswer,
  readdressed,
  recast,
  recordsOf,
  reheaded,
  rewritten,
  type Spoil,
} from './spoiling.ts'

/** The manifest, and nothing before it, changed. */
const relisted = (change: (manifest: Manifest, about: About) => object): Spoil =>
  rewritten<Manifest>((body, about) => (Array.isArray(body.output) ? change(body, about) : body))
export const unsoundExports: readonly Fault[] = [
  fault(
    'kick-off-without-location',
    'An export is accepted and nobody learns where to ask about it',
    'kickOff',
    ['BULK-016'],
    reheaded(202, { 'content-location': null }),
  ),
  fault(
    'kick-off-with-relative-location',
    'Content-Location is relative',
    'kickOff',
    ['BULK-016'],
    misanswer((answer) => {
      const url = answer.headers.get('content-location')
      return url ? recast(answer, null, { 'content-location': new URL(url).pathname }) : answer
    }),
  ),
  fault(
    'kick-off-is-200',
    'An export is accepted with 200',
    'kickOff',
    ['BULK-010', 'BULK-016'],
    misanswer((answer) => (answer.status === 202 ? recast(answer, null, {}, 200) : answer)),
  ),
  fault(
    'kick-off-answers-at-once',
    'Without Prefer the data comes at once',
    'kickOff',
    ['BULK-015'],
    misanswer((answer, { state, visit, request }) =>
      answer.status === 400 && !preferences(request).respondAsync
        ? new Response(
            recordsOf(state, visit.grant?.patientId, 'Patient')
              .map((r) => `${JSON.stringify(r)}\n`)
              .join(''),
            {
              headers: { 'content-type': 'application/fhir+ndjson' },
            },
          )
        : answer,
    ),
  ),
  fault(
    'kick-off-refuses-in-silence',
    'A kick-off is refused without a word',
    'kickOff',
    ['BULK-017'],
    misanswer((answer) =>
      answer.status === 400
        ? new Response('bad request', { status: 400, headers: { 'content-type': 'text/plain' } })
        : answer,
    ),
  ),
  fault(
    'any-output-format',
    'Any output format is accepted',
    'kickOff',
    ['BULK-030', 'BULK-017'],
    deafTo('_outputFormat'),
  ),
  fault(
    'one-output-format',
    'The short names of the output format are refused',
    'kickOff',
    ['BULK-030'],
    readdressed((url) => {
      if (/^(application\/)?ndjson$/.test(url.searchParams.get('_outputFormat') ?? ''))
        url.searchParams.set('_outputFormat', 'text/csv')
    }),
  ),
  fault('export-ignores-type', '_type changes nothing in an export', 'kickOff', ['BULK-032'], deafTo('_type')),
  fault('export-ignores-since', '_since changes nothing in an export', 'kickOff', ['BULK-031'], deafTo('_since')),
  fault(
    'export-takes-any-since',
    'A _since that cannot be read is passed over',
    'kickOff',
    ['BULK-017'],
    readdressed((url) => {
      if (Number.isNaN(Date.parse(url.searchParams.get('_since') ?? '2020-01-01'))) url.searchParams.delete('_since')
    }),
  ),
  fault(
    'export-repeats-types',
    'Of several _type parameters only the first counts',
    'kickOff',
    ['BULK-013'],
    readdressed((url) => {
      const [first] = url.searchParams.getAll('_type')
      if (first !== undefined) url.searchParams.set('_type', first)
    }),
  ),
  fault(
    'export-takes-unknown-types',
    'A type that does not exist is passed over without being asked to',
    'kickOff',
    ['BULK-034'],
    readdressed((url) => {
      const types = (url.searchParams.get('_type') ?? '').split(',').filter((type) => searchTable[type])
      if (url.searchParams.has('_type')) url.searchParams.set('_type', types.join(',') || 'Patient')
    }),
  ),
  fault(
    'export-ignores-filters',
    '_typeFilter is accepted and not applied',
    'kickOff',
    ['BULK-039'],
    deafTo('_typeFilter'),
  ),
  fault(
    'export-leaves-provenance-out',
    'An export holds no Provenance',
    'status',
    ['BULK-038', 'PDEX-078'],
    relisted((manifest) => ({ ...manifest, output: manifest.output.filter(({ type }) => type !== 'Provenance') })),
  ),
  fault(
    'export-forgets-a-type',
    'An export leaves Procedures out',
    'status',
    ['PDEX-126', 'BULK-033'],
    relisted((manifest) => ({ ...manifest, output: manifest.output.filter(({ type }) => type !== 'Procedure') })),
  ),
  fault(
    'running-is-200',
    'An export in progress is answered with 200 and a state',
    'status',
    ['BULK-050'],
    misanswer((answer) =>
      answer.status === 202
        ? new Response(JSON.stringify({ status: 'in-progress' }), { headers: { 'content-type': 'application/json' } })
        : answer,
    ),
  ),
  fault(
    'retry-after-is-missing',
    'An export in progress does not say when to ask again',
    'status',
    ['BULK-052'],
    reheaded(202, { 'retry-after': null }),
  ),
  fault(
    'retry-after-is-a-word',
    'Retry-After is no number and no date',
    'status',
    ['BULK-052'],
    reheaded(202, { 'retry-after': 'soon' }),
  ),
  fault(
    'too-early-is-bare',
    'Asking too early is answered with 429 and no Retry-After',
    'status',
    ['BULK-054'],
    reheaded(429, { 'retry-after': null }),
  ),
  fault(
    'failed-is-200',
    'An export that failed is answered with 200',
    'status',
    ['BULK-055'],
    misanswer(async (answer) => (answer.status >= 500 ? recast(answer, await answer.text(), {}, 200) : answer)),
  ),
  fault(
    'failed-is-plain-text',
    'An export that failed says so in plain text',
    'status',
    ['BULK-055'],
    misanswer((answer) => (answer.status >= 500 ? recast(answer, 'failed', { 'content-type': 'text/plain' }) : answer)),
  ),
  fault(
    'manifest-is-fhir',
    'The manifest comes as application/fhir+json',
    'status',
    ['BULK-058'],
    reheaded(200, { 'content-type': 'application/fhir+json' }),
  ),
  fault(
    'manifest-never-expires',
    'The manifest does not say when it expires',
    'status',
    ['BULK-059'],
    reheaded(200, { expires: null }),
  ),
  fault(
    'manifest-has-expired',
    'The manifest had expired when it came',
    'status',
    ['BULK-059'],
    reheaded(200, { expires: 'Thu, 01 Jan 2015 00:00:00 GMT' }),
  ),
  fault(
    'losses-are-hushed-up',
    'What was passed over is not told in the manifest',
    'status',
    ['BULK-060'],
    relisted((manifest) => ({ ...manifest, error: [] })),
  ),
  fault(
    'manifest-without-errors',
    'The manifest has no list of errors',
    'status',
    ['BULK-070'],
    relisted(({ error: _, ...manifest }) => manifest),
  ),
  fault(
    'manifest-without-time',
    'The manifest does not say of when it is',
    'status',
    ['BULK-070', 'BULK-071'],
    relisted(({ transactionTime: _, ...manifest }) => manifest),
  ),
  fault(
    'manifest-of-a-day',
    'transactionTime is a date',
    'status',
    ['BULK-071'],
    relisted((manifest) => ({ ...manifest, transactionTime: manifest.transactionTime.slice(0, 10) })),
  ),
  fault(
    'manifest-of-long-ago',
    'transactionTime is before changes that are in the files',
    'status',
    ['BULK-071'],
    relisted((manifest) => ({ ...manifest, transactionTime: '2015-01-01T00:00:00.000Z' })),
  ),
  fault(
    'request-is-shortened',
    'The manifest repeats the kick-off without its parameters',
    'status',
    ['BULK-072'],
    relisted((manifest) => ({ ...manifest, request: manifest.request.replace(/\?.*/, '').replace('/Patient/', '/') })),
  ),
  fault(
    'token-flag-is-a-word',
    'requiresAccessToken is a string',
    'status',
    ['BULK-073'],
    relisted((manifest) => ({ ...manifest, requiresAccessToken: 'true' })),
  ),
  fault(
    'token-flag-is-wrong',
    'requiresAccessToken is false though files are not given without a token',
    'status',
    ['BULK-073', 'BULK-080'],
    relisted((manifest) => ({ ...manifest, requiresAccessToken: false })),
  ),
  fault(
    'file-urls-are-relative',
    'The manifest lists relative URLs',
    'status',
    ['BULK-074'],
    relisted((manifest) => ({
      ...manifest,
      output: manifest.output.map((item) => ({ ...item, url: new URL(item.url).pathname })),
    })),
  ),
  fault(
    'counts-are-estimates',
    'The counts of the manifest are one too high',
    'status',
    ['BULK-076'],
    relisted((manifest) => ({
      ...manifest,
      output: manifest.output.map((item) => ({ ...item, count: (item.count ?? 0) + 1 })),
    })),
  ),
  fault(
    'deletions-are-hushed-up',
    'What was deleted since then is not told',
    'status',
    ['BULK-077'],
    relisted(({ deleted: _, ...manifest }) => manifest),
  ),
  fault(
    'deleted-exports-are-gone-in-silence',
    'A deleted export is answered with a bare 404',
    'status',
    ['BULK-096'],
    misanswer((answer) => (answer.status === 404 ? new Response(null, { status: 404 }) : answer)),
  ),
  fault(
    'export-is-not-there',
    'Patient/$export is not implemented',
    'kickOff',
    ['PDEX-134'],
    () => () => outcome(501, 'not-supported', 'Patient/$export is not offered'),
  ),
]
