/**
 * Patient/{id}/$everything: the member's compartment and what it refers to, as far as the caller may see, in pages; a
 * large page is written as it is read. FHIR R4 operation-patient-everything; PDex "Data Retrieval Methods".
 */
import { holdsAt } from '../../harness/edition.ts'
import type { FhirResource } from '../../harness/person.ts'
import { preferences } from '../guards/prefer.ts'
import { isAnswer, Said } from '../said.ts'
import type { Pair } from '../search/criteria.ts'
import { type Range, rangeOf, rangeOfElement } from '../search/dates.ts'
import { valuesAt } from '../search/path.ts'
import { searchTable } from '../search/table.ts'
import { type Handler, outcome } from '../simulator.ts'
import { Crawls } from '../state/crawls.ts'
import type { Grant } from '../state/grant.ts'
import { Packed } from '../state/packed.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sharedTypes } from '../state/shelf.ts'
import { Reach, type Sight, sightOf } from '../state/visibility.ts'
import { BundleWriter } from './bundle-writer.ts'
import { bodyFrom, type Pieces, written } from './chunks.ts'
import { listed, operationInput } from './operation-input.ts'
import { transmission } from './provenance.ts'
import { nothingFound, queryOf } from './search.ts'

interface Asked {
  readonly used: readonly Pair[]
  readonly types?: ReadonlySet<string>
  /** Milliseconds since 1970. */
  readonly since?: number
  readonly care?: Range
  readonly count: number
}

interface Rest {
  readonly asked: Asked
  /** So many of what is still to come matched; what stands behind them is referred to. */
  readonly matches: number
}

export type EverythingCrawls = Crawls<Rest>

/** Makes the store of pages that `everything` and `everythingPage` share. */
export const everythingCrawls = (state: PayerState): EverythingCrawls =>
  new Crawls(state.clock, state.random.fork('everything pages'))

/** GET and POST /Patient/:id/$everything */
export const everything =
  (state: PayerState, crawls: EverythingCrawls): Handler =>
  async (request, { params, url, grant }) => {
    const input = await operationInput(request, url)
    if (isAnswer(input)) return input
    const address = `${state.base}/fhir/Patient/${params.id}/$everything`
    if (params.id !== grant?.patientId && state.settings.foreign === 'empty') return nothingFound(state, address)
    if (params.id !== grant?.patientId)
      return state.settings.foreign === 403 && state.records.holds(params.id ?? '')
        ? outcome(403, 'forbidden', 'the access token is not for the data of this member')
        : outcome(404, 'not-found', 'there is no such Patient')
    const asked = readInput(state, input, preferences(request).handling)
    if (isAnswer(asked)) return asked
    const self = `${address}${queryOf(asked.used)}`
    return answerOf(firstPage(state, crawls, asked, self, grant))
  }

/** GET /Patient/_everything/:cursor: the next page, seen with the eyes of whoever asks now. */
export const everythingPage =
  (state: PayerState, crawls: EverythingCrawls): Handler =>
  async (_request, { params, grant }) => {
    const at = crawls.find(params.cursor ?? '', grant)
    if (!at) return outcome(404, 'not-found', 'there is no such page, or no longer')
    return answerOf(laterPage(state, crawls, at, params.cursor ?? '', grant))
  }

const answerOf = async (pieces: Pieces): Promise<Response> =>
  new Said(await bodyFrom(pieces), { headers: { 'content-type': 'application/fhir+json; charset=utf-8' } })

/** Reads the input; a refusal names what is wrong with it. */
function readInput(state: PayerState, input: readonly Pair[], handling: string | undefined): Asked | Response {
  const known = new Set(['start', 'end', '_since', '_type', '_count'])
  const unknown = input.filter(([name]) => !known.has(name)).map(([name]) => name)
  if (unknown.length && handling === 'strict')
    return outcome(400, 'not-supported', `not offered for $everything: ${unknown.join(', ')}`)
  const value = (name: string): string | undefined => input.findLast(([n, v]) => n === name && v !== '')?.[1]

  const types = listed(input, '_type')
  const strangers = types.filter((type) => !searchTable[type])
  if (strangers.length && handling !== 'lenient')
    return outcome(400, 'not-supported', '_type names a type that is not offered here')
  const since = value('_since')
  const sinceRange = since === undefined ? undefined : rangeOf(since)
  if (since !== undefined && !sinceRange) return outcome(400, 'invalid', '_since is no instant')
  const [start, end] = [value('start'), value('end')]
  const [from, to] = [rangeOf(start), rangeOf(end)]
  if ((start !== undefined && !from) || (end !== undefined && !to))
    return outcome(400, 'invalid', 'start or end is no date')
  const count = value('_count')
  if (count !== undefined && !/^\d{1,9}$/.test(count)) return outcome(400, 'invalid', '_count is no number')

  return {
    used: input.filter(([name, v]) => known.has(name) && v !== ''),
    count: count === undefined ? state.settings.pageSize : Number(count),
    ...(types.length ? { types: new Set(types) } : {}),
    ...(sinceRange ? { since: sinceRange.from } : {}),
    ...(from || to
      ? { care: { from: from?.from ?? Number.NEGATIVE_INFINITY, until: to?.until ?? Number.POSITIVE_INFINITY } }
      : {}),
  }
}

