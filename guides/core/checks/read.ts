/** Reading one resource: ids, absence, deletion, versions, conditional reads (FHIR R4 http#read, #vread, #cread). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, isOneOf, someRequests, status, suspicious } from '../judging.ts'
import { bundleOf, keyOf, resourceOf } from '../received.ts'
import { asked, succeeded } from '../rest.ts'

const reads = isOneOf('read')

/** The resource that was asked for is the resource that came. */
export const readReturnsTheId = check(
  'CORE-010',
  'SHALL',
  'A read returns the resource that was asked for',
  (transcript, scene) =>
    few(
      someRequests(transcript, scene, (asks, x) => reads(asks) && asks.type !== 'Binary' && succeeded(x)).flatMap(
        (x) => {
          const { type, id } = asked(x)
          const resource = resourceOf(x)
          const expected = `${type}/${id}`
          const { body } = answered(x)
          if (!resource) {
            const actual = body.charCodeAt(0) === 0xfeff ? 'a byte order mark before it' : body.slice(0, 60)
            return [
              unmet(x, 'no-resource', 'a read answered with nothing that is a resource in JSON', { expected, actual }),
            ]
          }
          const actual = keyOf(resource)
          return actual === expected
            ? []
            : [unmet(x, 'wrong-resource', 'a read answered with another resource', { expected, actual })]
        },
      ),
    ),
)

/** Whether something is there need not be told to whom it is not for: 403 says less than 404. */
export const notThere: readonly number[] = [404, 403]

/** An id that never was: 404. Positive control: some read of the same type succeeded. */
export const unknownIdIsNotFound = check(
  'CORE-010',
  'SHALL',
  'A read of an unknown id is answered with 404',
  (transcript, scene) =>
    someRequests(transcript, scene, (asks, x) => reads(asks) && x.intent.mistake === 'unknown-id').flatMap((x) => {
      const { type } = asked(x)
      const known = someReadOf(transcript.from(0), type, scene.responder)
      if (!known) return [undecided(x, `no read of ${type} succeeded, so the refusal says nothing`)]
      return status(x, notThere, 'a read of an id that never was is answered with 404')
    }),
)

const someReadOf = (exchanges: readonly Exchange[], type: string | undefined, to: string): boolean =>
  exchanges.some((x) => x.to === to && reads(asked(x)) && asked(x).type === type && succeeded(x))

/** Who keeps no trace cannot tell whose it was, and may refuse it like any id that nobody gave out. */
export const hidesDeleted = (x: Exchange): Finding =>
  undecided(x, 'what was deleted is refused with 403, which does not tell whether it is gone')

/** What was deleted: 410, or 404 where a server keeps no trace of it. */
export const deletedIsGone = check(
  'CORE-010',
  'SHALL',
  'A read of a deleted resource is answered with 410 or 404',
  (transcript, scene) =>
    someRequests(transcript, scene, (asks, x) => reads(asks) && x.intent.state === 'deleted').flatMap((x) =>
      answered(x).status === 403
        ? [hidesDeleted(x)]
        : status(x, [410, 404], 'a read of a deleted resource is answered with 410, or 404 where no trace is kept'),
    ),
)

/** ETag and Last-Modified say what meta says. */
export const headersAgreeWithMeta = check(
  'CORE-011',
  'SHOULD',
  'A read carries ETag and Last-Modified that agree with meta',
  (transcript, scene) =>
    few(
      someRequests(
        transcript,
        scene,
        (asks, x) => isOneOf('read', 'vread')(asks) && asks.type !== 'Binary' && isFresh(x),
      ).flatMap(agreement),
    ),
)

const isFresh = (x: Exchange): boolean => x.response?.status === 200 && resourceOf(x) !== undefined

