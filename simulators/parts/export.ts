/**
 * Patient/$export with a token for one member: kick-off, status, files, deletion. Bulk Data 2.0.0 "Export"; PDex "Data
 * Retrieval Methods". The consent is asked again at each of them, and each belongs to the client that began it.
 */
import type { FhirResource } from '../../harness/person.ts'
import { preferences } from '../guards/prefer.ts'
import { isAnswer, Said } from '../said.ts'
import { meets, readCriteria, trimmed } from '../search/criteria.ts'
import { keyOfReference } from '../search/references.ts'
import { searchTable } from '../search/table.ts'
import { type Handler, json, outcome, type Visit } from '../simulator.ts'
import { each } from '../state/each.ts'
import { type ExportFile, type ExportJob, pollSeconds } from '../state/export-jobs.ts'
import { jsonOf } from '../state/json-of.ts'
import { Packed } from '../state/packed.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sharedTypes } from '../state/shelf.ts'
import { Reach, type Sight, sightOf } from '../state/visibility.ts'
import { bodyFrom } from './chunks.ts'
import { readOrder } from './export-order.ts'
import { operationInput } from './operation-input.ts'
import { transmission } from './provenance.ts'

const ndjson = 'application/fhir+ndjson'

/** GET and POST /Patient/$export */
export const exportKickOff =
  (state: PayerState): Handler =>
  async (request, { url, grant }) => {
    const input = await operationInput(request, url)
    if (isAnswer(input)) return input
    if (!grant?.patientId) return outcome(403, 'forbidden', 'the access token is not for the data of a member')
    const order = readOrder(input, {
      base: `${state.base}/fhir`,
      now: state.clock.now().getTime(),
      method: request.method,
      handling: preferences(request).handling,
      patientId: grant.patientId,
    })
    if (isAnswer(order)) return order
    const job = state.jobs.open({
      id: state.random.uuid(),
      grant,
      patientId: grant.patientId,
      request: `${state.base}/fhir/Patient/$export${url.search}`,
      order,
    })
    return new Response(null, { status: 202, headers: { 'content-location': statusUrl(state, job) } })
  }

/** When that visitor may poll again: for the rate limit in front of `exportStatus`. */
export const nextPoll =
  (state: PayerState) =>
  ({ params, grant }: Visit): number | undefined => {
    const job = state.jobs.find(params.job ?? '')
    return job && isOwn(job, grant) ? job.askAgain : undefined
  }

/** GET /_export/:job */
export const exportStatus =
  (state: PayerState): Handler =>
  async (_request, visit) => {
    const found = ownJob(state, visit)
    if (isAnswer(found)) return found
    const job = await advanced(state, found)
    switch (job.state) {
      case 'accepted':
      case 'running':
        return new Response(null, {
          status: 202,
          headers: {
            'x-progress': `${job.state}, asked ${job.polls} of about ${job.plan.polls + 1} times`,
            'retry-after': retryAfter(state, job),
          },
        })
      case 'failed':
        return outcome(500, 'exception', job.reason ?? 'the export failed')
      case 'complete':
        return json(manifest(state, job), {
          headers: { expires: new Date(job.expires ?? 0).toUTCString() },
        })
      default:
        return gone()
    }
  }

/** GET /_export/:job/:file */
export const exportFile =
  (state: PayerState): Handler =>
  async (_request, visit) => {
    const job = ownJob(state, visit)
    if (isAnswer(job)) return job
    const file = job.state === 'complete' ? job.files.find(({ name }) => name === visit.params.file) : undefined
    if (!file) return outcome(404, 'not-found', 'there is no such file')
    const body = await bodyFrom(linesOf(state, job, file, sightOf(state, visit.grant)))
    return new Said(body, { headers: { 'content-type': ndjson } })
  }

/** DELETE /_export/:job */
export const exportDelete =
  (state: PayerState): Handler =>
  (_request, visit) => {
    const job = ownJob(state, visit)
    if (isAnswer(job)) return job
    state.jobs.move(job.id, 'delete', { files: [] })
    return new Response(null, { status: 202 })
  }

