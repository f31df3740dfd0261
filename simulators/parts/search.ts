/**
 * Search of a type, by GET or POST, and the pages of its answer: FHIR R4 search, restricted to what the caller may see
 * (PDex "Individual member search"). A search that names another member finds nothing.
 */

import type { Bundle, BundleEntry, BundleLink } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'
import type { Asked } from '../asked.ts'
import { bodyType } from '../guards/fhir-json.ts'
import { preferences } from '../guards/prefer.ts'
import { type Criteria, type Include, meets, type Pair, readCriteria, trimmed } from '../search/criteria.ts'
import { valuesAt } from '../search/path.ts'
import { keyOfReference, literalReferences } from '../search/references.ts'
import { searchTable } from '../search/table.ts'
import { type Handler, outcome } from '../simulator.ts'
import { type Crawl, Crawls } from '../state/crawls.ts'
import { each } from '../state/each.ts'
import type { Grant } from '../state/grant.ts'
import { Packed } from '../state/packed.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sharedTypes } from '../state/shelf.ts'
import { type Sight, sightOf } from '../state/visibility.ts'
import { bundleAnswer } from './bundle-writer.ts'
import { transmission } from './provenance.ts'

/** More than this no page of a search holds, whatever _count says. */
const largestPage = 1000

export type SearchCrawls = Crawls<Criteria>

/** Makes the store of pages that `search` and `searchPage` share. */
export const searchCrawls = (state: PayerState): SearchCrawls =>
  new Crawls(state.clock, state.random.fork('search pages'))

/** GET /:type and POST /:type/_search. */
export const search =
  (state: PayerState, crawls: SearchCrawls): Handler =>
  async (request, { params, url, grant }) => {
    const type = params.type ?? ''
    if (!searchTable[type]) return outcome(404, 'not-supported', 'this type is not offered here')
    const pairs = await pairsOf(request, url)
    if (!pairs) return outcome(415, 'not-supported', 'a search is posted as application/x-www-form-urlencoded')
    const criteria = readCriteria(type, pairs, { base: `${state.base}/fhir`, now: state.clock.now().getTime() })
    if (criteria.invalid.length) return outcome(400, 'invalid', criteria.invalid.join('; '))
    if (criteria.unknown.length && preferences(request).handling === 'strict')
      return outcome(400, 'not-supported', `not offered for ${type}: ${criteria.unknown.join(', ')}`)

    const sight = sightOf(state, grant)
    const found = new Packed()
    const follow = (reference: string): FhirResource | undefined => sight.follow(reference)
    const reached = sharedTypes.has(type) ? await sight.reach() : undefined
    await each(candidates(state, sight, type), (resource) => {
      const key = `${type}/${resource.id}`
      if ((!reached || reached.has(key)) && sight.lets(resource) && meets(sight.shows(resource), criteria, follow))
        found.add(key)
    })
    const crawl: Crawl<Criteria> = {
      clientId: grant?.clientId ?? '',
      patientId: grant?.patientId ?? '',
      found,
      count: Math.min(criteria.count ?? state.settings.pageSize, largestPage),
      total: found.length,
      rest: criteria,
    }
    const self = `${state.base}/fhir/${type}${queryOf(criteria.used)}`
    if (criteria.onlyTotal) return bundleAnswer({ ...bundleOf(state, crawl), link: [{ relation: 'self', url: self }] })
    return bundleAnswer(await page(state, crawls, crawl, 0, self, sight, grant))
  }

/** GET /:type/_page/:cursor: the next page, seen with the eyes of whoever asks now. */
export const searchPage =
  (state: PayerState, crawls: SearchCrawls): Handler =>
  async (_request, { params, grant }) => {
    const at = crawls.find(params.cursor ?? '', grant)
    if (!at || at.crawl.rest.type !== params.type)
      return outcome(404, 'not-found', 'there is no such page, or no longer')
    const self = `${state.base}/fhir/${params.type}/_page/${params.cursor}`
    return bundleAnswer(await page(state, crawls, at.crawl, at.offset, self, sightOf(state, grant), grant))
  }

/** The parameters of a GET, or of a POST with its query; undefined when the body is of another kind. */
async function pairsOf(request: Asked, url: URL): Promise<Pair[] | undefined> {
  const pairs: Pair[] = [...url.searchParams]
  if (request.method !== 'POST') return pairs
  const body = await request.text()
  if (body !== '' && bodyType(request) !== 'application/x-www-form-urlencoded') return undefined
  return [...pairs, ...new URLSearchParams(body)]
}

/** What of that type the caller may see. */
function candidates(
  state: PayerState,
  sight: Sight,
  type: string,
): Iterable<FhirResource> | AsyncIterable<FhirResource> {
  if (sharedTypes.has(type)) return state.records.shared(type)
  return sight.patientId === undefined ? [] : state.records.stream(sight.patientId, new Set([type]))
}

