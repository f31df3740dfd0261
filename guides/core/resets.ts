/** Connections that end before the first byte of an answer: which of them refuse, and which may be the network's doing. */
import { undecided } from '../../harness/check.ts'
import { isLost } from '../../harness/failure.ts'
import type { Exchange } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'

/** Where a request goes, whatever it asks for there. */
const endpointOf = ({ request: { url } }: Exchange): string => url.replace(/[?#].*$/, '')

const isServed = ({ response }: Exchange): boolean =>
  response !== undefined && response.status >= 200 && response.status < 300

/**
 * What an end below HTTP says: undefined where there was none, nothing where it is a refusal. An alert of TLS is one. A reset
 * is one only where the same endpoint served one of the `controls`: else it decides nothing.
 */
export function endedBelowHttp(x: Exchange, controls: readonly Exchange[]): readonly Finding[] | undefined {
  if (x.failure?.kind !== 'refused') return undefined
  if (!isLost(x.failure)) return []
  return controls.some((y) => isServed(y) && endpointOf(y) === endpointOf(x))
    ? []
    : [
        undecided(
          x,
          `${x.failure.message}, and nothing was served there in this scenario: it may be the network's doing`,
        ),
      ]
}
