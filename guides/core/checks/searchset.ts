/** The bundle that answers a search: its links, entries, modes and total (FHIR R4 search, http#search, bundle). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { crawlFrom } from '../crawls.ts'
import { few, isMistaken, noBundle, searches, someRequests, status } from '../judging.ts'
import { allMatches, keysOf, matchesOf } from '../matches.ts'
import { bundleOf, type Entry, keyOf } from '../received.ts'
import { asked, succeeded } from '../rest.ts'
import { answersTo } from '../search-answers.ts'
import { parameterOf } from '../search-parameters.ts'

/** Searches that succeeded, first pages only. */
const answeredSearches = (transcript: Transcript, scene: Scene): Exchange[] =>
  someRequests(transcript, scene, (asks, x) => searches(asks) && x.move !== 'next-page' && succeeded(x))

/** Refusals that say nothing of searching: of the request, of rights, of patience, of a server that is down for a while. */
const beside = [400, 401, 403, 406, 422, 429, 503]

/** 200 and a searchset, an empty one too. */
export const answersWithSearchset = check(
  'CORE-031',
  'SHALL',
  'A search is answered with 200 and a searchset, empty or not',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      // A page that a search leads to is a part of its answer, whatever its address looks like.
      (asks, x) =>
        (searches(asks) || (x.move === 'next-page' && bundleOf(x) !== undefined)) &&
        !isMistaken(x) &&
        x.response !== undefined &&
        !beside.includes(x.response.status),
    )
    return few(
      made.flatMap((x) => {
        const found = status(x, [200], 'a search is answered with 200, an empty Bundle when nothing matches')
        if (found.length > 0) return found
        const bundle = bundleOf(x)
        return bundle?.type === 'searchset'
          ? []
          : [
              unmet(x, 'wrong-bundle', 'a search is answered with a Bundle of type searchset', {
                expected: 'searchset',
                actual: bundle?.type ?? 'no Bundle',
              }),
            ]
      }),
    )
  },
)

/** Parameters that a self link need not repeat. */
const silent = /^(_format|_pretty|_count|_total|_summary|_elements|_sort)$/

