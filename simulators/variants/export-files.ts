/**
 * What an export gives, given otherwise: manifests, addresses, files and their lines (Bulk Data 2.0.0 export,
 * complete).
 */
import { altered } from '../asked.ts'
import { type Manifest, recast } from '../faults/spoiling.ts'
import { bearerOf } from '../parts/oauth.ts'
import type { PayerState } from '../state/payer-state.ts'
import { alias, answers, both, headers, json, over } from './dressing.ts'
import { nearExports, post } from './exports.ts'
import type { Dress, Variant } from './variant.ts'

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

/** Whoever knows the address of a file gets it, whatever token comes along: the address is the key. */
const openFiles: Dress = (table) => {
  const tokens = new Map<string, string>()
  const stored = new Map<string, string>()
  let ends = 0
  return both(
    over('status', (honest) => async (request, visit) => {
      const answer = await honest(request, visit)
      if (answer.status !== 200) return answer
      const token = bearerOf(request)
      ends = Date.parse(answer.headers.get('expires') ?? '')
      const manifest = (await answer.json()) as Manifest
      for (const { url } of [...manifest.output, ...(manifest.deleted ?? []), ...(manifest.error ?? [])])
        if (token) tokens.set(new URL(url).pathname, token)
      return recast(answer, JSON.stringify({ ...manifest, requiresAccessToken: false }))
    }),
    over('file', (honest, { clock }) => async (request, visit) => {
      const { pathname } = visit.url
      const token = tokens.get(pathname)
      if (!token) return honest(request, visit)
      const known = new Headers([...request.headers])
      known.set('authorization', `Bearer ${token}`)
      const answer = await honest(altered(request, { headers: known }), visit)
      // The token is bound to its owner's certificate, and the store asks for neither.
      const text = stored.get(pathname)
      if ((answer.status === 401 || answer.status === 403) && text !== undefined && clock.now().getTime() < ends)
        return new Response(text, { headers: { 'content-type': 'application/fhir+ndjson' } })
      if (answer.status !== 200) return answer
      const whole = await answer.text()
      stored.set(pathname, whole)
      return recast(answer, whole)
    }),
  )(table)
}

const lines = (write: (text: string) => string): Dress =>
  answers('file', async (answer) => (answer.status === 200 ? recast(answer, write(await answer.text())) : answer))

export const exportFileVariants: readonly Variant[] = [
  {
    id: 'several-files-of-a-type',
    title: 'A file holds two lines, and a type has as many files as it takes',
    source: 'Bulk Data export, complete: several items of a type',
    settings: { fileLines: 2 },
    touches: nearExports,
  },
  {
    id: 'files-in-another-order',
    title: 'Files are listed in another order',
    source: 'Bulk Data export, complete: no order',
    dress: manifests((manifest) => ({ ...manifest, output: [...manifest.output].reverse() })),
    touches: nearExports,
  },
  {
    id: 'the-compartment-alone',
    title: 'An export holds the member’s own records and nothing that they point at',
    source: 'Bulk Data Patient/$export: what is outside of the compartment MAY be given',
    settings: { exportsShared: false },
    touches: [...nearExports, 'PDEX-075', 'PDEX-078', 'PDEX-139'],
  },
  {
    id: 'manifest-says-more',
    title: 'The manifest has an extension',
    source: 'Bulk Data export, complete: extension',
    dress: manifests((manifest) => ({
      ...manifest,
      extension: { 'https://old-mill.example/expires': '2026-03-02T16:00:00Z' },
    })),
    touches: [...nearExports, 'BULK-081'],
  },
  {
    id: 'manifest-without-counts',
    title: 'Files are listed without counts',
    source: 'Bulk Data export, complete: count optional',
    dress: manifests((manifest) => ({ ...manifest, output: manifest.output.map(({ count: _, ...item }) => item) })),
    touches: nearExports,
  },
  {
    id: 'manifest-without-deletions',
    title: 'The manifest has no list of deletions where nothing was deleted',
    source: 'Bulk Data export, complete: deleted optional',
    dress: manifests(({ deleted, ...manifest }) => (deleted?.length ? { ...manifest, deleted } : manifest)),
    touches: nearExports,
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
    touches: nearExports,
  },
  {
    id: 'manifest-escapes-its-request',
    title: 'The manifest writes the URL of the kick-off with the dollar escaped',
    source: 'RFC 3986 §6.2.2.2: equivalent',
    dress: manifests((manifest) => ({ ...manifest, request: manifest.request.replace('$export', '%24export') })),
    touches: nearExports,
  },
  {
    id: 'exports-elsewhere',
    title: 'Status and files have addresses that say nothing of FHIR',
    source: 'Bulk Data export: addresses are the server’s own affair',
    dress: elsewhere,
    touches: nearExports,
  },
  {
    id: 'addresses-are-keys',
    title: 'Files need no token: their addresses are keys',
    source: 'Bulk Data export, complete: requiresAccessToken false for other ways of access control',
    dress: openFiles,
    touches: [...nearExports, 'BULK-087', 'HREX-058', 'PDEX-125'],
    // What the store still gives when the member has taken the consent back is for a reader to judge.
    mayWarn: ['BULK-003', 'HREX-058'],
  },
  {
    id: 'lines-end-with-two',
    title: 'Lines of a file end with CR and LF',
    source: 'NDJSON: CR before LF is white space of JSON',
    dress: lines((text) => text.replaceAll('\n', '\r\n')),
    touches: nearExports,
  },
  {
    id: 'last-line-does-not-end',
    title: 'The last line of a file has no end',
    source: 'NDJSON',
    dress: lines((text) => text.replace(/\n$/, '')),
    touches: nearExports,
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
    touches: nearExports,
  },
]
