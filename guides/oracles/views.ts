/**
 * Every showing of a resource to a party, by the route that showed it, while the record was as it was: an update, a deletion or
 * another consent begins a new time, and nothing is compared across two of them.
 */
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, json, type Transcript } from '../../harness/transcript.ts'
import { isHonest } from '../bulk/exports.ts'
import { hasToken, tokenOf } from '../core/judging.ts'
import { bundleOf, isSubsetted, keyOf, type Received, type Resource, resourcesIn } from '../core/received.ts'
import { asked, succeeded } from '../core/rest.ts'

/** How somebody got to see a resource. */
export type Way = 'search' | '$everything' | 'export' | 'read' | 'version'

export interface View {
  readonly way: Way
  readonly received: Received
  /** The number of the time in which it was shown. */
  readonly time: number
}

/** Changes of the record or of rights: what came before is not what comes after. */
const lasting = new Set([
  'insures',
  'insures-twins',
  'trusted',
  'export',
  'insures-nobody-like',
  'identifier-only-match',
])

/** Somebody who was shown a member's data, and when and by what right each exchange was made. */
export interface Party {
  readonly transcript: Transcript
  readonly scene: Scene
  readonly party: string
  readonly timeOf: (x: Exchange) => number
  readonly scopeOf: (x: Exchange) => string
}

/** What is known of a party from the whole transcript. */
export const partyOf = (transcript: Transcript, scene: Scene, party: string): Party => ({
  transcript,
  scene,
  party,
  timeOf: timesOf(transcript, scene, party),
  scopeOf: scopesOf(transcript),
})

/** The number of the time in which each exchange was made, for one party. */
function timesOf(transcript: Transcript, scene: Scene, party: string): (x: Exchange) => number {
  const all = transcript.from(0)
  const changes = (scene.happened ?? []).filter(({ fixture }) => !lasting.has(fixture.is)).map(({ after }) => after)
  const times = new Map<string, number>()
  let matches = 0
  for (const [i, x] of all.entries()) {
    if (x.from === party && x.move === 'member-match' && succeeded(x)) matches++
    times.set(x.id, matches + changes.filter((after) => after <= i).length)
  }
  return (x) => times.get(x.id) ?? 0
}

/** What each token allows, as the answer that brought it says: data by tokens of different scopes may differ. */
function scopesOf(transcript: Transcript): (x: Exchange) => string {
  const scopes = new Map<string, string>()
  for (const x of transcript.from(0)) {
    if (x.move !== 'member-token' || !x.response || !succeeded(x)) continue
    const says = json(x.response) as { access_token?: unknown; scope?: unknown; patient?: unknown } | undefined
    if (typeof says?.access_token === 'string')
      scopes.set(says.access_token, `${String(says.patient)} ${String(says.scope).split(' ').sort().join(' ')}`)
  }
  return (x) => scopes.get(tokenOf(x) ?? '') ?? 'unknown'
}

const ways: Readonly<Partial<Record<Exchange['move'], Way>>> = {
  search: 'search',
  'next-page': 'search',
  everything: '$everything',
  'everything-page': '$everything',
  'export-file': 'export',
  read: 'read',
  vread: 'version',
  history: 'version',
}

/** The showings to that party, by `Type/id`, in order. Whatever was cut down is none. */
export function viewsOf({ transcript, scene, party, timeOf }: Party): Map<string, View[]> {
  const views = new Map<string, View[]>()
  for (const x of transcript.from(0)) {
    const way = ways[x.move]
    if (!way || x.from !== party || x.to !== scene.responder || !succeeded(x) || !isPlain(x)) continue
    const time = timeOf(x)
    // A file has no Bundle around its lines.
    if (way !== 'export' && isSubset(bundleOf(x))) continue
    for (const received of resourcesIn(x)) {
      const { resource } = received
      if (!resource.id || isSubset(resource)) continue
      const key = keyOf(resource)
      const before = views.get(key)
      if (before) before.push({ way, received, time })
      else views.set(key, [{ way, received, time }])
    }
  }
  return views
}

/** Asked for in good faith, and as a whole. A file may need no token. */
export const isPlain = (x: Exchange): boolean => {
  const { params } = asked(x)
  const honest = isHonest(x) || (x.move === 'export-file' && x.intent.mistake === undefined && !hasToken(x))
  return honest && !params.has('_elements') && !params.has('_summary')
}

const isSubset = (resource: Resource | undefined): boolean => resource !== undefined && isSubsetted(resource)