const statusUrl = (state: PayerState, { id }: Pick<ExportJob, 'id'>): string => `${state.base}/fhir/_export/${id}`
const gone = (): Response => outcome(404, 'not-found', 'there is no such export, or no longer')
const isOwn = ({ grant, patientId }: ExportJob, caller: Visit['grant']): boolean =>
  caller?.clientId === grant.clientId && caller.patientId === patientId

/** The job, for the client and member that it is of; anybody else learns no more than the settings say. */
function ownJob(state: PayerState, { params, grant }: Visit): ExportJob | Response {
  const job = state.jobs.find(params.job ?? '')
  if (!job || job.state === 'deleted' || job.state === 'expired') return gone()
  if (isOwn(job, grant)) return job
  return state.settings.foreign === 403 ? outcome(403, 'forbidden', 'this export was begun by somebody else') : gone()
}

/** A poll moves the work on: as many "not yet" as planned, then the end. */
async function advanced(state: PayerState, job: ExportJob): Promise<ExportJob> {
  if (job.state !== 'accepted' && job.state !== 'running') return job
  if (job.polls < job.plan.polls) {
    if (job.state === 'accepted') state.jobs.move(job.id, 'start')
    return state.jobs.polled(job.id)
  }
  if (job.plan.way === 'fails') return state.jobs.move(job.id, 'fail', { reason: 'the export could not be completed' })
  const sight = sightOf(state, job.grant)
  if (sight.policy === undefined)
    return state.jobs.move(job.id, 'fail', { reason: 'no consent in force lets this payer see the data' })
  return state.jobs.move(job.id, 'finish', { files: await gathered(state, job, sight) })
}

/** In seconds and as a date by turns: a client must read both. A date is in whole seconds, and never too early. */
function retryAfter(state: PayerState, { polls, askAgain }: ExportJob): string {
  const due = askAgain ?? state.clock.now().getTime() + pollSeconds * 1000
  return polls % 2 === 1 ? String(pollSeconds) : new Date(Math.ceil(due / 1000) * 1000).toUTCString()
}

function manifest(state: PayerState, job: ExportJob): object {
  const items = (section: ExportFile['section']): object[] =>
    job.files
      .filter((file) => file.section === section)
      .map(({ name, type, held, lines }) => ({
        type,
        url: `${statusUrl(state, job)}/${name}`,
        count: held.length + lines.length,
      }))
  return {
    transactionTime: job.transactionTime,
    request: job.request,
    requiresAccessToken: true,
    output: items('output'),
    deleted: items('deleted'),
    error: items('error'),
  }
}

/** Goes through the record once and keeps what belongs in which file: ids and versions, not resources. */
async function gathered(state: PayerState, job: ExportJob, sight: Sight): Promise<ExportFile[]> {
  const { order, patientId, transactionTime } = job
  const now = Date.parse(transactionTime)
  const filters = order.filters.map(({ type, pairs }) => ({
    type,
    criteria: readCriteria(type, pairs, { base: `${state.base}/fhir`, now }),
  }))
  const follow = (reference: string): FhirResource | undefined => sight.follow(reference)
  const wanted = (resource: FhirResource): boolean => {
    const { resourceType: type, meta } = resource
    const at = Date.parse(meta?.lastUpdated ?? '')
    if ((order.types && !order.types.has(type)) || at < (order.since ?? at) || at > Math.min(now, order.until ?? now))
      return false
    const ofType = filters.filter((filter) => filter.type === type)
    return ofType.length === 0 || ofType.some(({ criteria }) => meets(resource, criteria, follow))
  }

  const byType = new Map<string, Packed>()
  const latest = new Map<string, { id: string; recorded: number }>()
  const reach = new Reach(sight)
  const take = ({ resourceType, id = '', meta }: FhirResource): void => {
    const held = byType.get(resourceType) ?? new Packed()
    byType.set(resourceType, held)
    held.add(`${id}/${meta?.versionId ?? '1'}`)
  }
  // Where nothing that is shared can be in a file, nobody's references need to be followed.
  const reaches = !order.types || [...order.types].some((type) => sharedTypes.has(type))
  await each(state.records.stream(patientId, reaches ? undefined : order.types), (own) => {
    if (!searchTable[own.resourceType] || !sight.lets(own)) return
    const resource = sight.shows(own)
    if (reaches) reach.from(resource)
    if (!wanted(resource)) return
    take(resource)
    if (order.latestProvenance && resource.resourceType === 'Provenance')
      for (const { reference } of resource.target) {
        const target = keyOfReference(reference) ?? ''
        const recorded = Date.parse(resource.recorded)
        if (recorded >= (latest.get(target)?.recorded ?? Number.NEGATIVE_INFINITY))
          latest.set(target, { id: resource.id ?? '', recorded })
      }
  })
  const signs =
    (!order.types || order.types.has('Provenance')) && order.filters.every(({ type }) => type !== 'Provenance')
  if (signs) reach.fromOwn(state)
  for (const key of reach.keys) {
    const resource = state.settings.exportsShared === false ? undefined : sight.find(key)
    if (resource && wanted(resource)) take(resource)
  }
  if (order.latestProvenance) {
    const newest = new Set([...latest.values()].map(({ id }) => id))
    byType.set(
      'Provenance',
      new Packed([...(byType.get('Provenance') ?? [])].filter((held) => newest.has(split(held).id))),
    )
  }
  if (signs) {
    const sent = [...byType].flatMap(([type, held]) => Array.from(held, (one) => `${type}/${split(one).id}`))
    for (const provenance of transmission(state, job.grant, sent, transactionTime)) take(provenance)
  }
  const output = [...byType].flatMap(([type, held]) => filesOf(type, held, state.settings.fileLines))
  return [...output, ...deletions(state, job, sight), ...notes(job)]
}

