/**
 * What a member's data looked like through each of the three methods: search, $everything and export; and what the payer's
 * record says it should have looked like to this client (PDex p2p-single, retrieval).
 */
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, Transcript } from '../../harness/transcript.ts'
import { exportsIn, isHonest, isUnfiltered } from '../bulk/exports.ts'
import { careDates } from '../core/care-dates.ts'
import { isPersonal } from '../core/compartment.ts'
import { type Crawl, crawlFrom } from '../core/crawls.ts'
import { at, keyOf, type Received, type Resource, referencesIn } from '../core/received.ts'
import { anyKey, asked, choosing, succeeded } from '../core/rest.ts'
import { memberIds } from './member.ts'

export type Method = 'search' | '$everything' | 'export'

export interface Holding {
  readonly method: Method
  /** `Type/id` -> where it was seen first. */
  readonly seen: ReadonlyMap<string, Received>
  /** Types that the method was asked for without any filter, to the last page; 'all' for $everything and export. */
  readonly whole: ReadonlySet<string> | 'all'
  readonly exchanges: readonly Exchange[]
}

const crawlMoves = ['search', 'next-page', 'everything', 'everything-page', 'probe'] as const

/** True when that method was asked for everything of the type. */
export const covers = ({ whole }: Holding, type: string): boolean => whole === 'all' || whole.has(type)

/** The methods by which this caller retrieved the member's data with success; what was never completed is left out. */
export const holdings = (transcript: Transcript, scene: Scene, caller: string = scene.requester): readonly Holding[] =>
  transcript.known(`holdings of ${caller}, ${scene.requester}, ${scene.responder}, ${scene.person?.patientId}`, () =>
    [
      bySearch(transcript, scene, caller),
      byEverything(transcript, scene, caller),
      byExport(transcript, scene, caller),
    ].filter((holding) => holding !== undefined),
  )

const collect = (received: readonly Received[]): Map<string, Received> => {
  const seen = new Map<string, Received>()
  for (const item of received) {
    const key = keyOf(item.resource)
    if (!seen.has(key)) seen.set(key, item)
  }
  return seen
}