async function page(
  state: PayerState,
  crawls: SearchCrawls,
  crawl: Crawl<Criteria>,
  offset: number,
  self: string,
  sight: Sight,
  grant: Grant | undefined,
): Promise<Bundle> {
  const { found, count, rest: criteria } = crawl
  const reached = sharedTypes.has(criteria.type) ? await sight.reach() : undefined
  const matches: FhirResource[] = []
  for (const key of found.slice(offset, offset + count)) {
    const resource = !reached || reached.has(key) ? sight.find(key) : undefined
    if (resource) matches.push(sight.shows(resource))
  }
  const included = includedBy(sight, matches, criteria.includes)
  if (criteria.provenance && sight.inScope('Provenance')) {
    const taken = new Set([...matches, ...included].map(keyOf))
    const about = await provenanceOf(state, sight, matches)
    const own = transmission(state, grant, [...matches, ...included].map(keyOf))
    for (const provenance of [...about, ...own]) if (!taken.has(keyOf(provenance))) included.push(provenance)
  }
  const links: BundleLink[] = [{ relation: 'self', url: self }]
  if (offset + count < found.length)
    links.push({
      relation: 'next',
      url: `${state.base}/fhir/${criteria.type}/_page/${crawls.cursor(crawl, offset + count)}`,
    })
  const entry: BundleEntry[] = [
    ...matches.map((resource) => entryOf(state, trimmed(resource, criteria.elements), 'match')),
    ...included.map((resource) => entryOf(state, resource, 'include')),
  ]
  return { ...bundleOf(state, crawl), link: links, ...(entry.length ? { entry } : {}) }
}

const bundleOf = (state: PayerState, { total }: Pick<Crawl<unknown>, 'total'>): Bundle => ({
  resourceType: 'Bundle',
  id: state.random.uuid(),
  meta: { lastUpdated: state.clock.now().toISOString() },
  type: 'searchset',
  total,
})

/** A searchset that says no more than what was asked. */
export const nothingFound = (state: PayerState, self: string): Response =>
  bundleAnswer({ ...bundleOf(state, { total: 0 }), link: [{ relation: 'self', url: self }] })

/** One entry of a searchset. */
export const entryOf = (state: PayerState, resource: FhirResource, mode: 'match' | 'include'): BundleEntry => ({
  fullUrl: `${state.base}/fhir/${keyOf(resource)}`,
  resource,
  search: { mode },
})

/** What the includes reach, each once; an iterating one starts again from what was included. */
function includedBy(sight: Sight, matches: readonly FhirResource[], includes: readonly Include[]): FhirResource[] {
  const taken = new Set(matches.map(keyOf))
  const included: FhirResource[] = []
  const take = (from: readonly FhirResource[], by: readonly Include[]): FhirResource[] => {
    const fresh: FhirResource[] = []
    for (const resource of from)
      for (const { source, path, target } of by) {
        if (resource.resourceType !== source) continue
        for (const key of path === '*' ? literalReferences(resource) : referencesAt(resource, path)) {
          if (taken.has(key) || (target !== undefined && !key.startsWith(`${target}/`))) continue
          const found = sight.follow(key)
          if (!found) continue
          taken.add(key)
          fresh.push(sight.shows(found))
        }
      }
    included.push(...fresh)
    return fresh
  }
  const iterating = includes.filter(({ iterate }) => iterate)
  let fresh = take(matches, includes)
  while (fresh.length > 0 && iterating.length > 0) fresh = take(fresh, iterating)
  return included
}

const referencesAt = (resource: FhirResource, path: string): string[] =>
  valuesAt(resource, path).flatMap((held) => keyOfReference((held as { reference?: string }).reference) ?? [])

/** The Provenance about these that the caller sees, each once. */
async function provenanceOf(
  state: PayerState,
  sight: Sight,
  matches: readonly FhirResource[],
): Promise<FhirResource[]> {
  const about = new Map<string, FhirResource>()
  const take = (provenance: FhirResource): void => {
    if (sight.seesOwn(provenance)) about.set(provenance.id ?? '', sight.shows(provenance))
  }
  for (const { resourceType, id = '' } of matches)
    for (const provenance of state.records.provenanceOf(resourceType, id)) take(provenance)
  if (sight.patientId !== undefined && state.records.isSupplied(sight.patientId)) {
    const wanted = new Set(matches.map(keyOf))
    await each(state.records.stream(sight.patientId, new Set(['Provenance'])), (provenance) => {
      if (
        provenance.resourceType === 'Provenance' &&
        literalReferences(provenance.target).some((key) => wanted.has(key))
      )
        take(provenance)
    })
  }
  return [...about.values()]
}

const keyOf = ({ resourceType, id }: FhirResource): string => `${resourceType}/${id}`

/** A query as it goes into a self link. */
export const queryOf = (pairs: readonly Pair[]): string =>
  pairs.length
    ? `?${pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`
    : ''
