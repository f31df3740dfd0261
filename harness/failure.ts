/** Why there was no answer, told from what Node says of it. */

/**
 * Why there was no answer. `refused`: the other side ended the TLS handshake, or reset the connection before a byte of
 * an answer. `unreachable`: there was nobody (DNS, TCP). `timeout`: nothing came, or it came to no end. `aborted`: we hung
 * up, because we did not trust them. `cut-off`: the answer began and broke off. `garbled`: what came is no HTTP.
 * `too-large` and `unreadable`: more, or coded otherwise, than we read. `not-asked`: the address is none of https.
 */
export interface Failure {
  readonly kind:
    | 'refused'
    | 'unreachable'
    | 'timeout'
    | 'aborted'
    | 'cut-off'
    | 'garbled'
    | 'too-large'
    | 'unreadable'
    | 'not-asked'
  readonly code: string
  readonly message: string
}

/** We hang up because we do not trust them. */
export class Distrust extends Error {}

/**
 * Alerts and resets of the other side are refusals as long as no answer has begun; a missing host or port is unreachable; our
 * own doubts are abortions.
 */
export function failureOf(error: NodeJS.ErrnoException, connected: boolean, answering: boolean): Failure {
  const code = error.code ?? error.name
  const message = error.message
  if (error instanceof Distrust) return { kind: 'aborted', code: 'distrust', message }
  if (code === 'ETIMEDOUT') return answering ? late(true) : { kind: 'timeout', code, message }
  if (code === 'HPE_HEADER_OVERFLOW')
    return { kind: 'too-large', code, message: 'the headers are larger than anybody needs' }
  if (answering && code === 'HPE_INVALID_CONSTANT') return garbled(code, 'more came than the length of the answer says')
  if (code.startsWith('HPE_')) return garbled(code, message.replace(/^Parse Error: /, ''))
  // Whatever ends it then, an alert of TLS included: a refusal comes before the answer.
  if (answering) return { kind: 'cut-off', code, message: 'the connection ended before the answer was whole' }
  if (['ENOTFOUND', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'].includes(code))
    return { kind: 'unreachable', code, message }
  // Our own OpenSSL would not even ask: nothing was learned of the other side.
  if (/NO_PROTOCOLS_AVAILABLE|NO_CIPHERS|UNSUPPORTED_PROTOCOL/.test(code) && !/alert/i.test(message))
    return { kind: 'aborted', code, message }
  if (/ALERT|HANDSHAKE|ERR_SSL/.test(code) || (code === 'EPROTO' && /alert/i.test(message)))
    return { kind: 'refused', code, message }
  if (/CERT|SELF_SIGNED|ISSUER|ERR_TLS|UNABLE_TO|CRL/.test(code)) return { kind: 'aborted', code, message }
  if (wasClosed(error))
    return {
      kind: 'refused',
      code,
      message: connected ? 'the connection was reset before an answer' : 'the handshake was reset',
    }
  return { kind: 'unreachable', code, message }
}

/** The other side ended the connection. */
export const wasClosed = ({ code }: NodeJS.ErrnoException): boolean => code !== undefined && endings.has(code)

const endings: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])

/** What came is no answer of HTTP. */
export const garbled = (code: string, why: string): Failure => ({
  kind: 'garbled',
  code,
  message: `what came is no HTTP (${why})`,
})

/** Silence is one thing; an answer that drips for ever another. */
export const late = (answering: boolean): Failure => ({
  kind: 'timeout',
  code: 'ETIMEDOUT',
  message: answering ? 'the answer does not come to its end' : 'no answer in time',
})

export const tooLarge = (limit: number): Failure => ({
  kind: 'too-large',
  code: 'too-large',
  message: `the body is larger than ${limit} bytes`,
})

/** Who does not say what it accepts must accept any coding (RFC 9110 §12.5.3): that we cannot read it is nobody's fault. */
export const unreadable = (coding: string): Failure => ({
  kind: 'unreadable',
  code: 'content-encoding',
  message: `its content coding ${JSON.stringify(coding)} cannot be read here`,
})

/** Why nothing can be asked at that address; undefined where it can. */
export function notAskable(url: string): Failure | undefined {
  if (!URL.canParse(url)) return { kind: 'not-asked', code: 'no-address', message: 'the address is no URL' }
  const { protocol } = new URL(url)
  if (protocol === 'https:' || protocol === 'http:') return undefined
  return { kind: 'not-asked', code: 'no-address', message: `the address begins with ${protocol} and not with https:` }
}

/** A header with a line end in it, for instance, that an answer told us to send. */
export const unsayable = (error: Error): Failure => ({ kind: 'not-asked', code: 'unsayable', message: error.message })

/**
 * Lost on its way, or not to be read: whoever was asked has answered nothing that could be judged. An alert of TLS is an answer
 * of a kind, a reset is none.
 */
export const isLost = ({ kind, code }: Failure): boolean =>
  kind === 'refused' ? endings.has(code) : kind !== 'aborted' && kind !== 'not-asked'
