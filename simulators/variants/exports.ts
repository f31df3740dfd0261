/** Exports that go otherwise: how they are begun, what may be asked, how one waits (Bulk Data 2.0.0 export). */
import { altered } from '../asked.ts'
import { recast } from '../faults/spoiling.ts'
import { outcome } from '../simulator.ts'
import { always, answers, bodyOf, both, headers, over } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

export const post = 'POST /fhir/Patient/$export'
/** What any way to answer an export comes near. */
export const nearExports =
  'BULK-003 BULK-004 BULK-010 BULK-011 BULK-012 BULK-016 BULK-033 BULK-050 BULK-051 BULK-052 BULK-053 BULK-054 BULK-058 BULK-059 BULK-070 BULK-071 BULK-072 BULK-073 BULK-074 BULK-075 BULK-076 BULK-077 BULK-079 BULK-080 BULK-085 BULK-086 BULK-089 BULK-090 BULK-092 BULK-095 BULK-096 BULK-097 PDEX-126 PDEX-134 PDEX-135 PDEX-136'.split(
    ' ',
  )

const waiting = (changes: Record<string, string | null>): Dress =>
  headers(
    'status',
    () => changes,
    ({ status }) => status === 202,
  )

/** A parameter that is not offered: refused, or passed over for who is lenient. */
const without = (...names: string[]): Dress =>
  over('kickOff', (honest) => (request, visit) => {
    const asked = names.filter((name) => visit.url.searchParams.has(name))
    if (asked.length === 0) return honest(request, visit)
    return outcome(400, 'not-supported', `${asked.join(', ')} is not offered`)
  })

const oneAtATime: Dress = over('kickOff', (honest, state) => async (request, visit) => {
  const running = [...state.jobs].some(({ state: now }) => now === 'accepted' || now === 'running')
  return running ? outcome(429, 'throttled', 'one export at a time', { 'retry-after': '60' }) : honest(request, visit)
})

