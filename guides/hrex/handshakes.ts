/** Connections that were accepted or refused: a refused handshake and an HTTP refusal are worth the same. */
import type { Exchange } from '../../harness/transcript.ts'

/** Statuses of gateways and servers that turn a caller away for its certificate; 495 and 496 are nginx's own. */
const refusals = [400, 401, 403, 495, 496]

/** Ended in the handshake, or by an HTTP status for it. */
export const isRefused = ({ failure, response }: Exchange): boolean =>
  response ? refusals.includes(response.status) : failure?.kind === 'refused' && !isOurs(failure.code)

export const isAccepted = ({ response }: Exchange): boolean =>
  response !== undefined && response.status >= 200 && response.status < 300

/** Our own OpenSSL could not even try: that says nothing about the other side. */
const isOurs = (code: string): boolean =>
  /NO_PROTOCOLS_AVAILABLE|UNSUPPORTED_PROTOCOL|NO_CIPHERS|EE_KEY_TOO_SMALL/.test(code)

/** What happened, in words. */
export const outcomeOf = ({ failure, response }: Exchange): string =>
  response ? `HTTP ${response.status}` : (failure?.message ?? 'nothing')
