/**
 * The wire: one HTTPS (or HTTP) request with a chosen client certificate, recorded as it was sent, with what TLS showed.
 * The only room corner that opens a connection. Trouble of the connection becomes a Failure, never a throw.
 */

import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { textOf } from './body-text.ts'
import { ciphersFor } from './ciphers.ts'
import {
  Distrust,
  type Failure,
  failureOf,
  garbled,
  late,
  notAskable,
  tooLarge,
  unreadable,
  unsayable,
  wasClosed,
} from './failure.ts'
import { pairsOf, rawOf } from './header-lines.ts'
import { Pool } from './pool.ts'
import { isKnown, tlsFacts } from './tls-facts.ts'
import {
  type CertificateFacts,
  type HeaderList,
  header,
  headerList,
  type SentRequest,
  type SentResponse,
  type TlsFacts,
} from './transcript.ts'

/** A certificate chain (leaf first) and its private key, PEM. */
export interface Credentials {
  readonly cert: string
  readonly key: string
}

export interface Outgoing {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly body?: string | undefined
  /** Client certificate to present; absent: none. */
  readonly credentials?: Credentials | undefined
  /** PEM of the roots that the server's certificate must chain to; absent: the machine's own. */
  readonly ca?: readonly string[] | undefined
  /** Asked after the chain and name are found good; a sentence means "hang up", undefined means "go on". */
  readonly distrust?: ((server: CertificateFacts) => string | undefined) | undefined
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined
  /** Do not reuse a connection. */
  readonly fresh?: boolean | undefined
  /** Milliseconds without a word until we give up, and in which an answer has to make some way; 30,000 unless told. */
  readonly timeout?: number
  /** Bytes of body that we keep, and that it may have without its content codings; above it the exchange fails as `too-large`. 64 MiB unless told. */
  readonly limit?: number
}

export interface Heard {
  readonly request: SentRequest
  readonly response?: SentResponse
  readonly failure?: Failure
  readonly tls?: TlsFacts
  readonly timings: { readonly connect: number; readonly firstByte: number; readonly total: number }
}

/** Bytes of head that are read: more than servers send, and Node reads of itself. */
const mostHead = 2 ** 18

/** Bytes of body that have to come in the time of one timeout: an answer that drips would never end. */
const leastProgress = 2 ** 16

const numbers = new WeakMap<object, number>()
let numbered = 0

/** Credentials and lists of roots are told apart by who they are: they are made once, and are long to compare. */
function numberOf(thing: object | undefined): number {
  if (thing === undefined) return 0
  const known = numbers.get(thing)
  if (known !== undefined) return known
  numbers.set(thing, ++numbered)
  return numbered
}

/** Sends requests over kept-alive connections, one pool for each set of credentials and trust. */
export class Wire {
  readonly #agents = new Map<string, Pool>()
  readonly #contexts = new Map<string, SecureContext>()
  readonly #plain = new HttpAgent({ keepAlive: true })

