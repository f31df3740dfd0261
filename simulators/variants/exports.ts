/** Exports that go otherwise: addresses, files, manifests, patience (Bulk Data 2.0.0 export). */

import { altered } from '../asked.ts'
import type { Manifest } from '../faults/spoiling.ts'
import { recast } from '../faults/spoiling.ts'
import { bearerOf } from '../parts/oauth.ts'
import { outcome } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { alias, always, answers, bodyOf, both, headers, json, over } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const post = 'POST /fhir/Patient/$export'
const near =
  'BULK-003 BULK-004 BULK-010 BULK-011 BULK-012 BULK-016 BULK-033 BULK-050 BULK-051 BULK-052 BULK-053 BULK-054 BULK-058 BULK-059 BULK-070 BULK-071 BULK-072 BULK-073 BULK-074 BULK-075 BULK-076 BULK-077 BULK-079 BULK-080 BULK-085 BULK-086 BULK-089 BULK-090 BULK-092 BULK-095 BULK-096 BULK-097 PDEX-126 PDEX-134 PDEX-135 PDEX-136'.split(
    ' ',
  )

const manifests = (change: (manifest: Manifest & Record<string, unknown>, state: PayerState) => object): Dress =>
  json<Manifest & Record<string, unknown>>('status', (body, { state }) =>
    Array.isArray(body.output) ? change(body, state) : body,
  )

const locations = (change: (url: string) => string): Dress =>
  both(
    ...(['kickOff', post] as const).map((row) =>
      headers(row, (answer) => {
        const url = answer.headers.get('content-location')
        return url ? { 'content-location': change(url) } : {}
      }),
    ),
  )

const aliases = (from: RegExp, to: (found: RegExpExecArray, url: URL) => string): Dress =>
  both(alias('GET', from, to), alias('DELETE', from, to))

const waiting = (changes: Record<string, string | null>): Dress =>
  headers(
    'status',
    () => changes,
    ({ status }) => status === 202,
  )

/** Status and files under addresses that say nothing of FHIR. */
const elsewhere = both(
  locations((url) => `${url.replace('/fhir/_export/', '/jobs/v2/')}?tenant=old%20mill`),
  manifests((manifest) => ({
    ...manifest,
    output: manifest.output.map((item) => ({
      ...item,
      url: `${item.url.replace('/fhir/_export/', '/storage/')}?sig=a%2Fb%3D&exp=9`,
    })),
    deleted: (manifest.deleted ?? []).map((item) => ({
      ...item,
      url: item.url.replace('/fhir/_export/', '/storage/'),
    })),
    error: (manifest.error ?? []).map((item) => ({ ...item, url: item.url.replace('/fhir/_export/', '/storage/') })),
  })),
  aliases(/^\/jobs\/v2\/([^/]+)$/, ([, job]) => `/fhir/_export/${job}`),
  aliases(/^\/storage\/([^/]+)\/([^/]+)$/, ([, job, file]) => `/fhir/_export/${job}/${file}`),
)

/** Whoever knows the address of a file gets it: the address is the key. */
const openFiles: Dress = (table) => {
  const tokens = new Map<string, string>()
  return both(
    over('status', (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      if (answer.status !== 200) return answer
      const token = bearerOf(request)
      const manifest = (await answer.json()) as Manifest
      for (const { url } of [...manifest.output, ...(manifest.deleted ?? []), ...(manifest.error ?? [])])
        if (token) tokens.set(new URL(url).pathname, token)
      return recast(answer, JSON.stringify({ ...manifest, requiresAccessToken: false }))
    }),
    over('file', (honest) => (request, visit) => {
      const token = tokens.get(visit.url.pathname)
      if (!token || request.headers.has('authorization')) return honest(request, visit)
      const known = new Headers([...request.headers])
      known.set('authorization', `Bearer ${token}`)
      return honest(altered(request, { headers: known }), visit)
    }),
  )(table)
}

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

const lines = (write: (text: string) => string): Dress =>
  answers('file', async (answer) => (answer.status === 200 ? recast(answer, write(await answer.text())) : answer))

