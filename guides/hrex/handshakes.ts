/**
 * Connections that were accepted or refused: a refused handshake and an HTTP refusal are worth the same. A caller may be
 * let in at the first door, the CapabilityStatement, and be turned away at the second, registration.
 */
import { undecided, unmet } from '../../harness/check.ts'
import { type Exchange, json } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'

/** Statuses of gateways and servers that turn a caller away for its certificate; 495 and 496 are nginx's own. */
const refusals = [401, 403, 495, 496]

/** Ended in the handshake, or by an HTTP status for it. A gateway's 400 counts where the request itself was good. */
export const isRefused = ({ failure, response, intent }: Exchange): boolean =>
  response
    ? refusals.includes(response.status) || (response.status === 400 && intent.door === undefined)
    : failure?.kind === 'refused' && !isOurs(`${failure.code} ${failure.message}`)

export const isAccepted = ({ response }: Exchange): boolean =>
  response !== undefined && response.status >= 200 && response.status < 300

/** Our own OpenSSL could not even try: that says nothing about the other side. */
const isOurs = (words: string): boolean =>
  !/alert/i.test(words) && /no.protocols.available|unsupported.protocol|no.cipher|key.too.small/i.test(words)

/** Answered by what is behind the second door: a registration, or what an authorization server says of one (RFC 7591 §3.2.2). */
export const isServed = (x: Exchange): boolean => {
  const body = x.response && json(x.response)
  return isAccepted(x) || (x.response?.status === 400 && typeof (body as { error?: unknown })?.error === 'string')
}

/** What happened, in words. */
export const outcomeOf = ({ failure, response }: Exchange): string =>
  response ? `HTTP ${response.status}` : (failure?.message ?? 'nothing')

const refusal = 'a refused handshake, or 401 or 403'

/** What is to be said of callers that should be refused; nothing where each of them was, at one door or the other. */
export function refusedAtSomeDoor(knocks: readonly Exchange[], words: (knock: Exchange) => string): Finding[] {
  const first = knocks.filter(({ intent }) => intent.door === undefined)
  return first.flatMap((x): Finding[] => {
    if (isRefused(x)) return []
    if (!isAccepted(x)) return [undecided(x, `${words(x)} was neither served nor refused: ${outcomeOf(x)}`)]
    const second = knocks.find(
      ({ id, from, intent }) =>
        intent.door !== undefined &&
        Number(id.slice(1)) > Number(x.id.slice(1)) &&
        from === x.from &&
        intent.certificate === x.intent.certificate &&
        intent.standing === x.intent.standing,
    )
    if (!second) return [undecided(x, `${words(x)} may read the metadata, and no door for members alone is known`)]
    if (isServed(second))
      return [
        unmet(second, 'wrong-accepted', `${words(x)} was served`, { expected: refusal, actual: outcomeOf(second) }),
      ]
    const { status = 0 } = second.response ?? {}
    return isRefused(second) || (status >= 400 && status < 500 && status !== 429)
      ? []
      : [undecided(second, `${words(x)} was neither served nor refused: ${outcomeOf(second)}`)]
  })
}
