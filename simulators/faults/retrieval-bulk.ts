/** Ways to get an export wrong: how it is begun, how far it is (Bulk Data 2.0.0 export, kick-off and status). */
import { preferences } from '../guards/prefer.ts'
import { searchTable } from '../search/table.ts'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { deafTo, fault, misanswer, readdressed, recast, recordsOf, reheaded } from './spoiling.ts'

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