export const exportVariants: readonly Variant[] = [
  {
    id: 'no-progress',
    title: 'A running export does not tell its progress',
    source: 'Bulk Data export, in progress: X-Progress optional',
    dress: waiting({ 'x-progress': null }),
    touches: nearExports,
  },
  {
    id: 'progress-in-percent',
    title: 'Progress is a percentage',
    source: 'Bulk Data export, in progress: X-Progress is free text',
    dress: waiting({ 'x-progress': '50%' }),
    touches: nearExports,
  },
  {
    id: 'patience-in-seconds',
    title: 'Retry-After is always in seconds',
    source: 'RFC 9110 §10.2.3',
    dress: waiting({ 'retry-after': '5' }),
    touches: nearExports,
  },
  {
    id: 'no-advice-on-patience',
    title: 'A running export does not say when to ask again',
    source: 'Bulk Data export, in progress: SHOULD',
    dress: waiting({ 'retry-after': null }),
    touches: nearExports,
    mayWarn: ['BULK-052'],
  },
  {
    id: 'waiting-in-words',
    title: 'A running export is answered with an OperationOutcome',
    source: 'FHIR R4 async: a body is allowed',
    dress: both(
      ...(['status', 'kickOff', post] as const).map((row) =>
        answers(row, (answer) =>
          answer.status === 202
            ? recast(
                answer,
                JSON.stringify({
                  resourceType: 'OperationOutcome',
                  issue: [{ severity: 'information', code: 'informational', diagnostics: 'in progress' }],
                }),
                { 'content-type': 'application/fhir+json' },
              )
            : answer,
        ),
      ),
    ),
    touches: nearExports,
  },
  {
    id: 'impatience-is-borne',
    title: 'Nobody minds being asked too often',
    source: 'Bulk Data export, in progress: 429 SHOULD',
    dress: (table) => ({
      state: table.state,
      routes: table.routes.map((row) =>
        row.name === 'GET /fhir/_export/:job' ? { ...row, guards: row.guards.slice(0, -1) } : row,
      ),
    }),
    touches: nearExports,
    mayWarn: ['BULK-054'],
  },
  {
    id: 'export-by-get-alone',
    title: 'An export is begun by GET alone',
    source: 'Bulk Data 2.0.0 export: POST is optional for Patient/$export',
    dress: always(post, () => outcome(405, 'not-supported', 'by GET alone', { allow: 'GET' })),
    touches: [...nearExports, 'BULK-036'],
  },
  {
    id: 'one-export-at-a-time',
    title: 'A second export is 429 while one is running',
    source: 'Bulk Data export, kick-off',
    dress: oneAtATime,
    touches: [...nearExports, 'BULK-018'],
  },
  {
    id: 'no-filters',
    title: '_typeFilter is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers; PDex 2.2: an error, never ignored',
    dress: without('_typeFilter'),
    touches: [...nearExports, 'BULK-039', 'BULK-040', 'BULK-042'],
  },
  {
    id: 'no-elements',
    title: '_elements is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers',
    dress: without('_elements'),
    touches: [...nearExports, 'BULK-035', 'BULK-042'],
  },
  {
    id: 'no-associated-data',
    title: 'includeAssociatedData is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers',
    dress: without('includeAssociatedData'),
    touches: [...nearExports, 'BULK-037', 'BULK-038', 'BULK-042'],
  },
  {
    id: 'no-types',
    title: '_type is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers',
    dress: without('_type'),
    touches: [...nearExports, 'BULK-013', 'BULK-032', 'BULK-034'],
  },
  {
    id: 'leniency-is-not-offered',
    title: 'What is not supported is refused, however lenient the client',
    source: 'Bulk Data export: under handling=lenient a server MAY go on',
    dress: over('kickOff', (honest) => (request, visit) => {
      const strict = new Headers([...request.headers])
      strict.set('prefer', 'respond-async')
      return honest(
        /lenient/.test(request.headers.get('prefer') ?? '') ? altered(request, { headers: strict }) : request,
        visit,
      )
    }),
    touches: [...nearExports, 'BULK-034', 'BULK-042', 'BULK-060'],
  },
  {
    id: 'failure-in-silence',
    title: 'An export that failed is a 500 without a body',
    source: 'Bulk Data export, error: the OperationOutcome SHOULD come',
    dress: answers('status', async (answer) =>
      answer.status >= 500 ? recast(answer, null, { 'content-type': null }) : recast(answer, await bodyOf(answer)),
    ),
    touches: ['BULK-055', 'CORE-020'],
    mayWarn: ['CORE-020'],
  },
  {
    id: 'exports-never-expire',
    title: 'A completed export does not say when it goes',
    source: 'Bulk Data export, complete: SHOULD',
    dress: headers(
      'status',
      () => ({ expires: null }),
      ({ status }) => status === 200,
    ),
    touches: nearExports,
    mayWarn: ['BULK-059'],
  },
  {
    id: 'files-outlive-their-export',
    title: 'The files of a deleted export can be fetched for a while',
    source: 'Bulk Data export, delete: a server MAY take it for a sign that the files can be removed',
    dress: over('file', (honest) => {
      const given = new Map<string, string | null>()
      return async (request, visit) => {
        const whose = `${visit.url.href} ${request.headers.get('authorization')}`
        const answer = await honest(request, visit)
        if (answer.status === 200 && request.method === 'GET') {
          given.set(whose, await bodyOf(answer))
          return recast(answer, given.get(whose) ?? null)
        }
        return answer.status === 404 && given.has(whose)
          ? new Response(given.get(whose), { headers: { 'content-type': 'application/fhir+ndjson' } })
          : answer
      }
    }),
    touches: ['BULK-092', 'BULK-096'],
  },
  {
    id: 'strictness-is-not-honoured',
    title: 'An export with a parameter that nobody knows is begun, strictly or not',
    source: 'FHIR R4 search, Prefer: a server SHOULD honour handling; Bulk Data export: an error SHOULD come',
    dress: over('kickOff', (honest) => (request, visit) => {
      const url = new URL(visit.url)
      url.searchParams.delete('colour')
      return honest(altered(request, { url }), { ...visit, url })
    }),
    touches: ['BULK-017', 'BULK-042'],
    mayWarn: ['BULK-042'],
  },
]
