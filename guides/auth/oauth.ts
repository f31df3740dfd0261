/** What a check needs to read OAuth exchanges: forms, JSON answers, assertions, good variants of what was refused. */
import { undecided, unmet } from '../../harness/check.ts'
import type { Move } from '../../harness/move.ts'
import { answered, type Exchange, header, json, mediaType, type Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { putOff } from '../core/judging.ts'
import { isObject } from '../core/received.ts'

export const tokenMoves = ['match-token', 'member-token'] as const

export type JsonObject = Readonly<Record<string, unknown>>

/** A JSON object in a message; undefined where there is none. */
export function objectIn(message: { readonly body: string } | undefined): JsonObject | undefined {
  const value = message && json(message)
  return isObject(value) ? value : undefined
}

/** What the server said, as JSON; empty where it said none. */
export const said = (exchange: Exchange | undefined): JsonObject => objectIn(exchange?.response) ?? {}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []

/** The parameters of a form, as sent. */
export const formOf = ({ request }: Exchange): URLSearchParams => new URLSearchParams(request.body)

/** Sent as it should be: neither on purpose wrong nor, unless allowed, unusual. */
export const isSound = ({ intent }: Exchange): boolean => intent.mistake === undefined

export const succeeded = ({ response }: Exchange): boolean =>
  response !== undefined && response.status >= 200 && response.status < 300

/** Made with one of these mistakes. */
export const made =
  (mistakes: readonly string[]) =>
  ({ intent }: Exchange): boolean =>
    intent.mistake !== undefined && mistakes.includes(intent.mistake)

export interface Jwt {
  readonly header: JsonObject
  readonly claims: JsonObject
}

/** Header and claims of a compact JWT, unverified; undefined when it is none, or one of something else than objects. */
export function jwtIn(compact: string | null | undefined): Jwt | undefined {
  const [head, payload, signature] = (compact ?? '').split('.')
  if (!head || !payload || signature === undefined) return undefined
  const read = (part: string): JsonObject | undefined =>
    objectIn({ body: Buffer.from(part, 'base64url').toString('utf8') })
  const [header, claims] = [read(head), read(payload)]
  return header && claims && { header, claims }
}

/** The assertion of a token request. */
export const assertionOf = (exchange: Exchange): Jwt | undefined => jwtIn(formOf(exchange).get('client_assertion'))

/** The same kind of request, sent soundly by the same sender, that succeeded: without it a refusal proves nothing. */
export const goodVariant = (
  transcript: Transcript,
  bad: Exchange,
  moves: Move | readonly Move[] = bad.move,
): Exchange | undefined =>
  transcript
    .all(moves, {
      from: bad.from,
      to: bad.to,
      where: (exchange) => exchange !== bad && isSound(exchange) && succeeded(exchange),
    })
    .at(-1)

export interface Refusal {
  /** Statuses that refuse. */
  readonly statuses: readonly number[]
  /** OAuth codes that refuse; any of them. */
  readonly codes: readonly string[]
  /** What was wrong, to go into the sentence: `an assertion that has expired`. */
  readonly what: string
}

/** Refused as it should be: status, JSON, code. `lenient` turns an acceptance into a warning, where accepting is not forbidden. */
export function judgeRefusal(exchange: Exchange, refusal: Refusal, lenient = false): Finding[] {
  const response = answered(exchange)
  const { statuses, codes, what } = refusal
  const later = putOff(exchange)
  if (later) return [undecided(exchange, later)]
  if (succeeded(exchange)) {
    const finding = unmet(exchange, 'accepted', `the server accepted a request ${what}`, {
      expected: `${statuses.join(' or ')} ${codes.join(' or ')}`,
      actual: response.status,
    })
    return [lenient ? { ...finding, severity: 'warning' } : finding]
  }
  const findings: Finding[] = []
  if (!statuses.includes(response.status))
    findings.push(
      unmet(exchange, 'wrong-status', `a request ${what} was refused with ${response.status}`, {
        expected: statuses,
        actual: response.status,
      }),
    )
  // What is no form does not reach the endpoint: the server below it refuses in words of its own.
  if (response.status === 415 && statuses.includes(415)) return findings
  const code = said(exchange).error
  if (mediaType(response) !== 'application/json' || typeof code !== 'string')
    findings.push(
      unmet(exchange, 'no-oauth-error', 'the refusal is no JSON object with an error code', {
        expected: 'application/json {"error": …}',
        actual: `${mediaType(response) || 'no media type'} ${response.body.slice(0, 120)}`,
      }),
    )
  else if (!codes.includes(code))
    findings.push(
      unmet(exchange, 'wrong-error', `a request ${what} was refused with the error "${code}"`, {
        expected: codes,
        actual: code,
        expression: 'error',
      }),
    )
  return findings
}

/** Judges every request made with one of those mistakes, where the good variant succeeded. */
export function judgeMistakes(
  transcript: Transcript,
  moves: Move | readonly Move[],
  mistakes: readonly string[],
  judge: (exchange: Exchange) => readonly Finding[],
): Finding[] {
  return transcript.some(moves, { where: made(mistakes) }).flatMap((exchange) => {
    if (!goodVariant(transcript, exchange, moves))
      return [undecided(exchange, `the same request without its mistake never succeeded, so a refusal proves nothing`)]
    return [...judge(exchange)]
  })
}

/** Seconds since 1970 of an exchange. */
export const secondsOf = ({ at }: Exchange): number => Math.floor(Date.parse(at) / 1000)

/** Absolute, and by https. */
export const isAbsolute = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && /^https:\/\//i.test(url)

/** The token of an Authorization header. */
export const bearerIn = ({ request }: Exchange): string | undefined =>
  /^Bearer (.+)$/i.exec(header(request, 'authorization') ?? '')?.[1]

/** The token that a successful token request was answered with. */
export const tokenFrom = (exchange: Exchange): string | undefined => text(said(exchange).access_token)

/** The token request that a presented token came from; undefined for one that was made up. */
export const originOf = (transcript: Transcript, presented: Exchange): Exchange | undefined => {
  const token = bearerIn(presented) ?? new URL(presented.request.url).searchParams.get('access_token')
  return transcript.all(tokenMoves, { where: (x) => token !== null && succeeded(x) && tokenFrom(x) === token }).at(-1)
}

/** A note that something optional is not there, which decides nothing. */
export const notOffered = (exchange: Exchange | undefined, what: string): Finding[] => [
  undecided(exchange, `${what} is not offered`),
]

/** What a client said of itself: in the statement and beside it, the statement first. */
export function metadataSent(x: Exchange): JsonObject {
  const body = objectIn(x.request) ?? {}
  const statement = jwtIn(text(body.software_statement) ?? (objectIn(x.request) ? undefined : x.request.body))
  return { ...body, ...statement?.claims }
}
