/** Follows next links as they were given, until there is none (FHIR R4 http, "paging"). */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { ask, type Manner } from './member-requests.ts'
import { said } from './tokens.ts'

/** No member's record has more pages than this; a server that links in a circle would never end. */
const mostPages = 2000

type PageMove = 'next-page' | 'everything-page'

/** The next link of a Bundle; undefined on the last page. */
export const nextLink = (page: Exchange): string | undefined => {
  const { link } = said(page) as { link?: readonly { relation?: string; url?: string }[] }
  return Array.isArray(link) ? link.find(({ relation }) => relation === 'next')?.url : undefined
}

/** Every page after that one, in order. Stops at a page that was seen before. */
export async function pagesAfter(
  client: Actor,
  payer: Actor,
  first: Exchange,
  move: PageMove,
  manner: Manner = {},
): Promise<Exchange[]> {
  const pages: Exchange[] = []
  const seen = new Set([first.request.url])
  let url = nextLink(first)
  while (url !== undefined && !seen.has(url) && pages.length < mostPages) {
    seen.add(url)
    const page = await ask(client, payer, move, { method: 'GET', url }, manner)
    pages.push(page)
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
