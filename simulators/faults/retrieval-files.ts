/** Ways to get the files of an export wrong, and its end (Bulk Data "Output File Request", "Delete"). */
import type { FhirResource } from '../../harness/person.ts'
import { rangeOfElement } from '../search/dates.ts'
import { valuesAt } from '../search/path.ts'
import { searchTable } from '../search/table.ts'
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  type About,
  fault,
  type Manifest,
  misanswer,
  readdressed,
  recast,
  recordsOf,
  reheaded,
  relined,
  type Spoil,
} from './spoiling.ts'

export const unsoundFiles: readonly Fault[] = [
  fault('export-reads-since-as-care', 'An export takes _since for the date of care', 'all', ['BULK-031'], sinceOfCare),
  fault('export-holds-binaries', 'Documents are exported as Binary files', 'all', ['BULK-019'], withBinaries),
  fault(
    'files-are-mixed',
    'A file holds a second type',
    'file',
    ['BULK-074'],
    relined((lines, { state, visit }) =>
      lines.length ? [...lines, ...recordsOf(state, visit.grant?.patientId, 'Patient')] : lines,
    ),
  ),
  fault('empty-files-are-listed', 'The manifest lists a type without data', 'all', ['BULK-075'], withEmptyFile),
  fault(
    'a-file-is-lost',
    'One of the listed files is not there',
    'file',
    ['BULK-080'],
    misanswer((answer, { visit }) =>
      visit.params.file === 'Condition.ndjson' ? outcome(404, 'not-found', 'there is no such file') : answer,
    ),
  ),
  fault(
    'files-are-plain-ndjson',
    'Files come as application/ndjson',
    'file',
    ['BULK-085'],
    reheaded(200, { 'content-type': 'application/ndjson' }),
  ),
  fault(
    'files-are-arrays',
    'A file is one JSON array',
    'file',
    ['BULK-089'],
    misanswer(async (answer) =>
      answer.status === 200 ? recast(answer, `[${(await answer.text()).trimEnd().split('\n').join(',')}]`) : answer,
    ),
  ),
  fault(
    'files-are-pretty',
    'Resources of a file go over several lines',
    'file',
    ['BULK-089'],
    misanswer(async (answer) => {
      if (answer.status !== 200) return answer
      const lines = (await answer.text()).trimEnd().split('\n')
      return recast(answer, lines.map((line) => `${JSON.stringify(JSON.parse(line), null, 2)}\n`).join(''))
    }),
  ),
  fault(
    'files-hold-old-versions',
    'A file holds older versions of a resource as well',
    'file',
    ['BULK-090'],
    relined((lines) => {
      const [first] = lines
      return first ? [...lines, { ...first, meta: { ...first.meta, versionId: '0' } }] : lines
    }),
  ),
  fault(
    'attachments-are-relative',
    'Attachments in a file have relative URLs',
    'file',
    ['BULK-091'],
    relined(
      (lines, { state }) =>
        JSON.parse(JSON.stringify(lines).replaceAll(`${state.base}/fhir/Binary/`, 'Binary/')) as FhirResource[],
    ),
  ),
  fault(
    'unknown-files-are-empty',
    'A file that does not exist is empty instead of missing',
    'file',
    ['BULK-092'],
    misanswer((answer) =>
      answer.status === 404 ? new Response('', { headers: { 'content-type': 'application/fhir+ndjson' } }) : answer,
    ),
  ),
  fault(
    'deletion-is-200',
    'A deletion is answered with 200',
    'delete',
    ['BULK-095'],
    misanswer((answer) => (answer.status === 202 ? recast(answer, null, {}, 200) : answer)),
  ),
  fault(
    'deleted-exports-live-on',
    'A deleted export still answers',
    'delete',
    ['BULK-096'],
    () => () => new Response(null, { status: 202 }),
  ),
  fault(
    'deleting-twice-works',
    'An export can be deleted again and again',
    'delete',
    ['BULK-097'],
    misanswer((answer) => (answer.status === 404 ? new Response(null, { status: 202 }) : answer)),
  ),
]

/** Remembers what `_since` a kick-off had, drops it, and filters the files by the date of care instead. */
function sinceOfCare(honest: Parameters<Spoil>[0], state: Parameters<Spoil>[1]): ReturnType<Spoil> {
  const asked = new Map<string, number>()
  const filtered = relined((lines, { visit }) => {
    const since = asked.get(visit.params.job ?? '')
    if (since === undefined) return lines
    return lines.filter((resource) => {
      const path = searchTable[resource.resourceType]?.care
      const ranges = path ? valuesAt(resource, path).flatMap((value) => rangeOfElement(value) ?? []) : []
      return ranges.length === 0 || ranges.some(({ until }) => until > since)
    })
  })(honest, state)
  return async (request, visit) => {
    const { pathname, searchParams } = visit.url
    if (/\/_export\/[^/]+\/[^/]+$/.test(pathname)) return filtered(request, visit)
    const since = searchParams.get('_since')
    if (!pathname.endsWith('/$export') || since === null || Number.isNaN(Date.parse(since)))
      return honest(request, visit)
    const answer = await readdressed((url) => url.searchParams.delete('_since'))(honest, state)(request, visit)
    const job = answer.headers.get('content-location')?.split('/').at(-1)
    if (job) asked.set(job, Date.parse(since))
    return answer
  }
}

/** A file that the honest row does not know, listed in each manifest. */
const withFile =
  (type: string, lines: (about: About) => FhirResource[]): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const { pathname } = visit.url
    if (pathname.endsWith(`/extra-${type}.ndjson`)) {
      // Asked for like any other file of this export, so that its rights are those of the export.
      const other = state.jobs.find(visit.params.job ?? '')?.files[0]?.name
      const probe = await honest(request, { ...visit, params: { ...visit.params, file: other ?? '' } })
      if (probe.status !== 200) return probe
      await probe.body?.cancel()
      return recast(
        probe,
        lines({
          state,
          visit: { ...visit, grant: state.jobs.find(visit.params.job ?? '')?.grant ?? visit.grant } as About['visit'],
          request,
        })
          .map((line) => `${JSON.stringify(line)}\n`)
          .join(''),
      )
    }
    const answer = await honest(request, visit)
    if (!/\/_export\/[^/]+$/.test(pathname) || answer.status !== 200) return answer
    const manifest = (await answer.json()) as Manifest
    const [first] = manifest.output
    if (first) manifest.output.push({ type, url: first.url.replace(/[^/]+$/, `extra-${type}.ndjson`) })
    return recast(answer, JSON.stringify(manifest))
  }

function withBinaries(...parts: Parameters<Spoil>): ReturnType<Spoil> {
  return withFile('Binary', ({ state, visit }) =>
    recordsOf(state, visit.grant?.patientId, 'DocumentReference')
      .slice(0, 1)
      .map(({ id }) => ({
        resourceType: 'Binary',
        id: `${id}-content`.slice(0, 64),
        contentType: 'text/plain',
        data: Buffer.from('a note').toString('base64'),
      })),
  )(...parts)
}

function withEmptyFile(...parts: Parameters<Spoil>): ReturnType<Spoil> {
  return withFile('NutritionOrder', () => [])(...parts)
}