function agreement(x: Exchange): Finding[] {
  const { versionId, lastUpdated } = resourceOf(x)?.meta ?? {}
  const response = answered(x)
  const found: Finding[] = []
  const etag = header(response, 'etag')
  if (versionId !== undefined && etag?.replace(/^W\//, '') !== `"${versionId}"`)
    found.push(
      unmet(x, 'wrong-header', 'ETag is not the version in meta', {
        expected: `W/"${versionId}"`,
        actual: etag,
        expression: 'ETag',
      }),
    )
  const modified = header(response, 'last-modified')
  if (lastUpdated !== undefined) {
    // HTTP dates have whole seconds.
    const [a, b] = [Date.parse(modified ?? ''), Date.parse(lastUpdated)]
    if (Number.isNaN(a) || Math.floor(a / 1000) !== Math.floor(b / 1000))
      found.push(
        unmet(x, 'wrong-header', 'Last-Modified is not meta.lastUpdated', {
          expected: new Date(lastUpdated).toUTCString(),
          actual: modified,
          expression: 'Last-Modified',
        }),
      )
  }
  return found
}

/** Is the condition about a version that this server never gave this caller for that address? */
function isAboutAnother(transcript: Transcript, x: Exchange): boolean {
  const asks = header(x.request, 'if-none-match')
  const shown = transcript
    .all(['read'], {
      from: x.from,
      to: x.to,
      where: (y) => y.request.url === x.request.url && y.response?.status === 200,
    })
    .flatMap((y) => header(answered(y), 'etag') ?? [])
  const plain = (tag: string): string => tag.trim().replace(/^W\//, '')
  return (
    asks !== undefined && shown.length > 0 && !asks.split(',').some((tag) => shown.some((s) => plain(s) === plain(tag)))
  )
}

/** If-None-Match with the current version: 304 without a body, or 200; with another the resource. */
export const conditionalRead = check(
  'CORE-012',
  'MAY',
  'A conditional read is answered with 304 and no body when nothing changed',
  (transcript, scene) =>
    someRequests(
      transcript,
      scene,
      (asks, x) =>
        reads(asks) &&
        (header(x.request, 'if-none-match') !== undefined || header(x.request, 'if-modified-since') !== undefined),
    ).flatMap((x) => {
      const response = answered(x)
      if (isAboutAnother(transcript, x))
        return status(
          x,
          [200],
          'a read on condition that another version is not the latest is answered with the resource',
        )
      if (response.status === 304)
        return response.body === ''
          ? []
          : [unmet(x, 'unexpected-body', 'a 304 carries no body', { actual: response.body.slice(0, 80) })]
      return status(x, [200], 'a conditional read is answered with 304 or 200').concat(
        response.status === 200 ? [undecided(x, 'the server answers conditional reads like any other')] : [],
      )
    }),
)

/** What a version-specific read and a history look like; used by the rows of the capability table, too. */
export function versionFindings(x: Exchange): Finding[] {
  const { interaction, type, id, version } = asked(x)
  if (interaction === 'vread') {
    const resource = resourceOf(x)
    const found = status(x, [200], 'a version that is in a history can be read')
    if (found.length > 0) return found
    const actual = `${resource?.resourceType}/${resource?.id}/_history/${resource?.meta?.versionId}`
    return actual === `${type}/${id}/_history/${version}`
      ? []
      : [
          unmet(x, 'wrong-version', 'vread answered with another version', {
            expected: `${type}/${id}/_history/${version}`,
            actual,
          }),
        ]
  }
  const found = status(x, [200], 'the history of a resource that can be read can be read')
  if (found.length > 0) return found
  const bundle = bundleOf(x)
  if (bundle?.type !== 'history')
    return [
      unmet(x, 'wrong-bundle', 'a history is a Bundle of type history', { expected: 'history', actual: bundle?.type }),
    ]
  const strangers = (bundle.entry ?? []).filter(
    ({ resource }) => resource && `${resource.resourceType}/${resource.id}` !== `${type}/${id}`,
  )
  return strangers.length > 0
    ? [unmet(x, 'wrong-resource', 'the history holds other resources', { actual: strangers.length })]
    : (bundle.entry ?? []).length === 0
      ? [suspicious(x, 'empty-history', 'the history of a resource that exists is empty')]
      : []
}

export const readChecks: readonly Check[] = [
  readReturnsTheId,
  unknownIdIsNotFound,
  deletedIsGone,
  headersAgreeWithMeta,
  conditionalRead,
]

const noWrites = 'the exchange of one member reads and writes nothing: no request of it creates or updates a resource'
export const readUntested: Readonly<Record<string, string>> = {
  'CORE-013': noWrites,
  'CORE-014': noWrites,
  'CORE-015': noWrites,
  'CORE-016': noWrites,
  'CORE-017': noWrites,
}
