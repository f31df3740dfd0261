/** Patient/$everything: its shape and its parameters (FHIR R4 patient-operation-everything; PDex p2p-single §212). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { careDates } from '../care-dates.ts'
import { patientsOf, sharedTypes } from '../compartment.ts'
import { answeredCrawl, type Crawl, crawlFrom } from '../crawls.ts'
import { everythingCalls, few, isMistaken, noBundle, requests, status } from '../judging.ts'
import { broughtBy, bundleOf, keyOf, type Received, type Resource } from '../received.ts'
import { asked, isEverything, succeeded } from '../rest.ts'
import { rangeOf } from '../search-dates.ts'
import { everythingRefusals } from './everything-refusals.ts'

const narrowing = ['_type', '_since', 'start', 'end'] as const

/** A searchset that holds the Patient, and nothing of another. */
export const everythingIsASearchset = check(
  'CORE-053',
  'SHALL',
  '$everything returns a searchset with the Patient',
  (transcript, scene) =>
    few(
      everythingCalls(transcript, scene, (x) => !isMistaken(x)).flatMap((x): Finding[] => {
        const found = status(x, [200], '$everything of the own member is answered with 200')
        if (found.length > 0) return found
        const bundle = bundleOf(x)
        if (bundle?.type !== 'searchset')
          return [
            unmet(x, 'wrong-bundle', '$everything returns a Bundle of type searchset', {
              expected: 'searchset',
              actual: bundle?.type ?? 'no Bundle',
            }),
          ]
        const { id, params } = asked(x)
        const crawl = crawlFrom(x, transcript.from(0))
        const patients = crawl.received.filter(({ resource }) => resource.resourceType === 'Patient')
        const narrow = narrowing.some((name) => params.has(name))
        return [
          ...(patients.some(({ resource }) => resource.id === id) || narrow || !crawl.complete
            ? []
            : [unmet(x, 'missing-resource', 'the Patient is not among everything', { expected: `Patient/${id}` })]),
          ...others(crawl, id),
        ]
      }),
    ),
)

const others = ({ received }: Crawl, id: string | undefined): Finding[] =>
  received
    .filter(
      ({ resource }) =>
        resource.resourceType !== 'Patient' && patientsOf(resource).some((key) => key !== `Patient/${id}`),
    )
    .map(({ exchange, resource, expression }) =>
      unmet(exchange, 'other-patient', `${keyOf(resource)} is about another patient`, {
        expected: `Patient/${id}`,
        actual: patientsOf(resource),
        expression,
      }),
    )

/** The narrowed result, and the one that was not. */
function compared(
  transcript: Transcript,
  scene: Scene,
  names: readonly string[],
): { narrow: Crawl; whole: Crawl | undefined }[] {
  const later = transcript.from(0)
  return everythingCalls(
    transcript,
    scene,
    (x) => !isMistaken(x) && succeeded(x) && names.some((name) => asked(x).params.has(name)),
  )
    .filter((x) => x.request.method === 'GET' || x.request.method === 'POST')
    .map((x) => {
      const [whole] = requests(
        transcript,
        scene,
        (asks, y) =>
          isEverything(asks) &&
          y.from === x.from &&
          asks.id === asked(x).id &&
          succeeded(y) &&
          y.move !== 'everything-page' &&
          narrowing.every((name) => !asks.params.has(name)),
      ).slice(-1)
      return { narrow: crawlFrom(x, later), whole: whole && crawlFrom(whole, later) }
    })
}

/**
 * Nothing that the filter excludes, and everything that it leaves in. `brings` tells what may come along all the same: the
 * operation also returns what the compartment points at, and a type that was not asked for is left out even so.
 */
