/** Why there was no answer, told from what Node says of it. */
import type { Failure } from './transcript.ts'

/** We hang up because we do not trust them. */
export class Distrust extends Error {}

/** Alerts and resets of the other side are refusals; a missing host or port is unreachable; our own doubts are abortions. */
export function failureOf(error: NodeJS.ErrnoException, connected: boolean, answering: boolean): Failure {
  const code = error.code ?? error.name
  const message = error.message
  if (error instanceof Distrust) return { kind: 'aborted', code: 'distrust', message }
  if (code === 'ETIMEDOUT') return { kind: 'timeout', code, message }
  if (['ENOTFOUND', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'].includes(code))
    return { kind: 'unreachable', code, message }
  // Our own OpenSSL would not even ask: nothing was learned of the other side.
  if (/NO_PROTOCOLS_AVAILABLE|NO_CIPHERS|UNSUPPORTED_PROTOCOL/.test(code) && !/alert/i.test(message))
    return { kind: 'aborted', code, message }
  if (/ALERT|HANDSHAKE|ERR_SSL/.test(code) || (code === 'EPROTO' && /alert/i.test(message)))
    return { kind: 'refused', code, message }
  if (/CERT|SELF_SIGNED|ISSUER|ERR_TLS|UNABLE_TO|CRL/.test(code)) return { kind: 'aborted', code, message }
  if ((code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED') && !answering)
    return {
      kind: 'refused',
      code,
      message: connected ? 'the connection was reset before an answer' : 'the handshake was reset',
    }
  return { kind: 'unreachable', code, message }
}
