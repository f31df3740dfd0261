/** What many checks of a REST API ask alike: which exchanges, with what status, and whether the good variant worked. */
import { undecided, unmet } from '../../harness/check.ts'
import { HarnessError } from '../../harness/errors.ts'
import type { Move } from '../../harness/move.ts'
import type { Scene } from '../../harness/scene.ts'
import { answered, type Exchange, header, json, type Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { bundleOf, resourcesIn } from './received.ts'
import { type Asked, asked, type Interaction, isEverything, succeeded } from './rest.ts'

/** Every move that asks a FHIR API for something. */
export const fhirMoves: readonly Move[] = [
  'metadata',
  'search',
  'next-page',
  'read',
  'vread',
  'history',
  'everything',
  'everything-page',
  'export-kick-off',
  'export-status',
  'export-file',
  'export-delete',
  'binary',
  'probe',
  'member-match',
]

/** Exchanges with the responder, by what the request asks. Empty when there are none. */
export const requests = (
  transcript: Transcript,
  scene: Scene,
  where: (asks: Asked, exchange: Exchange) => boolean,
  moves: readonly Move[] = fhirMoves,
): Exchange[] => transcript.all(moves, { to: scene.responder, where: (x) => where(asked(x), x) })

/** The same; throws `not-seen` when there are none, so that the check ends as skip. */
export const someRequests = (
  transcript: Transcript,
  scene: Scene,
  where: (asks: Asked, exchange: Exchange) => boolean,
  moves: readonly Move[] = fhirMoves,
): Exchange[] => transcript.some(moves, { to: scene.responder, where: (x) => where(asked(x), x) })

/** First calls of $everything for which that holds, and not their further pages. Throws `not-seen` when there are none. */
export const everythingCalls = (transcript: Transcript, scene: Scene, where: (x: Exchange) => boolean): Exchange[] =>
  someRequests(transcript, scene, (asks, x) => isEverything(asks) && x.move !== 'everything-page' && where(x))

/** True for a request that its sender meant to be wrong: with a mistake, for somebody else's data, or without a token. */
export const isMistaken = (exchange: Exchange): boolean => exchange.intent.mistake !== undefined

/** True for a request that carries a bearer token. */
export const hasToken = (exchange: Exchange): boolean =>
  /^bearer \S/i.test(header(exchange.request, 'authorization') ?? '')

/** The bearer token of a request. */
export const tokenOf = (exchange: Exchange): string | undefined =>
  /^bearer (.+)$/i.exec(header(exchange.request, 'authorization') ?? '')?.[1]

export const isOneOf =
  (...interactions: Interaction[]) =>
  ({ interaction }: Asked): boolean =>
    interactions.includes(interaction)

/** Unmet unless the status is one of these; open where the client was put off. */
export function status(exchange: Exchange, expected: readonly number[], message: string): Finding[] {
  const { status: actual } = answered(exchange)
  if (expected.includes(actual)) return []
  return [wrongAnswer(exchange, 'wrong-status', `${message}: ${actual} came`, { expected, actual })]
}

/** Why the answer decides nothing: whoever gave it asks to come again later, or is not there for now (RFC 6585 §4, RFC 9110 §15.6.4). */
export function putOff({ response }: Exchange): string | undefined {
  if (response?.status === 429) return 'the client was asked to slow down, so this was not decided'
  if (response?.status === 503) return 'the service was not available for now, so this was not decided'
  return undefined
}

/** A finding that an answer is wrong; where it only puts the client off it is none, and nothing is decided. */
export function wrongAnswer(exchange: Exchange, code: string, message: string, detail: Detail = {}): Finding {
  const later = putOff(exchange)
  return later === undefined ? unmet(exchange, code, message, detail) : undecided(exchange, later)
}
type Detail = { expected?: unknown; actual?: unknown; expression?: string }

/** True for what looks like a refusal and is none: put off, or an error of the server's own. 501 says that it will not. */
export function isUnable(exchange: Exchange): boolean {
  const status = exchange.response?.status ?? 0
  return putOff(exchange) !== undefined || (status >= 500 && status !== 501)
}

/**
 * True when nothing came: a refusal of the connection, a status from 400 on, or a Bundle without any resource. Throws
 * `not-answered` where nobody was there: that is no refusal, and no disclosure either; `not-decided` where what came cannot
 * be read.
 */
export const gaveNothing = (exchange: Exchange): boolean => {
  if (exchange.failure?.kind === 'refused') return true
  const { status, body } = answered(exchange)
  if (status >= 400) return true
  // The content of a document is no resource, and something all the same.
  if (asked(exchange).type === 'Binary') return body === ''
  if (status === 202 || resourcesIn(exchange).length > 0) return false
  if (body !== '' && json({ body }) === undefined)
    throw new HarnessError('not-decided', `what ${asked(exchange).address} gave cannot be read`)
  return true
}

/** A search that was answered with no Bundle found nothing that could be judged; that it should is judged once, elsewhere. */
export const noBundle = (exchange: Exchange): Finding[] =>
  bundleOf(exchange) ? [] : [undecided(exchange, 'the answer is no Bundle')]

/**
 * A refusal says something only where the good variant works. Gives the reason why nothing can be decided when no request
 * that fits succeeded.
 */
export function control(
  transcript: Transcript,
  scene: Scene,
  where: (asks: Asked, exchange: Exchange) => boolean,
  what: string,
): Finding[] {
  const good = requests(transcript, scene, (asks, x) => !isMistaken(x) && succeeded(x) && where(asks, x))
  return good.length > 0 ? [] : [undecided(undefined, `${what} never succeeded, so a refusal says nothing`)]
}

/** Findings that an element of a list leads to, cut off where they would only repeat themselves. */
export function few(findings: readonly Finding[], limit = 8): Finding[] {
  if (findings.length <= limit) return [...findings]
  const [more] = findings.slice(limit)
  return [
    ...findings.slice(0, limit),
    {
      severity: more?.severity ?? 'information',
      code: more?.code ?? 'more',
      message: `and ${findings.length - limit} more of the kind`,
      ...(more?.exchange ? { exchange: more.exchange } : {}),
    },
  ]
}

/** A finding that a reader should look at, whatever the verb. */
export const suspicious = (
  exchange: Exchange | undefined,
  code: string,
  message: string,
  detail: { expected?: unknown; actual?: unknown; expression?: string } = {},
): Finding => ({ severity: 'warning', code, message, ...detail, ...(exchange ? { exchange: exchange.id } : {}) })

/** A search, and no other interaction. */
export const searches = isOneOf('search-type')
