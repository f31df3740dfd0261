/** Ways to get the answer to a search wrong: what is counted, linked, labelled and passed over (FHIR R4 search). */
import { altered } from '../asked.ts'
import { fhir, outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { deafTo, fault, links, misanswer, type Pack, readdressed, rebundled, recast, strayEntry } from './spoiling.ts'

export const unsoundSearches: readonly Fault[] = [
  fault(
    'total-counts-includes',
    'The total of a search counts what is only included',
    'search',
    ['CORE-035'],
    rebundled((bundle) => {
      bundle.total = (bundle.total ?? 0) + (bundle.entry ?? []).filter((e) => e.search?.mode === 'include').length
    }),
  ),
  fault(
    'total-of-the-page',
    'The total of a search is that of its page',
    'search',
    ['CORE-035'],
    rebundled((bundle) => {
      bundle.total = (bundle.entry ?? []).filter((e) => e.search?.mode === 'match').length
    }),
  ),
  fault(
    'full-url-has-a-version',
    'fullUrl names a version',
    'search',
    ['CORE-033'],
    rebundled((bundle) => {
      for (const entry of bundle.entry ?? []) entry.fullUrl += `/_history/${entry.resource?.meta?.versionId}`
    }),
  ),
  fault(
    'full-url-is-relative',
    'fullUrl is relative',
    'search',
    ['CORE-033'],
    rebundled((bundle) => {
      for (const entry of bundle.entry ?? []) entry.fullUrl = `${entry.resource?.resourceType}/${entry.resource?.id}`
    }),
  ),
  fault(
    'no-search-mode',
    'Matches and includes cannot be told apart',
    'search',
    ['CORE-034'],
    rebundled((bundle) => {
      for (const entry of bundle.entry ?? []) delete entry.search
    }),
  ),
  fault(
    'self-repeats-the-question',
    'The self link repeats parameters that were passed over',
    'search',
    ['CORE-032'],
    rebundled((bundle, { visit }) => {
      for (const link of links(bundle)) if (link.relation === 'self') link.url = visit.url.href
    }),
  ),
  fault(
    'strictness-is-passed-over',
    'Prefer: handling=strict changes nothing',
    'search',
    ['CORE-040'],
    (honest) => (request, visit) => {
      const headers = new Headers([...request.headers])
      headers.delete('prefer')
      return honest(altered(request, { headers }), visit)
    },
  ),
  fault(
    'bad-values-find-nothing',
    'A value that cannot be read finds nothing instead of being refused',
    'search',
    ['CORE-041', 'PDEX-332'],
    misanswer((answer, { state }) =>
      answer.status === 400
        ? fhir({
            resourceType: 'Bundle',
            type: 'searchset',
            total: 0,
            link: [{ relation: 'self', url: `${state.base}/fhir` }],
          })
        : answer,
    ),
  ),
  fault(
    'nothing-found-is-404',
    'A search without hits is answered with 404',
    'search',
    ['CORE-031', 'CORE-041'],
    misanswer(async (answer) => {
      if (answer.status !== 200) return answer
      const bundle = (await answer.json()) as Pack
      return bundle.total === 0
        ? outcome(404, 'not-found', 'nothing was found')
        : recast(answer, JSON.stringify(bundle))
    }),
  ),
  fault(
    'nothing-found-is-something',
    'A search without hits shows what is nearest',
    'search',
    ['CORE-041'],
    (honest, state) => async (request, visit) => {
      const answer = await honest(request, visit)
      if (answer.status !== 200 || ((await answer.clone().json()) as Pack).total !== 0) return answer
      return deafTo('_id', 'code', 'date')(honest, state)(request, visit)
    },
  ),
  fault(
    'count-is-a-floor',
    'A page holds one match more than _count says',
    'search',
    ['CORE-036'],
    readdressed((url) => {
      const count = Number(url.searchParams.get('_count'))
      if (count > 0) url.searchParams.set('_count', String(count + 1))
    }),
  ),
  fault(
    'next-page-elsewhere',
    'The next link leads to another host',
    'search',
    ['CORE-037'],
    rebundled((bundle) => {
      for (const link of links(bundle))
        if (link.relation === 'next') link.url = link.url.replace(/^https?:\/\/[^/]+/, 'https://pages.invalid')
    }),
  ),
  fault(
    'next-link-is-relative',
    'The next link is relative',
    'search',
    ['CORE-037'],
    rebundled((bundle) => {
      for (const link of links(bundle))
        if (link.relation === 'next') link.url = link.url.replace(/^https?:\/\/[^/]+/, '')
    }),
  ),
  fault(
    'pages-are-collections',
    'The pages after the first are Bundles of another type',
    'page',
    ['CORE-031'],
    rebundled((bundle) => {
      bundle.type = 'collection'
    }),
  ),
  fault(
    'pages-lose-one',
    'Between two pages one match is lost',
    'page',
    ['CORE-037'],
    rebundled((bundle) => {
      const first = bundle.entry?.findIndex((e) => e.search?.mode === 'match') ?? -1
      if (first >= 0) bundle.entry?.splice(first, 1)
      if (bundle.entry?.length === 0) delete bundle.entry
    }),
  ),
  fault(
    'pages-repeat',
    'The next page begins with the first match again',
    'page',
    ['CORE-037'],
    rebundled((bundle, { state, visit }) => {
      const type = visit.params.type ?? ''
      for (const resource of state.records.compartment(visit.grant?.patientId ?? '', new Set([type]))) {
        if (resource.meta?.security) continue
        bundle.entry = [strayEntry(state, resource), ...(bundle.entry ?? [])]
        return
      }
    }),
  ),
  fault(
    'post-finds-less',
    'A posted search finds one match less',
    'post',
    ['CORE-030'],
    rebundled((bundle) => {
      const last = bundle.entry?.findLastIndex((e) => e.search?.mode === 'match') ?? -1
      if (last < 0) return
      bundle.entry?.splice(last, 1)
      bundle.total = (bundle.total ?? 1) - 1
      if (bundle.entry?.length === 0) delete bundle.entry
    }),
  ),
  fault(
    'profiles-are-not-named',
    'Resources do not say which profile they follow',
    'search',
    ['PDEX-337'],
    rebundled((bundle) => {
      for (const { resource } of bundle.entry ?? []) delete resource?.meta?.profile
    }),
  ),
]
