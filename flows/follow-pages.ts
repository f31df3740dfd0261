/** Follows next links as they were given, until there is none (FHIR R4 http, "paging"). */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { ask, type Manner, resourcesIn } from './member-requests.ts'
import { said } from './tokens.ts'

/** No member's record has more pages than this, or more characters; a server that links for ever would never end. */
const mostPages = 2000
const mostText = 2 ** 26

/** So many pages in a row that hold nothing new are a circle whose addresses only differ. */
const mostStalePages = 20

type PageMove = 'next-page' | 'everything-page'

/** The next link of a Bundle, a relative one against the address of its page; undefined on the last page. */
export const nextLink = (page: Exchange): string | undefined => {
  const { resourceType, link } = said(page) as {
    resourceType?: unknown
    link?: readonly ({ relation?: unknown; url?: unknown } | null)[]
  }
  const next =
    resourceType === 'Bundle' && Array.isArray(link) ? link.find((one) => one?.relation === 'next') : undefined
  if (typeof next?.url !== 'string') return undefined
  const relative = !URL.canParse(next.url) && URL.canParse(next.url, page.request.url)
  return relative ? new URL(next.url, page.request.url).href : next.url
}

/** Every page after that one, in order. Stops at a page that was seen before, and where nothing new comes any more. */
export async function pagesAfter(
  client: Actor,
  payer: Actor,
  first: Exchange,
  move: PageMove,
  manner: Manner = {},
): Promise<Exchange[]> {
  const pages: Exchange[] = []
  const seen = new Set([first.request.url])
  const held = new Set<string>()
  /** Whether the page holds something that no earlier one held. */
  const isNew = (page: Exchange): boolean => {
    const before = held.size
    // Provenance of the sending itself has a new id on each page.
    for (const { resourceType, id } of resourcesIn(page))
      if (resourceType !== 'Provenance') held.add(`${resourceType}/${id}`)
    return held.size > before
  }
  isNew(first)
  let stale = 0
  let text = 0
  let url = nextLink(first)
  while (url !== undefined && !seen.has(url) && pages.length < mostPages && stale < mostStalePages && text < mostText) {
    seen.add(url)
    const page = await ask(client, payer, move, { method: 'GET', url }, manner)
    pages.push(page)
    stale = isNew(page) ? 0 : stale + 1
    text += page.response?.body.length ?? 0
    url = nextLink(page)
  }
  return pages
}

/** Follows the next link of the latest search or $everything of `whose` (the client itself unless told): one page. */
export const followNext = (payer: Actor, manner: Manner & { readonly whose?: Actor } = {}): Flow<Exchange> => ({
  title: `follow the next link of the ${payer.name}`,
  moves: ['next-page', 'everything-page'],
  perform: (client) => {
    const { whose, ...rest } = manner
    const last = client.transcript.latest(['search', 'next-page', 'everything', 'everything-page'], {
      from: (whose ?? client).name,
      to: payer.name,
      where: (x) => nextLink(x) !== undefined,
    })
    const url = last && nextLink(last)
    if (!last || url === undefined) throw new HarnessError('not-seen', `no answer of the ${payer.name} has a next link`)
    return ask(
      client,
      payer,
      last.move.startsWith('everything') ? 'everything-page' : 'next-page',
      { method: 'GET', url },
      rest,
    )
  },
})