/** Those of one type: in one file, or in several of so many lines. */
function filesOf(type: string, all: Packed, most = all.length): ExportFile[] {
  const files: ExportFile[] = []
  for (let i = 0; i < all.length; i += most) {
    const name = most < all.length ? `${type}.${files.length + 1}.ndjson` : `${type}.ndjson`
    const held = most < all.length ? new Packed(all.slice(i, i + most)) : all
    files.push({ name, type, section: 'output', held, lines: [] })
  }
  return files
}

/** What went since then, as transactions that delete it. */
function deletions(state: PayerState, { order, patientId }: ExportJob, sight: Sight): ExportFile[] {
  if (order.since === undefined) return []
  const lines = state.records
    .removedSince(patientId, order.since)
    .filter((last) => (!order.types || order.types.has(last.resourceType)) && sight.lets(last))
    .map(({ resourceType, id }) =>
      JSON.stringify({
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ request: { method: 'DELETE', url: `${resourceType}/${id}` } }],
      }),
    )
  return lines.length ? [{ name: 'deleted.ndjson', type: 'Bundle', section: 'deleted', held: new Packed(), lines }] : []
}

/** What was passed over at the caller's wish. */
function notes({ order }: ExportJob): ExportFile[] {
  const lines = order.passedOver.map((text) =>
    JSON.stringify({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'warning', code: 'not-supported', details: { text }, diagnostics: text }],
    }),
  )
  return lines.length
    ? [{ name: 'notes.ndjson', type: 'OperationOutcome', section: 'error', held: new Packed(), lines }]
    : []
}

/** The lines of a file, read as they are written: the version of the export, seen with the eyes of whoever downloads. */
function* linesOf(state: PayerState, job: ExportJob, file: ExportFile, sight: Sight): Generator<string> {
  for (const line of file.lines) yield `${line}\n`
  for (const one of file.held) {
    const { id, versionId } = split(one)
    const resource = versionOf(state, file.type, id, versionId)
    if (resource && sight.lets(resource)) yield `${jsonOf(trimmed(sight.shows(resource), job.order.elements))}\n`
  }
}

/** Of `id/version`. */
function split(held: string): { id: string; versionId: string } {
  const slash = held.indexOf('/')
  return { id: held.slice(0, slash), versionId: held.slice(slash + 1) }
}

function versionOf(state: PayerState, type: string, id: string, versionId: string): FhirResource | undefined {
  const newest = state.records.read(type, id)
  if (newest?.meta?.versionId === versionId) return newest
  return state.records.versions(type, id).find((version) => version.versionId === versionId)?.resource
}