const narrowed = (
  title: string,
  names: readonly string[],
  fits: (resource: Resource, params: URLSearchParams) => boolean | undefined,
  brings: typeof broughtBy = () => new Set(),
): Check =>
  check('CORE-053', 'SHALL', title, (transcript, scene) =>
    few(
      compared(transcript, scene, names).flatMap(({ narrow, whole }): Finding[] => {
        const { params } = asked(narrow.first)
        const got = new Set(narrow.received.map(({ resource }) => keyOf(resource)))
        const all = narrow.received.map(({ resource }) => resource)
        const brought = brings(
          all.filter((resource) => fits(resource, params) !== false),
          all,
        )
        const wrong = narrow.received.filter(
          ({ resource }) => !isSupport(resource) && fits(resource, params) === false && !brought.has(keyOf(resource)),
        )
        const found = wrong.map(({ exchange, resource, expression }) =>
          unmet(exchange, 'ignored-parameter', `${keyOf(resource)} does not answer to ${text(params)}`, { expression }),
        )
        if (!whole?.complete || !narrow.complete)
          return [...found, undecided(narrow.first, 'there is no complete result to compare with')]
        const kept = whole.received.filter(({ resource }) => !isSupport(resource) && fits(resource, params) === true)
        const lost = kept.filter(({ resource }) => !got.has(keyOf(resource)))
        const cut = whole.received.some(({ resource }) => !isSupport(resource) && fits(resource, params) === false)
        return [
          ...found,
          ...(lost.length > 0
            ? [
                unmet(narrow.first, 'lost-resource', `${text(params)} leaves out what it should keep`, {
                  expected: lost.slice(0, 5).map(({ resource }) => keyOf(resource)),
                }),
              ]
            : []),
          ...(cut ? [] : [undecided(narrow.first, `the record holds nothing that ${text(params)} could leave out`)]),
        ]
      }),
    ),
  )

const text = (params: URLSearchParams): string =>
  narrowing
    .filter((name) => params.has(name))
    .map((name) => `${name}=${params.getAll(name).join()}`)
    .join('&')
/** What may come along with any selection: what records point at, the Patient, and what tells of them. */
const isSupport = ({ resourceType }: Resource): boolean =>
  resourceType === 'Patient' || sharedTypes.has(resourceType) || resourceType === 'Provenance'

export const typesAreHonoured = narrowed(
  '$everything with _type returns only these types',
  ['_type'],
  ({ resourceType }, params) =>
    params
      .getAll('_type')
      .flatMap((list) => list.split(','))
      .includes(resourceType),
  // "and any resource referenced from those": a specimen may come with its finding.
  broughtBy,
)

export const sinceIsHonoured = narrowed(
  '$everything with _since returns what changed after it',
  ['_since'],
  ({ meta }, params) => {
    const [since, updated] = [Date.parse(params.get('_since') ?? ''), Date.parse(meta?.lastUpdated ?? '')]
    if (Number.isNaN(since) || Number.isNaN(updated)) return undefined
    // What changed in that very second may be counted on either side.
    return Math.abs(updated - since) < 1000 ? undefined : updated > since
  },
  broughtBy,
)

export const careDatesAreHonoured = narrowed(
  '$everything with start and end returns care of that time',
  ['start', 'end'],
  (resource, params) => {
    const care = careDates(resource)
    if (!care) return undefined
    const from = rangeOf(params.get('start') ?? '')?.[0] ?? Number.NEGATIVE_INFINITY
    const to = rangeOf(params.get('end') ?? '')?.[1] ?? Number.POSITIVE_INFINITY
    const [first, last] = care
    if (first >= from && last <= to) return true
    if (last < from || first > to) return false
    return undefined
  },
  broughtBy,
)

/** A POST with Parameters says the same as a GET. */
export const postedEverything = check(
  'CORE-053',
  'SHALL',
  '$everything by POST returns what it returns by GET',
  (transcript, scene) => {
    const later = transcript.from(0)
    const posted = everythingCalls(transcript, scene, (x) => x.request.method === 'POST' && !isMistaken(x))
    return posted.flatMap((x) => {
      const found = status(x, [200], '$everything by POST is answered like one by GET')
      if (found.length > 0) return found
      const [twin] = requests(
        transcript,
        scene,
        (asks, y) =>
          isEverything(asks) &&
          y.request.method === 'GET' &&
          succeeded(y) &&
          y.from === x.from &&
          asks.id === asked(x).id &&
          text(asks.params) === text(asked(x).params) &&
          y.move !== 'everything-page',
      )
      if (!twin) return [undecided(x, 'nobody made the same call by GET')]
      const unread = [x, twin].flatMap((one) => crawlFrom(one, later).pages.flatMap(noBundle))
      if (unread.length > 0) return unread
      // Each answer carries Provenance of its own sending, with a new id.
      const keys = (first: Exchange): string =>
        [...new Set(answeredCrawl(first, later).received.map(asKey))]
          .filter((key) => !key.startsWith('Provenance/'))
          .sort()
          .join()
      return keys(x) === keys(twin) ? [] : [unmet(x, 'different-result', 'POST and GET of $everything differ')]
    })
  },
)
const asKey = ({ resource }: Received): string => keyOf(resource)

export const everythingChecks: readonly Check[] = [
  everythingIsASearchset,
  typesAreHonoured,
  sinceIsHonoured,
  careDatesAreHonoured,
  postedEverything,
  ...everythingRefusals,
]