export const exportVariants: readonly Variant[] = [
  {
    id: 'several-files-of-a-type',
    title: 'A file holds two lines, and a type has as many files as it takes',
    source: 'Bulk Data export, complete: several items of a type',
    settings: { fileLines: 2 },
    touches: near,
  },
  {
    id: 'files-in-another-order',
    title: 'Files are listed in another order',
    source: 'Bulk Data export, complete: no order',
    dress: manifests((manifest) => ({ ...manifest, output: [...manifest.output].reverse() })),
    touches: near,
  },
  {
    id: 'the-compartment-alone',
    title: 'An export holds the member’s own records and nothing that they point at',
    source: 'Bulk Data Patient/$export: what is outside of the compartment MAY be given',
    settings: { exportsShared: false },
    touches: [...near, 'PDEX-075', 'PDEX-078', 'PDEX-139'],
  },
  {
    id: 'manifest-says-more',
    title: 'The manifest has an extension',
    source: 'Bulk Data export, complete: extension',
    dress: manifests((manifest) => ({
      ...manifest,
      extension: { 'https://old-mill.example/expires': '2026-03-02T16:00:00Z' },
    })),
    touches: [...near, 'BULK-081'],
  },
  {
    id: 'manifest-without-counts',
    title: 'Files are listed without counts',
    source: 'Bulk Data export, complete: count optional',
    dress: manifests((manifest) => ({ ...manifest, output: manifest.output.map(({ count: _, ...item }) => item) })),
    touches: near,
  },
  {
    id: 'manifest-without-deletions',
    title: 'The manifest has no list of deletions where nothing was deleted',
    source: 'Bulk Data export, complete: deleted optional',
    dress: manifests(({ deleted, ...manifest }) => (deleted?.length ? { ...manifest, deleted } : manifest)),
    touches: near,
  },
  {
    id: 'manifest-in-another-zone',
    title: 'transactionTime is told by a clock west of Greenwich, in whole seconds',
    source: 'FHIR R4 datatypes#instant',
    dress: manifests((manifest) => ({
      ...manifest,
      transactionTime: new Date(Date.parse(manifest.transactionTime) - 5 * 3_600_000)
        .toISOString()
        .replace(/\.\d+Z$/, '-05:00'),
    })),
    touches: near,
  },
  {
    id: 'manifest-escapes-its-request',
    title: 'The manifest writes the URL of the kick-off with the dollar escaped',
    source: 'RFC 3986 §6.2.2.2: equivalent',
    dress: manifests((manifest) => ({ ...manifest, request: manifest.request.replace('$export', '%24export') })),
    touches: near,
  },
  {
    id: 'exports-elsewhere',
    title: 'Status and files have addresses that say nothing of FHIR',
    source: 'Bulk Data export: addresses are the server’s own affair',
    dress: elsewhere,
    touches: near,
  },
  {
    id: 'addresses-are-keys',
    title: 'Files need no token: their addresses are keys',
    source: 'Bulk Data export, complete: requiresAccessToken false for other ways of access control',
    dress: openFiles,
    touches: [...near, 'BULK-087', 'HREX-058', 'PDEX-125'],
  },
  {
    id: 'no-progress',
    title: 'A running export does not tell its progress',
    source: 'Bulk Data export, in progress: X-Progress optional',
    dress: waiting({ 'x-progress': null }),
    touches: near,
  },
  {
    id: 'progress-in-percent',
    title: 'Progress is a percentage',
    source: 'Bulk Data export, in progress: X-Progress is free text',
    dress: waiting({ 'x-progress': '50%' }),
    touches: near,
  },
  {
    id: 'patience-in-seconds',
    title: 'Retry-After is always in seconds',
    source: 'RFC 9110 §10.2.3',
    dress: waiting({ 'retry-after': '5' }),
    touches: near,
  },
  {
    id: 'no-advice-on-patience',
    title: 'A running export does not say when to ask again',
    source: 'Bulk Data export, in progress: SHOULD',
    dress: waiting({ 'retry-after': null }),
    touches: near,
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
    touches: near,
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
    touches: near,
    mayWarn: ['BULK-054'],
  },
  {
    id: 'export-by-get-alone',
    title: 'An export is begun by GET alone',
    source: 'Bulk Data 2.0.0 export: POST is optional for Patient/$export',
    dress: always(post, () => outcome(405, 'not-supported', 'by GET alone', { allow: 'GET' })),
    touches: [...near, 'BULK-036'],
  },
  {
    id: 'one-export-at-a-time',
    title: 'A second export is 429 while one is running',
    source: 'Bulk Data export, kick-off',
    dress: oneAtATime,
    touches: [...near, 'BULK-018'],
  },
  {
    id: 'no-filters',
    title: '_typeFilter is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers; PDex 2.2: an error, never ignored',
    dress: without('_typeFilter'),
    touches: [...near, 'BULK-039', 'BULK-040', 'BULK-042'],
  },
  {
    id: 'no-elements',
    title: '_elements is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers',
    dress: without('_elements'),
    touches: [...near, 'BULK-035', 'BULK-042'],
  },
  {
    id: 'no-associated-data',
    title: 'includeAssociatedData is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers',
    dress: without('includeAssociatedData'),
    touches: [...near, 'BULK-037', 'BULK-038', 'BULK-042'],
  },
  {
    id: 'no-types',
    title: '_type is not offered',
    source: 'Bulk Data 2.0.0 export: optional for servers',
    dress: without('_type'),
    touches: [...near, 'BULK-013', 'BULK-032', 'BULK-034'],
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
    touches: [...near, 'BULK-034', 'BULK-042', 'BULK-060'],
  },
  {
    id: 'lines-end-with-two',
    title: 'Lines of a file end with CR and LF',
    source: 'NDJSON: CR before LF is white space of JSON',
    dress: lines((text) => text.replaceAll('\n', '\r\n')),
    touches: near,
  },
  {
    id: 'last-line-does-not-end',
    title: 'The last line of a file has no end',
    source: 'NDJSON',
    dress: lines((text) => text.replace(/\n$/, '')),
    touches: near,
  },
  {
    id: 'files-are-attachments',
    title: 'Files come as attachments with a charset',
    source: 'RFC 6266; Bulk Data export, output file',
    dress: headers('file', ({ status }) =>
      status === 200
        ? {
            'content-disposition': 'attachment; filename="part-0.ndjson"',
            'content-type': 'application/fhir+ndjson; charset=utf-8',
          }
        : {},
    ),
    touches: near,
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
    touches: near,
    mayWarn: ['BULK-059'],
  },
]
