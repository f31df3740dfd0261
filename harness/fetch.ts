/** Fetch for a simulator's own errands (key sets, revocation lists, the repository), trusting the roots that it is given. */
import { request as httpRequest } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { createSecureContext } from 'node:tls'

/** The part of the Fetch API that the house uses for errands. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** Rejects as fetch does when nobody answers. `ca`: PEM of the roots for https. Bodies are strings or bytes. */
export function fetchTrusting(ca: readonly string[]): Fetch {
  const agent = new Agent({ keepAlive: true, secureContext: createSecureContext({ ca: [...ca] }) })
  const ask: Fetch = (url, init = {}) =>
    new Promise((resolve, reject) => {
      const secure = url.startsWith('https:')
      const options = {
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        timeout: 10_000,
      }
      const request = secure ? httpsRequest(url, { ...options, agent }) : httpRequest(url, options)
      request.on('timeout', () => request.destroy(new Error('no answer in time')))
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A connection that was kept may have been given up by the other side meanwhile: a new one tells.
        if (request.reusedSocket && error.code === 'ECONNRESET') resolve(ask(url, init))
        else reject(error)
      })
      request.on('response', (message) => {
        const chunks: Buffer[] = []
        message.on('data', (chunk: Buffer) => chunks.push(chunk))
        message.on('error', reject)
        message.on('end', () => {
          const status = message.statusCode ?? 0
          const headers = new Headers()
          for (let i = 0; i + 1 < message.rawHeaders.length; i += 2)
            headers.append(message.rawHeaders[i] as string, message.rawHeaders[i + 1] as string)
          // Fetch forbids a body beside these.
          const bodiless = status === 204 || status === 304
          resolve(new Response(bodiless ? null : new Uint8Array(Buffer.concat(chunks)), { status, headers }))
        })
      })
      request.end(init.body instanceof Uint8Array ? init.body : (init.body as string | undefined))
    })
  return ask
}
