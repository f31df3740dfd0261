/**
 * Read and vread of one resource, with its version in the headers and conditional reads (FHIR R4 http, "read", "vread").
 * What the caller may not see of their member is not found; another member's is refused as the payer's settings say.
 */

import type { FhirResource } from '../../harness/person.ts'
import type { Asked } from '../asked.ts'
import { isAnswer } from '../said.ts'
import { searchTable } from '../search/table.ts'
import { fhir, type Handler, outcome } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sharedTypes } from '../state/shelf.ts'
import type { Version } from '../state/versions.ts'
import { type Sight, sightOf } from '../state/visibility.ts'

/** GET /:type/:id */
export const read =
  (state: PayerState): Handler =>
  async (request, { params, grant }) => {
    const { type = '', id = '' } = params
    const known = await visibleVersions(state, sightOf(state, grant), type, id)
    if (isAnswer(known)) return known
    const newest = known.at(-1)
    if (!newest?.resource) return outcome(410, 'deleted', 'this resource was deleted')
    return unchanged(request, newest) ?? answerWith(newest.resource, newest)
  }

/** GET /:type/:id/_history/:version */
export const vread =
  (state: PayerState): Handler =>
  async (request, { params, grant }) => {
    const { type = '', id = '', version } = params
    const known = await visibleVersions(state, sightOf(state, grant), type, id)
    if (isAnswer(known)) return known
    const wanted = known.find(({ versionId }) => versionId === version)
    if (!wanted) return outcome(404, 'not-found', 'there is no such version')
    if (!wanted.resource) return outcome(410, 'deleted', 'this version is the deletion')
    return unchanged(request, wanted) ?? answerWith(wanted.resource, wanted)
  }

/**
 * The versions that the caller may see, oldest first, as they are let out; or the refusal. A version that was sensitive
 * stays hidden when the newest is not, and the other way round nothing is seen.
 */
export async function visibleVersions(
  state: PayerState,
  sight: Sight,
  type: string,
  id: string,
): Promise<Version[] | Response> {
  if (!searchTable[type] && type !== 'Binary') return outcome(404, 'not-supported', 'this type is not offered here')
  const versions = state.records.versions(type, id)
  const last = versions.findLast(({ resource }) => resource)?.resource
  const missing = (): Response => outcome(404, 'not-found', `there is no such ${type}`)
  if (!last) return missing()
  const owner = state.records.owner(type, id)
  if (!sharedTypes.has(type) && owner !== sight.patientId)
    return state.settings.foreign === 403
      ? outcome(403, 'forbidden', 'the access token is not for the data of this member')
      : missing()
  if (!(await sight.sees(last))) return missing()
  return versions.flatMap((version) => {
    if (!version.resource) return [version]
    return sight.lets(version.resource) ? [{ ...version, resource: sight.shows(version.resource) }] : []
  })
}

/** 304 when the caller has that version already. */
export function unchanged(request: Asked, { versionId, lastUpdated }: Version): Response | undefined {
  const tags = request.headers.get('if-none-match')
  const since = Date.parse(request.headers.get('if-modified-since') ?? '')
  // HTTP dates know no milliseconds.
  const same = tags
    ? tags.split(',').some((tag) => ['*', `W/"${versionId}"`, `"${versionId}"`].includes(tag.trim()))
    : Math.floor(Date.parse(lastUpdated) / 1000) * 1000 <= since
  return same ? new Response(null, { status: 304, headers: versionHeaders({ versionId, lastUpdated }) }) : undefined
}

/** ETag and Last-Modified, as meta says. */
export const versionHeaders = ({ versionId, lastUpdated }: Version): Record<string, string> => ({
  etag: `W/"${versionId}"`,
  'last-modified': new Date(lastUpdated).toUTCString(),
})

const answerWith = (resource: FhirResource, version: Version): Response => fhir(resource, 200, versionHeaders(version))
