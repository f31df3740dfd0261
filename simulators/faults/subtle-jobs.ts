/** Exports that are right until a second thing meets the first: an end and the files, a list and a POST, a refusal and its reason (Bulk Data 2.0). */
import type { CapabilityStatement, FhirResource } from 'fhir/r4.js'
import { altered } from '../asked.ts'
import { bearerOf } from '../parts/oauth.ts'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  bent,
  fault,
  misanswer,
  readdressed,
  recast,
  recordsOf,
  reheaded,
  relined,
  rephrased,
  rewritten,
  type Spoil,
  within,
} from './spoiling.ts'

/** Of the lines that are no records: deletions, notes. */
const linesOf = (type: string, change: (line: Record<string, unknown>) => object): Spoil =>
  relined((lines) => lines.map((line) => (line.resourceType === type ? (change(line as never) as FhirResource) : line)))
const deletions = (change: (bundle: Record<string, unknown>) => object): Spoil => linesOf('Bundle', change)

const kicks: readonly Fault[] = [
  fault(
    'export-brings-who-took-part',
    'An export holds the practitioners of what it was asked for, whatever types it was asked for',
    'kickOff',
    ['BULK-032'],
    readdressed((url) => {
      const types = url.searchParams.getAll('_type')
      if (types.length)
        url.searchParams.set('_type', [...new Set([...types.join(',').split(','), 'Practitioner'])].join(','))
    }),
  ),
  fault(
    'export-takes-unknown-beside-known',
    'A type that does not exist is passed over when it stands beside one that does',
    'kickOff',
    ['BULK-034'],
    (honest, state) => {
      const deaf = readdressed((url) => {
        if (/^Patient,\w+$/.test(url.searchParams.get('_type') ?? '')) url.searchParams.set('_type', 'Patient')
      })(honest, state)
      return (request, visit) =>
        (visit.url.search.includes('NoSuchType') && !/lenient/.test(request.headers.get('prefer') ?? '')
          ? deaf
          : honest)(request, visit)
    },
  ),
  fault(
    'all-filters-must-hold',
    'Of several filters on a type all must hold',
    'kickOff',
    ['BULK-040'],
    readdressed((url) => {
      const filters = url.searchParams.getAll('_typeFilter').flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/))
      if (filters.length < 2) return
      const [type] = (filters[0] ?? '').split('?')
      url.searchParams.set('_typeFilter', `${type}?${filters.map((text) => text.split('?')[1]).join('&')}`)
    }),
  ),
  fault(
    'filters-cut-other-types',
    'With a filter on a type no other types come',
    'kickOff',
    ['BULK-039'],
    readdressed((url) => {
      const types = url.searchParams
        .getAll('_typeFilter')
        .flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/))
        .map((text) => text.split('?')[0] ?? '')
      if (types.length) url.searchParams.set('_type', [...new Set(types)].join(','))
    }),
  ),
  fault(
    'leniency-breaks-it',
    'A lenient kick-off with something unknown breaks',
    'kickOff',
    ['BULK-034'],
    misanswer((answer, { request, visit }) =>
      /lenient/.test(request.headers.get('prefer') ?? '') && /Type/.test(visit.url.searchParams.get('_type') ?? '')
        ? outcome(500, 'exception', 'something broke')
        : answer,
    ),
  ),
  fault(
    'post-forgets-its-parameters',
    'An export that is begun by POST is of everything, whatever it was asked for',
    'all',
    ['BULK-012'],
    within(
      /\/Patient\/\$export$/,
      (honest) => (request, visit) =>
        request.method === 'POST'
          ? honest(altered(request, { body: JSON.stringify({ resourceType: 'Parameters', parameter: [] }) }), visit)
          : honest(request, visit),
    ),
  ),
]

const statuses: readonly Fault[] = [
  fault(
    'status-goes-without-tls',
    'A kick-off sends the client over plain HTTP to ask how far it is',
    'kickOff',
    ['BULK-001'],
    misanswer((answer) => {
      const url = answer.headers.get('content-location')
      return url ? recast(answer, null, { 'content-location': url.replace(/^https:/, 'http:') }) : answer
    }),
  ),
  fault(
    'running-is-204',
    'An export in progress is answered with 204',
    'status',
    ['BULK-050', 'PDEX-135'],
    misanswer((answer) => (answer.status === 202 ? new Response(null, { status: 204 }) : answer)),
  ),
  fault(
    'progress-is-a-hundred',
    'X-Progress has a hundred characters, one too many',
    'status',
    ['BULK-051'],
    reheaded(202, { 'x-progress': 'x'.repeat(100) }),
  ),
  fault(
    'too-early-was-yesterday',
    'Asking too early is answered with a date that has passed',
    'status',
    ['BULK-054'],
    reheaded(429, { 'retry-after': 'Mon, 01 Jan 2024 00:00:00 GMT' }),
  ),
  fault(
    'deletions-name-nothing',
    'Deletions do not say what was deleted',
    'file',
    ['BULK-077'],
    deletions((bundle) => ({ ...bundle, entry: [{ request: { method: 'DELETE' } }] })),
  ),
]