/** The self link says what was used: nothing that was ignored, nothing that was not asked. */
export const selfLinkTells = check(
  'CORE-032',
  'SHALL',
  'The self link states the parameters that were used',
  (transcript, scene) =>
    few(
      answeredSearches(transcript, scene).flatMap((x): Finding[] => {
        const bundle = bundleOf(x)
        if (!bundle) return noBundle(x)
        const selves = (bundle.link ?? []).filter(({ relation }) => relation === 'self')
        if (selves.length !== 1)
          return [
            unmet(x, 'missing-link', 'a searchset has one self link', {
              expected: 1,
              actual: selves.length,
              expression: 'Bundle.link',
            }),
          ]
        const url = selves[0]?.url ?? ''
        if (!/^https?:\/\//.test(url) || !URL.canParse(url))
          return [
            unmet(x, 'relative-link', 'the self link is absolute', { actual: url, expression: 'Bundle.link.url' }),
          ]
        const used = new URL(url).searchParams
        const { params, type } = asked(x)
        // A server that keeps its own way of paging may point at a stored result: then nothing is stated that could be wrong.
        const stated = [...used.keys()]
        const claims = stated.filter((name) => x.intent.mistake === 'unknown-parameter' && name === x.intent.parameter)
        if (claims.length > 0)
          return [
            unmet(x, 'ignored-parameter', 'the self link states a parameter that no server knows', {
              actual: claims,
              expression: 'Bundle.link.url',
            }),
          ]
        const lost = [...new Set(params.keys())].filter(
          (name) =>
            !silent.test(name) &&
            x.intent.parameter !== name &&
            !stated.some((other) => other === name || other.startsWith(`${name}:`)),
        )
        const worked = lost.filter((name) => matchesOf(x).length > 0 && narrowed(x, name, type))
        return worked.length > 0
          ? [
              unmet(x, 'unstated-parameter', 'the self link leaves out parameters that were used', {
                expected: worked,
                actual: url,
                expression: 'Bundle.link.url',
              }),
            ]
          : []
      }),
    ),
)

/** A parameter that we know, which every match answers to: it was used. */
const narrowed = (x: Exchange, name: string, type: string | undefined): boolean =>
  type !== undefined &&
  parameterOf(type, name) !== undefined &&
  matchesOf(x).every(({ resource }) =>
    asked(x)
      .params.getAll(name)
      .every((value) => answersTo(resource, name, value) === true),
  )

/** fullUrl is absolute, belongs to the resource and appears once. */
export const fullUrlsAgree = check(
  'CORE-033',
  'SHALL',
  'Every fullUrl is absolute, agrees with the id and is unique',
  (transcript, scene) =>
    few(
      someRequests(
        transcript,
        scene,
        (_, x) => (bundleOf(x)?.entry?.length ?? 0) > 0 && bundleOf(x)?.type === 'searchset',
      ).flatMap((x) => {
        const seen = new Set<string>()
        return (bundleOf(x)?.entry ?? []).flatMap((entry, i) => fullUrlFindings(x, entry, i, seen))
      }),
    ),
)

function fullUrlFindings(x: Exchange, { fullUrl, resource }: Entry, i: number, seen: Set<string>): Finding[] {
  const expression = `Bundle.entry[${i}].fullUrl`
  if (!resource || resource.resourceType === 'OperationOutcome') return []
  if (fullUrl === undefined)
    return [unmet(x, 'missing-element', 'an entry of a searchset has a fullUrl', { expression })]
  if (!/^(https?:\/\/|urn:(uuid|oid):)/.test(fullUrl))
    return [unmet(x, 'relative-link', 'fullUrl is absolute', { actual: fullUrl, expression })]
  const found: Finding[] = []
  if (fullUrl.startsWith('http') && !fullUrl.endsWith(`/${resource.resourceType}/${resource.id}`))
    found.push(
      unmet(x, 'wrong-fullurl', 'fullUrl does not end with type and id', {
        expected: keyOf(resource),
        actual: fullUrl,
        expression,
      }),
    )
  const version = `${fullUrl}|${resource.meta?.versionId ?? ''}`
  if (seen.has(version))
    found.push(unmet(x, 'duplicate-entry', 'the same resource is in the page twice', { actual: fullUrl, expression }))
  seen.add(version)
  return found
}

const isOfAnotherType = (x: Exchange, resource: { readonly resourceType?: string } | undefined): boolean => {
  const { type, interaction } = asked(x)
  return interaction === 'search-type' && type !== undefined && resource !== undefined && resource.resourceType !== type
}

export const modesAreSet = check(
  'CORE-034',
  'SHOULD',
  'Every entry says whether it matches or is included',
  (transcript, scene) =>
    few(
      someRequests(transcript, scene, (asks, x) => searches(asks) && (bundleOf(x)?.entry?.length ?? 0) > 0).flatMap(
        (x) =>
          (bundleOf(x)?.entry ?? []).flatMap(({ search, resource }, i) =>
            ['match', 'include', 'outcome'].includes(search?.mode ?? '')
              ? search?.mode === 'match' && isOfAnotherType(x, resource)
                ? [
                    unmet(x, 'wrong-mode', `a search of ${asked(x).type} has a match of another type`, {
                      expected: 'include, or outcome',
                      actual: resource?.resourceType,
                      expression: `Bundle.entry[${i}].search.mode`,
                    }),
                  ]
                : []
              : [
                  unmet(x, 'missing-element', 'an entry of a search has a search.mode', {
                    actual: search?.mode,
                    expression: `Bundle.entry[${i}].search.mode`,
                  }),
                ],
          ),
      ),
    ),
)

/** total counts matches, includes left aside. */
export const totalCountsMatches = check(
  'CORE-035',
  'SHALL',
  'total counts the matches and nothing else',
  (transcript, scene) => {
    const later = transcript.from(0)
    const stating = someRequests(
      transcript,
      scene,
      (asks, x) =>
        searches(asks) &&
        x.move !== 'next-page' &&
        bundleOf(x)?.total !== undefined &&
        asks.params.get('_total') !== 'estimate',
    )
    let judged = 0
    const found = stating.flatMap((x) => {
      const crawl = crawlFrom(x, later)
      if (!crawl.complete) return []
      judged++
      const matches = keysOf(allMatches(x, later)).length
      const total = bundleOf(x)?.total
      // _summary=count and _count=0 give a total without entries.
      if (asked(x).params.get('_summary') === 'count' || asked(x).params.get('_count') === '0') return []
      return total === matches
        ? []
        : [
            unmet(x, 'wrong-total', 'total is not the number of matches', {
              expected: matches,
              actual: total,
              expression: 'Bundle.total',
            }),
          ]
    })
    return judged > 0 ? few(found) : [undecided(undefined, 'no search with a total was followed to its last page')]
  },
)

export const searchsetChecks: readonly Check[] = [
  answersWithSearchset,
  selfLinkTells,
  fullUrlsAgree,
  modesAreSet,
  totalCountsMatches,
]
