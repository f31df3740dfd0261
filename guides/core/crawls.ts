/** Pages that belong together: a request and the next links that were followed from it (FHIR R4 search, paging). */
import { answered, type Exchange, reading } from '../../harness/transcript.ts'
import { bundleOf, nextOf, type Received, resourcesIn } from './received.ts'
import { asked } from './rest.ts'

/** The pages of one crawl: a request and the next links that were followed from it, by the same actor. */
export interface Crawl {
  readonly first: Exchange
  readonly pages: readonly Exchange[]
  /** True when the last page has no next link, and every page is a Bundle. */
  readonly complete: boolean
  readonly received: readonly Received[]
}

const crawled = new WeakMap<readonly Exchange[], Map<Exchange, Crawl>>()

/** Follows a Bundle's next links through the exchanges that came after it. */
export function crawlFrom(first: Exchange, later: readonly Exchange[]): Crawl {
  const known = crawled.get(later) ?? new Map<Exchange, Crawl>()
  crawled.set(later, known)
  const crawl = known.get(first) ?? follow(first, later)
  known.set(first, crawl)
  for (const page of crawl.pages.slice(1)) reading(page)
  return crawl
}

/** The same; throws `not-answered` where the wire gave no page: what was cut short compares with nothing. */
export function answeredCrawl(first: Exchange, later: readonly Exchange[]): Crawl {
  const crawl = crawlFrom(first, later)
  for (const page of crawl.pages) answered(page)
  return crawl
}

function follow(first: Exchange, later: readonly Exchange[]): Crawl {
  const pages = [first]
  const seen = new Set<string>()
  for (let next = nextOf(first); next !== undefined && !seen.has(next); ) {
    seen.add(next)
    const address = next
    const from = later.indexOf(pages.at(-1) as Exchange) + 1
    const page = later.find((x, i) => i >= from && x.from === first.from && asked(x).address === address)
    if (!page) break
    pages.push(page)
    next = nextOf(page)
  }
  const last = pages.at(-1) as Exchange
  return {
    first,
    pages,
    complete: pages.every((page) => bundleOf(page) !== undefined) && nextOf(last) === undefined,
    received: pages.flatMap(resourcesIn),
  }
}