  /** Never rejects for an address that somebody else gave: what cannot be asked for is a failure as well. */
  send(outgoing: Outgoing): Promise<Heard> {
    const failure = notAskable(outgoing.url)
    return failure ? Promise.resolve(unsent(outgoing, failure)) : new Promise((resolve) => this.#ask(outgoing, resolve))
  }

  #ask(outgoing: Outgoing, resolve: (heard: Heard) => void): void {
    const started = performance.now()
    const url = new URL(outgoing.url)
    const secure = url.protocol === 'https:'
    const { body, limit = 64 * 2 ** 20, timeout = 30_000 } = outgoing
    const length = body === undefined ? 0 : Buffer.byteLength(body)
    const headers = headersOf(outgoing, url.host, length)
    const request: SentRequest = { method: outgoing.method, url: outgoing.url, headers, body: body ?? '' }

    let connect = 0
    let firstByte = 0
    let tls: TlsFacts | undefined
    // A flat array keeps case, order and repetitions; Node's types know only the object form.
    const options: object = {
      protocol: url.protocol,
      method: outgoing.method,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (secure ? 443 : 80),
      path: url.pathname + url.search,
      headers: rawOf(headers),
      maxHeaderSize: mostHead,
      agent: secure ? this.#agent(outgoing) : outgoing.fresh ? new HttpAgent() : this.#plain,
      setHost: false,
    }
    // Of HTTPS, too, whose own one would copy the options once more: the agent makes the difference.
    let outgoingRequest: ClientRequest
    try {
      outgoingRequest = httpRequest(options)
    } catch (error) {
      resolve(unsent(outgoing, unsayable(error as Error)))
      return
    }
    // Only the first to settle is heard.
    let settled = false
    const settle = (response: SentResponse | undefined, failure?: Failure): void => {
      settled = true
      clearTimeout(patience)
      const heard: { -readonly [K in keyof Heard]?: Heard[K] } = { request }
      if (response) heard.response = response
      if (failure) heard.failure = failure
      if (tls) heard.tls = tls
      heard.timings = { connect, firstByte, total: performance.now() - started }
      resolve(heard as Heard)
    }
    // The socket tells of silence alone. What drips, or says again and again that it is at work, is no silence and no answer.
    let size = 0
    let before = 0
    const patience = setTimeout(() => {
      if (size - before >= leastProgress) {
        before = size
        patience.refresh()
        return
      }
      settle(undefined, late(firstByte > 0))
      outgoingRequest.destroy()
    }, timeout)
    let kept = false
    outgoingRequest.on('socket', (socket) => {
      bePatient(socket, timeout)
      kept = isKnown(socket)
      const ready = (): void => {
        connect = performance.now() - started
        if (!secure) return
        tls = tlsFacts(socket as TLSSocket, outgoing.credentials?.cert)
        const reason = tls?.server && outgoing.distrust?.(tls.server)
        if (reason) outgoingRequest.destroy(new Distrust(reason))
      }
      if (kept || (!secure && !socket.connecting)) ready()
      else socket.once(secure ? 'secureConnect' : 'connect', ready)
    })
    outgoingRequest.on('error', (error) => {
      // Whoever is asked may close a kept connection at any time, also just then: a new one tells (RFC 9112 §9.3.1).
      if (kept && !settled && firstByte === 0 && outgoing.method === 'GET' && wasClosed(error)) {
        clearTimeout(patience)
        this.#ask(outgoing, resolve)
      } else settle(undefined, failureOf(error, connect > 0, firstByte > 0))
    })
    // Nobody asked for another protocol; without a listener the connection would be left open.
    outgoingRequest.on('upgrade', (_message, socket: Socket) => {
      settle(undefined, garbled('upgrade', 'another protocol is begun unasked'))
      socket.destroy()
    })
    outgoingRequest.on('response', (message: IncomingMessage) => {
      firstByte = performance.now() - started
      patience.refresh()
      if ((message.statusCode ?? 0) < 200) {
        settle(undefined, garbled('status', `its last status is ${message.statusCode}`))
        outgoingRequest.destroy()
        return
      }
      const head = {
        status: message.statusCode ?? 0,
        statusText: message.statusMessage ?? '',
        headers: pairsOf(message.rawHeaders),
      }
      // Who closes it within a second might do so just as we ask again.
      if (/^timeout=[01]\b/.test(header(head, 'keep-alive') ?? '')) outgoingRequest.shouldKeepAlive = false
      const chunks: Buffer[] = []
      message.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= limit) {
          chunks.push(chunk)
          return
        }
        outgoingRequest.destroy()
        settle(undefined, tooLarge(limit))
      })
      message.on('error', (error) => settle(undefined, failureOf(error, true, true)))
      message.on('end', () => {
        const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)
        const text = textOf(whole, headerList(head, 'content-encoding'), limit)
        if (typeof text === 'string') settle({ ...head, body: text })
        else if ('unknown' in text) settle(undefined, unreadable(text.unknown))
        else settle(undefined, tooLarge(limit))
      })
    })
    // A refusing server may close before it has read the body: the error event tells, the write must not throw.
    if (body === undefined) outgoingRequest.end()
    else outgoingRequest.end(body, length === body.length ? 'latin1' : 'utf8')
  }

  /** Closes every connection. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy()
    this.#agents.clear()
    this.#contexts.clear()
    this.#plain.destroy()
  }

  #agent(outgoing: Outgoing): Pool {
    const { credentials, ca, minVersion, maxVersion, fresh } = outgoing
    const key = `${numberOf(credentials)} ${numberOf(ca)} ${minVersion} ${maxVersion}`
    const known = fresh ? undefined : this.#agents.get(key)
    if (known) return known
    const agent = new Pool(this.#context(key, outgoing), !fresh)
    if (!fresh) this.#agents.set(key, agent)
    return agent
  }

  /** Certificate, key and roots are read once, and not for each connection. Throws as Node does when they cannot be. */
  #context(key: string, { credentials, ca, minVersion, maxVersion }: Outgoing): SecureContext {
    const known = this.#contexts.get(key)
    if (known) return known
    const context = createSecureContext({
      ...(credentials ? { cert: credentials.cert, key: credentials.key } : {}),
      ...(ca ? { ca: [...ca] } : {}),
      ...(minVersion ? { minVersion } : {}),
      ...(maxVersion ? { maxVersion } : {}),
      ciphers: ciphersFor(maxVersion),
    })
    this.#contexts.set(key, context)
    return context
  }
}

/** A request that was never sent. */
const unsent = ({ method, url, headers, body = '' }: Outgoing, failure: Failure): Heard => ({
  request: { method, url, headers, body },
  failure,
  timings: { connect: 0, firstByte: 0, total: 0 },
})

/** What is said in its order, with what a message needs besides. */
function headersOf(outgoing: Outgoing, host: string, length: number): HeaderList {
  const said = (name: string): boolean => header(outgoing, name) !== undefined
  const list: (readonly [string, string])[] = said('host') ? [] : [['Host', host]]
  for (const one of outgoing.headers) list.push(one)
  if (outgoing.body !== undefined && !said('content-length')) list.push(['Content-Length', String(length)])
  if (!said('connection')) list.push(['Connection', outgoing.fresh ? 'close' : 'keep-alive'])
  return list
}

const patient = new WeakSet<Socket>()

/** A connection on which nothing was heard for so long is given up; told once, and not for each request anew. */
function bePatient(socket: Socket, milliseconds: number): void {
  if (socket.timeout !== milliseconds) socket.setTimeout(milliseconds)
  if (patient.has(socket)) return
  patient.add(socket)
  socket.on('timeout', () => socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })))
}