/** Care within the window, or no care that has a date. */
function inWindow(resource: FhirResource, window: Range | undefined): boolean {
  const path = window && searchTable[resource.resourceType]?.care
  if (!path) return true
  const ranges = valuesAt(resource, path).flatMap((value) => rangeOfElement(value) ?? [])
  return ranges.length === 0 || ranges.some((r) => r.from < window.until && r.until > window.from)
}

const withoutClaims = new WeakMap<Grant, Grant>()

/**
 * Until PDex 2.2 $everything SHOULD hold prior authorizations alone: it is then seen with the eyes of a client that has no
 * right to claims, so that nothing which only tells of them stays behind. From 2.2 on claims belong in it.
 */
function eyesOf(state: PayerState, grant: Grant | undefined): Sight {
  if (!grant || holdsAt('2.2+', state.editions.pdex ?? '2.2')) return sightOf(state, grant)
  const narrow = withoutClaims.get(grant) ?? { ...grant, permissions: { ...grant.permissions, claims: false } }
  withoutClaims.set(grant, narrow)
  return sightOf(state, narrow)
}

function firstPage(
  state: PayerState,
  crawls: EverythingCrawls,
  asked: Asked,
  self: string,
  grant: Grant | undefined,
): Pieces {
  const sight = eyesOf(state, grant)
  // Where nothing that is shared can be in the answer, nobody's references need to be followed.
  const reaches = !asked.types || [...asked.types].some((type) => sharedTypes.has(type))
  const reach = new Reach(sight)
  const wanted = ({ resourceType, meta }: FhirResource): boolean =>
    (!asked.types || asked.types.has(resourceType)) &&
    (asked.since === undefined || Date.parse(meta?.lastUpdated ?? '') >= asked.since)
  const writer = new BundleWriter(state, signs(asked))
  const later = new Packed()
  let total = 0

  const held =
    sight.patientId === undefined ? [] : state.records.stream(sight.patientId, reaches ? undefined : asked.types)
  const match = (own: FhirResource): string => {
    if (!searchTable[own.resourceType] || !sight.lets(own) || !inWindow(own, asked.care)) return ''
    const resource = sight.shows(own)
    if (reaches) reach.from(resource)
    if (!wanted(resource)) return ''
    total++
    if (writer.size < asked.count) return writer.entry(resource, 'match')
    later.add(`${resource.resourceType}/${resource.id}`)
    return ''
  }
  function* rest(): Generator<string> {
    const matches = later.length
    if (signs(asked)) reach.fromOwn(state)
    for (const key of reach.keys) {
      const resource = sight.find(key)
      if (!resource || !wanted(resource)) continue
      if (writer.size < asked.count) yield writer.entry(resource, 'include')
      else later.add(key)
    }
    yield* signed(state, writer, grant)
    const crawl = {
      clientId: grant?.clientId ?? '',
      patientId: grant?.patientId ?? '',
      found: later,
      count: asked.count,
      total,
      rest: { asked, matches },
    }
    const next = later.length > 0 && asked.count > 0 ? crawls.cursor(crawl, 0) : undefined
    yield writer.tail(total, self, next && pageUrl(state, next))
  }
  return written(writer.head(), held, match, rest)
}

/** Reads what its page needs and no more, without waiting. */
function* laterPage(
  state: PayerState,
  crawls: EverythingCrawls,
  { crawl, offset }: NonNullable<ReturnType<EverythingCrawls['find']>>,
  cursor: string,
  grant: Grant | undefined,
): Generator<string> {
  const sight = eyesOf(state, grant)
  const { asked, matches } = crawl.rest
  const writer = new BundleWriter(state, signs(asked))
  const until = Math.min(offset + crawl.count, crawl.found.length)
  yield writer.head()
  let at = offset
  for (const key of crawl.found.slice(offset, until)) {
    const resource = sight.find(key)
    if (resource) yield writer.entry(sight.shows(resource), at < matches ? 'match' : 'include', key)
    at++
  }
  yield* signed(state, writer, grant)
  const next = until < crawl.found.length ? crawls.cursor(crawl, until) : undefined
  yield writer.tail(crawl.total, pageUrl(state, cursor), next && pageUrl(state, next))
}

const pageUrl = (state: PayerState, cursor: string): string => `${state.base}/fhir/Patient/_everything/${cursor}`

/** Does the answer hold the Provenance of its sending? Not when other types were asked for. */
const signs = ({ types }: Asked): boolean => !types || types.has('Provenance')

/** The Provenance of this page's sending. */
function* signed(state: PayerState, writer: BundleWriter, grant: Grant | undefined): Generator<string> {
  if (!writer.keys) return
  for (const provenance of transmission(state, grant, [...writer.keys])) yield writer.entry(provenance, 'include')
}
