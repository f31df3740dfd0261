/** Fetch for a simulator's own errands (key sets, revocation lists, the repository), trusting the roots that it is given. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { createSecureContext } from 'node:tls'
import { defaults } from './config.ts'

/** The part of the Fetch API that the house uses for errands. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** What an errand may cost: the address is a stranger's, and so is whoever answers there. */
export interface ErrandLimits {
  /** Milliseconds from the question to the end of the answer. */
  readonly time?: number
  /** Bytes of the body. */
  readonly size?: number
}

/**
 * Rejects as fetch does when nobody answers, and when the answer takes too long or is too large. A redirection is not followed: it
 * is an answer that is not ok. `ca`: PEM of the roots for https. Bodies are strings or bytes.
 */
export function fetchTrusting(ca: readonly string[], limits: ErrandLimits = {}): Fetch {
  const { time = defaults.errandTime, size = defaults.errandSize } = limits
  const agent = new Agent({ keepAlive: true, secureContext: createSecureContext({ ca: [...ca] }) })
  const ask = (url: string, init: RequestInit, signal: AbortSignal): Promise<Response> =>
    new Promise((resolve, reject) => {
      const failed = (error: Error): void => reject(signal.aborted ? new Error('no answer in time') : error)
      const options = { method: init.method ?? 'GET', headers: Object.fromEntries(new Headers(init.headers)), signal }
      const request = url.startsWith('https:') ? httpsRequest(url, { ...options, agent }) : httpRequest(url, options)
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A connection that was kept may have been given up by the other side meanwhile: a new one tells.
        if (request.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted) resolve(ask(url, init, signal))
        else failed(error)
      })
      request.on('response', (message) => {
        const chunks: Buffer[] = []
        let length = 0
        message.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          length += chunk.length
          if (length > size) message.destroy(new Error(`the answer is larger than ${size} bytes`))
        })
        message.on('error', failed)
        message.on('end', () => resolve(responseOf(message, Buffer.concat(chunks))))
      })
      request.end(init.body instanceof Uint8Array ? init.body : (init.body as string | undefined))
    })
  return (url, init = {}) => ask(url, init, AbortSignal.timeout(time))
}

function responseOf({ statusCode: status = 0, rawHeaders }: IncomingMessage, body: Buffer): Response {
  const headers = new Headers()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.append(rawHeaders[i] as string, rawHeaders[i + 1] as string)
  // Fetch forbids a body beside these.
  const bodiless = status === 204 || status === 304
  return new Response(bodiless ? null : new Uint8Array(body), { status, headers })
}
