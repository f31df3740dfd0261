/** Paging: how much a page holds, and how one gets to the next (FHIR R4 http#paging, search#count). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { sharedTypes } from '../compartment.ts'
import { type Crawl, crawlFrom } from '../crawls.ts'
import { few, isOneOf, noBundle, someRequests, wrongAnswer } from '../judging.ts'
import { bundleOf, keyOf, nextOf, type Received, resourcesIn } from '../received.ts'
import { asked, choosing, succeeded } from '../rest.ts'

/** Searches and $everything, first pages that succeeded. */
const firstPages = (transcript: Transcript, scene: Scene, where: (x: Exchange) => boolean): Exchange[] =>
  someRequests(
    transcript,
    scene,
    (asks, x) =>
      (isOneOf('search-type')(asks) || asks.operation === '$everything') &&
      x.move !== 'next-page' &&
      x.move !== 'everything-page' &&
      succeeded(x) &&
      where(x),
  )

/** Entries of a crawl that count: matches; in $everything, where modes are few, all that are not marked as included. */
const counted = (received: readonly Received[]): Received[] =>
  received.filter(({ mode, resource }) => (mode ? mode === 'match' : !isSupport(resource.resourceType)))
/** What comes along with records: where no entry says that it is included, only its type tells. */
const isSupport = (type: string): boolean => type === 'Provenance' || sharedTypes.has(type)

/** _count is a ceiling. */
export const countIsACeiling = check(
  'CORE-036',
  'SHALL NOT',
  'A page holds more matches than _count',
  (transcript, scene) => {
    const later = transcript.from(0)
    const made = firstPages(transcript, scene, (x) => Number(asked(x).params.get('_count')) > 0)
    const limitOf = (x: Exchange): number => Number(asked(x).params.get('_count'))
    const found = made.flatMap((x) =>
      crawlFrom(x, later).pages.flatMap((page) => {
        const unread = noBundle(page)
        if (unread.length > 0) return unread
        const matches = counted(resourcesIn(page)).length
        return matches > limitOf(x)
          ? [
              unmet(page, 'too-many', 'a page holds more matches than _count allows', {
                expected: limitOf(x),
                actual: matches,
                expression: 'Bundle.entry',
              }),
            ]
          : []
      }),
    )
    // A ceiling shows only where there is more than fits below it.
    const tried = made.some((x) => nextOf(x) !== undefined || counted(resourcesIn(x)).length >= limitOf(x))
    return found.length > 0 || tried ? few(found) : [undecided(made[0], 'there was less than _count allows')]
  },
)

const isElsewhere = (a: Exchange, b: Exchange): boolean =>
  new URL(a.request.url).origin !== new URL(b.request.url).origin

/** The pages of a crawl hold each match once, and the crawl ends. */
function pagesAddUp(crawl: Crawl): Finding[] {
  const last = crawl.pages.at(-1) as Exchange
  const found: Finding[] = []
  const next = nextOf(last)
  // Where the same server has just answered, silence is the network's doing; another host is the server's choice.
  if (!last.response && !isElsewhere(last, crawl.first)) answered(last)
  if (bundleOf(last) === undefined)
    found.push(
      // A link to where nobody is shows on the page that gives it.
      wrongAnswer(
        last.response ? last : (crawl.pages.at(-2) ?? last),
        'broken-page',
        'a next link leads to something that is no Bundle',
        {
          expected: 'a Bundle',
          actual: last.response?.status ?? `nobody at ${last.request.url}`,
        },
      ),
    )
  if (next !== undefined && crawl.pages.some(({ request }) => request.url === next))
    found.push(
      unmet(last, 'endless-pages', 'the next link leads back to a page that was seen', {
        actual: next,
        expression: 'Bundle.link',
      }),
    )
  for (const page of crawl.pages) {
    const url = bundleOf(page)?.link?.find(({ relation }) => relation === 'next')?.url
    if (url !== undefined && !/^https?:\/\//.test(url))
      found.push(
        unmet(page, 'relative-link', 'a next link is absolute', { actual: url, expression: 'Bundle.link.url' }),
      )
  }
  const seen = new Map<string, string>()
  for (const { resource, exchange, expression } of counted(crawl.received)) {
    const key = keyOf(resource)
    const before = seen.get(key)
    if (before !== undefined && before !== exchange.id)
      found.push(unmet(exchange, 'duplicate-entry', `${key} is a match on two pages`, { expression }))
    seen.set(key, exchange.id)
  }
  return found
}

/** Small pages hold together what one large page holds. */
export const pagesAreComplete = check(
  'CORE-037',
  'IMPLIED',
  'Next links lead through every match once, to the end',
  (transcript, scene) => {
    const later = transcript.from(0)
    const crawls = firstPages(transcript, scene, () => true).map((x) => crawlFrom(x, later))
    const paged = crawls.filter(({ pages }) => pages.length > 1)
    if (paged.length === 0) return [undecided(undefined, 'nothing came in more than one page')]
    const lost = paged
      .filter(({ complete }) => complete)
      .flatMap((crawl) => {
        const whole = crawls.find(
          (other) => other !== crawl && other.complete && sameQuestion(other.first, crawl.first),
        )
        if (!whole) return []
        const got = new Set(counted(crawl.received).map(({ resource }) => keyOf(resource)))
        const missing = counted(whole.received).filter(({ resource }) => !got.has(keyOf(resource)))
        return missing.length > 0
          ? [
              unmet(crawl.first, 'lost-match', 'small pages together hold less than one large page', {
                expected: missing.slice(0, 5).map(({ resource }) => keyOf(resource)),
                actual: got.size,
              }),
            ]
          : []
      })
    return few([...paged.flatMap(pagesAddUp), ...lost])
  },
)

const sameQuestion = (a: Exchange, b: Exchange): boolean => {
  const [x, y] = [asked(a), asked(b)]
  const text = (params: URLSearchParams): string =>
    choosing(params)
      .map((name) => `${name}=${params.getAll(name).sort().join()}`)
      .sort()
      .join('&')
  return (
    a.from === b.from &&
    x.type === y.type &&
    x.id === y.id &&
    x.operation === y.operation &&
    text(x.params) === text(y.params)
  )
}

/** A client takes a next link as it is. */
export const linksAreFollowedAsGiven = check(
  'CORE-038',
  'SHALL',
  'A client follows next links exactly as they are given',
  (transcript, scene) => {
    const followed = transcript.some(['next-page', 'everything-page'], { from: scene.requester, to: scene.responder })
    const before = transcript.from(0)
    return few(
      followed.flatMap((x) => {
        const earlier = before.slice(0, before.indexOf(x))
        const given = earlier.some((y) => nextOf(y) === asked(x).address)
        return given
          ? []
          : [
              unmet(x, 'built-link', 'a page was asked for by an address that no answer gave', {
                actual: x.request.url,
              }),
            ]
      }),
    )
  },
)

export const pagingChecks: readonly Check[] = [countIsACeiling, pagesAreComplete, linksAreFollowedAsGiven]