const files: readonly Fault[] = [
  fault(
    'files-are-for-every-client',
    'How far an export is is for its client alone, and its files are for every client with a token',
    'file',
    ['BULK-004', 'HREX-058'],
    (honest, state) => (request, visit) => {
      const grant = state.jobs.find(visit.params.job ?? '')?.grant
      return grant && bearerOf(request) !== undefined
        ? bent(() => ({ ...grant, ...(visit.certificate ? { thumbprint: visit.certificate.thumbprint } : {}) }))(
            honest,
            state,
          )(request, visit)
        : honest(request, visit)
    },
  ),
  fault(
    'files-point-to-another-base',
    'References in a file are absolute, below another base than that of the export',
    'file',
    ['BULK-021'],
    rephrased(/"reference":"Practitioner\//g, '"reference":"https://records.elsewhere.example/fhir/Practitioner/'),
  ),
  fault(
    'export-loses-a-provenance',
    'An export leaves out the Provenance of one record',
    'file',
    ['BULK-038', 'BULK-076'],
    relined((lines) => (lines[0]?.resourceType === 'Provenance' ? lines.slice(1) : lines)),
  ),
  fault(
    'error-files-are-empty',
    'An error file tells nothing',
    'file',
    ['BULK-060', 'BULK-076'],
    relined((lines) => (lines[0]?.resourceType === 'OperationOutcome' ? [] : lines)),
  ),
  fault(
    'error-files-are-json',
    'An error file is labelled as a single resource',
    'file',
    ['BULK-079'],
    (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      if (answer.status !== 200) return answer
      const text = await answer.text()
      return recast(
        answer,
        text,
        text.includes('"OperationOutcome"') ? { 'content-type': 'application/fhir+json' } : {},
      )
    },
  ),
  fault(
    'files-outlive-their-time',
    'The files of an export that has expired are still given',
    'all',
    ['BULK-092'],
    within(/\/_export\//, (honest, state) => async (request, visit) => {
      const answer = await honest(request, visit)
      const type = /\/([A-Z]\w+)\.ndjson$/.exec(visit.url.pathname)?.[1]
      const job = state.jobs.find(/_export\/([^/]+)/.exec(visit.url.pathname)?.[1] ?? '')
      if (answer.status !== 404 || !type || request.method !== 'GET' || job?.state !== 'expired') return answer
      return new Response(
        recordsOf(state, job.patientId, type)
          .map((one) => `${JSON.stringify(one)}\n`)
          .join(''),
        { headers: { 'content-type': 'application/fhir+ndjson' } },
      )
    }),
  ),
]

const ends: readonly Fault[] = [
  fault(
    'running-exports-cannot-be-deleted',
    'An export can be deleted when it is complete, and not before',
    'delete',
    ['BULK-095'],
    (honest, state) => (request, visit) =>
      ['accepted', 'running'].includes(state.jobs.find(visit.params.job ?? '')?.state ?? '')
        ? outcome(409, 'conflict', 'wait until it is done')
        : honest(request, visit),
  ),
  fault(
    'complete-exports-cannot-be-deleted',
    'An export can be deleted while it runs, and not when it is complete',
    'delete',
    ['BULK-095'],
    (honest, state) => (request, visit) =>
      state.jobs.find(visit.params.job ?? '')?.state === 'complete'
        ? outcome(409, 'conflict', 'too late')
        : honest(request, visit),
  ),
  fault(
    'deleting-twice-is-refused-in-silence',
    'Deleting an export twice is refused without a word',
    'delete',
    ['BULK-097'],
    misanswer((answer) => (answer.status === 404 ? new Response(null, { status: 404 }) : answer)),
  ),
  fault(
    'metadata-declares-the-export-of-groups',
    'Patient/$export is declared by the definition of the export of groups',
    'metadata',
    ['BULK-098'],
    rewritten<CapabilityStatement>((statement) => {
      for (const resource of statement.rest?.[0]?.resource ?? [])
        for (const operation of resource.operation ?? [])
          if (operation.name === 'export')
            operation.definition = operation.definition.replace('patient-export', 'group-export')
      return statement
    }),
  ),
]

export const subtleJobFaults: readonly Fault[] = [...kicks, ...statuses, ...files, ...ends]