const isAbout = (exchange: Exchange, ids: ReadonlySet<string>): boolean => {
  const { type, id, params } = asked(exchange)
  const patients = [...params.getAll('patient'), ...params.getAll('subject')].map((value) =>
    value.replace(/^.*Patient\//, ''),
  )
  if (type === 'Patient') return id === undefined || ids.has(id)
  return patients.length === 0 || patients.some((patient) => ids.has(patient))
}

/** Searches of the member's types by patient alone; the union of every page of every one. */
function bySearch(transcript: Transcript, scene: Scene, caller: string): Holding | undefined {
  const ids = memberIds(transcript, scene)
  const later = transcript.from(0)
  const latest = new Map<string, Crawl>()
  for (const first of later) {
    if (!(first.move === 'search' && first.from === caller && first.to === scene.responder)) continue
    const { interaction, type, params } = asked(first)
    if (interaction !== 'search-type' || type === undefined || !succeeded(first) || !isHonest(first)) continue
    const chosen = choosing(params)
    const byPatient = type === 'Patient' ? ['_id', 'identifier'] : ['patient', 'subject']
    if (chosen.length !== 1 || !byPatient.includes(chosen[0] as string) || !isAbout(first, ids)) continue
    const crawl = crawlFrom(first, later)
    // Later crawls replace earlier ones: the record may have changed between them.
    if (crawl.complete) latest.set(type, crawl)
  }
  if (latest.size === 0) return undefined
  const crawls = [...latest.values()]
  const exchanges = crawls.flatMap(({ pages }) => pages)
  for (const x of exchanges) transcript.look(x)
  return {
    method: 'search',
    seen: collect(crawls.flatMap(({ received }) => received)),
    whole: new Set(latest.keys()),
    exchanges,
  }
}

/** The latest $everything that asked for everything and was followed to its end. */
function byEverything(transcript: Transcript, scene: Scene, caller: string): Holding | undefined {
  const ids = memberIds(transcript, scene)
  const later = transcript.from(0)
  const crawls = later
    .filter((x) => {
      if (!(crawlMoves as readonly string[]).includes(x.move) || x.from !== caller || x.to !== scene.responder)
        return false
      const { operation, id, params } = asked(x)
      return (
        operation === '$everything' &&
        succeeded(x) &&
        isHonest(x) &&
        (id === undefined || ids.size === 0 || ids.has(id)) &&
        ['_type', '_since', 'start', 'end', '_elements', '_summary'].every((name) => !params.has(name)) &&
        x.move !== 'everything-page'
      )
    })
    .map((first) => crawlFrom(first, later))
    .filter(({ complete }) => complete)
  const crawl = crawls.at(-1)
  if (!crawl) return undefined
  for (const x of crawl.pages) transcript.look(x)
  return { method: '$everything', seen: collect(crawl.received), whole: 'all', exchanges: crawl.pages }
}

/** The latest unfiltered export whose every file was fetched. */
function byExport(transcript: Transcript, scene: Scene, caller: string): Holding | undefined {
  const found = exportsIn(transcript, scene.responder).findLast(
    ({ kickOff, whole }) =>
      whole && kickOff.from === caller && isUnfiltered(kickOff) && asked(kickOff).type === 'Patient',
  )
  if (!found) return undefined
  const exchanges = [found.kickOff, ...found.polls, ...found.files]
  for (const x of exchanges) transcript.look(x)
  return { method: 'export', seen: collect(found.received), whole: 'all', exchanges }
}

/** What the record holds and this client may not see, and why. */
export function hidden(scene: Scene): ReadonlyMap<string, string> {
  const { person, permissions, policy } = scene
  const out = new Map<string, string>()
  const sensitive = new Set(policy === 'regular' ? person?.sensitive : [])
  for (const resource of person?.record ?? []) {
    const key = keyOf(resource as unknown as Resource)
    if (sensitive.has(key)) out.set(key, 'it is sensitive and the member lets only other data go')
    else if (resource.resourceType === 'ExplanationOfBenefit') {
      const reason = withheld(resource.use, permissions)
      if (reason) out.set(key, reason)
    }
  }
  return out
}

/** Why an ExplanationOfBenefit of that use is not for a client with these permissions; undefined when it is. */
export function withheld(use: unknown, permissions: Scene['permissions']): string | undefined {
  if (use === 'claim' && permissions?.claims === false) return 'this client may not see claims'
  if (use === 'preauthorization' && permissions?.priorAuthorizations === false)
    return 'this client may not see prior authorizations'
  return undefined
}

/**
 * What each method must return, from the record: everything of the member that is not hidden. What belongs to nobody, what
 * only tells of other records (Provenance, Binary) and what a payer may leave out is not demanded.
 */
export function expected(scene: Scene, method: Method): ReadonlyMap<string, Resource> | undefined {
  const { person, editions, now } = scene
  if (!person?.record) return undefined
  const record = person.record as unknown as Resource[]
  const out = hidden(scene)
  const supporting = pointedAtBy(record.filter((resource) => out.has(keyOf(resource))))
  const oldest = yearsBefore(now, 5)
  const withoutClaims = method === '$everything' && !isFrom2point2(editions.pdex)
  const isOptional = (resource: Resource): boolean =>
    // Until 2.1 $everything should leave claims out, and may show them.
    (withoutClaims && resource.resourceType === 'ExplanationOfBenefit' && resource.use === 'claim') ||
    // What supports only records that are kept back may be kept back with them.
    (supportTypes.has(resource.resourceType) && (supporting.has(keyOf(resource)) || pointsAt(resource, out))) ||
    // Five years back is what a payer must be able to give (a floor from 2.2 on, a ceiling before).
    (careDates(resource)?.[1] ?? Number.POSITIVE_INFINITY) < oldest
  return new Map(
    record
      .filter((resource) => isPersonal(resource.resourceType) && !out.has(keyOf(resource)) && !isOptional(resource))
      .map((resource) => [keyOf(resource), resource]),
  )
}

const supportTypes = new Set(['DocumentReference', 'QuestionnaireResponse', 'DiagnosticReport', 'Observation'])

const pointedAtBy = (resources: readonly Resource[]): Set<string> =>
  new Set(resources.flatMap((resource) => referencesIn(resource).map(({ reference }) => anyKey(reference) ?? '')))

const pointsAt = (resource: Resource, keys: ReadonlyMap<string, unknown>): boolean =>
  referencesIn(resource).some(({ reference }) => keys.has(anyKey(reference) ?? ''))

const yearsBefore = (now: string, years: number): number => {
  const date = new Date(now)
  date.setUTCFullYear(date.getUTCFullYear() - years)
  return date.getTime()
}

/** True from PDex 2.2 on, where $everything shows claims as every other method does. */
export const isFrom2point2 = (version: string | undefined): boolean => {
  const [major = 0, minor = 0] = (version ?? '2.2.0').split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 2)
}

/** Until 2.1 $everything should hold back claims that the other methods give. */
export const mayDiffer = (one: Holding, other: Holding, { resourceType, use }: Resource, scene: Scene): boolean =>
  !isFrom2point2(scene.editions.pdex) &&
  resourceType === 'ExplanationOfBenefit' &&
  use === 'claim' &&
  (one.method === '$everything' || other.method === '$everything')

/** The personal resources of a holding, by key. */
export const personal = ({ seen }: Holding): [string, Received][] =>
  [...seen].filter(([, { resource }]) => isPersonal(resource.resourceType))

/** Resources of these that point at one of those keys and at nothing else: a trace of what was left out. */
export const traces = (seen: Iterable<Received>, keys: ReadonlyMap<string, unknown>): Received[] =>
  [...seen].filter(({ resource }) => {
    if (resource.resourceType !== 'Provenance') return false
    const found = at(resource, 'target').map((target) => {
      const { reference } = target as { reference?: unknown }
      return typeof reference === 'string' ? (anyKey(reference) ?? '') : ''
    })
    return found.length > 0 && found.every((key) => keys.has(key))
  })

/** The first of those records, and how many more they are, for who reads a finding. */
export const firstKeys = (records: readonly (readonly [key: string, unknown])[]): string[] => [
  ...records.slice(0, 6).map(([key]) => key),
  ...(records.length > 6 ? [`and ${records.length - 6} more`] : []),
]
