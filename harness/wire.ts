/**
 * The wire: one HTTPS (or HTTP) request with a chosen client certificate, recorded as it was sent, with what TLS showed.
 * The only room corner that opens a connection. Trouble of the connection becomes a Failure, never a throw.
 */

import { createHash, X509Certificate } from 'node:crypto'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { createSecureContext, type DetailedPeerCertificate, type SecureContext, type TLSSocket } from 'node:tls'
import { textOf } from './body-text.ts'
import { ciphersFor } from './ciphers.ts'
import { Distrust, failureOf } from './failure.ts'
import { pairsOf, rawOf } from './header-lines.ts'
import { once } from './once.ts'
import { Pool, presentedBy } from './pool.ts'
import {
  type CertificateFacts,
  type Failure,
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
  /** Milliseconds until we give up; 30,000 unless told. */
  readonly timeout?: number
  /** Bytes of body that we keep; above it the exchange fails as `too-large`. 64 MiB unless told. */
  readonly limit?: number
}

export interface Heard {
  readonly request: SentRequest
  readonly response?: SentResponse
  readonly failure?: Failure
  readonly tls?: TlsFacts
  readonly timings: { readonly connect: number; readonly firstByte: number; readonly total: number }
}

/** SHA-256 of the DER, base64url without padding (RFC 8705 x5t#S256). */
export const thumbprint = (der: Uint8Array): string => createHash('sha256').update(der).digest('base64url')

const seenCertificates = new Map<string, CertificateFacts>()

/** What a certificate (DER, leaf first with its issuers) shows. */
export function certificateFacts(chain: readonly Uint8Array[]): CertificateFacts {
  const [leaf, ...issuers] = chain
  if (!leaf) throw new RangeError('a chain has at least a leaf')
  // The same leaf may come with other issuers: what was shown is evidence.
  return once(seenCertificates, chain.map(thumbprint).join(' '), () => factsOf(leaf, issuers), 2000)
}

function factsOf(leaf: Uint8Array, issuers: readonly Uint8Array[]): CertificateFacts {
  const certificate = new X509Certificate(leaf)
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    thumbprint: thumbprint(leaf),
    serial: certificate.serialNumber,
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
    subjectAltName: certificate.subjectAltName ?? '',
    chain: [leaf, ...issuers].map((der) => Buffer.from(der).toString('base64')),
  }
}

/** The chain that the peer showed, leaf first. */
export function peerChain(peer: DetailedPeerCertificate | undefined): Uint8Array[] {
  const chain: Uint8Array[] = []
  for (let at = peer; at?.raw && chain.length < 8; at = at.issuerCertificate) {
    chain.push(at.raw)
    if (!at.issuerCertificate || at.issuerCertificate === at) break
  }
  return chain
}

const pemChain = (pem: string): Uint8Array[] =>
  [...pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)].map((m) =>
    Buffer.from(m[1] as string, 'base64'),
  )

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

  send(outgoing: Outgoing): Promise<Heard> {
    return new Promise((resolve) => this.#ask(outgoing, resolve))
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
      agent: secure ? this.#agent(outgoing) : outgoing.fresh ? new HttpAgent() : this.#plain,
      setHost: false,
    }
    // Of HTTPS, too, whose own one would copy the options once more: the agent makes the difference.
    const outgoingRequest = httpRequest(options)
    // Only the first to settle is heard.
    const settle = (response: SentResponse | undefined, failure?: Failure): void => {
      const heard: { -readonly [K in keyof Heard]?: Heard[K] } = { request }
      if (response) heard.response = response
      if (failure) heard.failure = failure
      if (tls) heard.tls = tls
      heard.timings = { connect, firstByte, total: performance.now() - started }
      resolve(heard as Heard)
    }
    outgoingRequest.on('socket', (socket) => {
      bePatient(socket, timeout)
      const ready = (): void => {
        connect = performance.now() - started
        if (!secure) return
        tls = tlsFacts(socket as TLSSocket, outgoing)
        const reason = tls?.server && outgoing.distrust?.(tls.server)
        if (reason) outgoingRequest.destroy(new Distrust(reason))
      }
      if (shownBy.has(socket) || (!secure && !socket.connecting)) ready()
      else socket.once(secure ? 'secureConnect' : 'connect', ready)
    })
    outgoingRequest.on('error', (error) => settle(undefined, failureOf(error, connect > 0, firstByte > 0)))
    outgoingRequest.on('response', (message: IncomingMessage) => {
      firstByte = performance.now() - started
      const head = {
        status: message.statusCode ?? 0,
        statusText: message.statusMessage ?? '',
        headers: pairsOf(message.rawHeaders),
      }
      // Who closes it within a second might do so just as we ask again.
      if (/^timeout=[01]\b/.test(header(head, 'keep-alive') ?? '')) outgoingRequest.shouldKeepAlive = false
      const chunks: Buffer[] = []
      let size = 0
      message.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= limit) {
          chunks.push(chunk)
          return
        }
        outgoingRequest.destroy()
        const why = `the body is larger than ${limit} bytes`
        settle(undefined, { kind: 'too-large', code: 'too-large', message: why })
      })
      message.on('error', (error) => settle(undefined, failureOf(error, true, true)))
      message.on('end', () => {
        const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)
        settle({ ...head, body: textOf(whole, headerList(head, 'content-encoding'), limit) })
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

/** What is said in its order, with what a message needs besides. */
function headersOf(outgoing: Outgoing, host: string, length: number): HeaderList {
  const said = (name: string): boolean => header(outgoing, name) !== undefined
  const list: (readonly [string, string])[] = said('host') ? [] : [['Host', host]]
  for (const one of outgoing.headers) list.push(one)
  if (outgoing.body !== undefined && !said('content-length')) list.push(['Content-Length', String(length)])
  if (!said('connection')) list.push(['Connection', outgoing.fresh ? 'close' : 'keep-alive'])
  return list
}

const shownBy = new WeakMap<Socket, TlsFacts>()

/** What a connection shows; read once for each, since it is the same for every request on it. */
function tlsFacts(socket: TLSSocket, outgoing: Outgoing): TlsFacts | undefined {
  const known = shownBy.get(socket)
  if (known) return known
  const facts = readTlsFacts(socket, outgoing)
  if (facts) shownBy.set(socket, facts)
  return facts
}

function readTlsFacts(socket: TLSSocket, outgoing: Outgoing): TlsFacts | undefined {
  const protocol = socket.getProtocol?.()
  if (!protocol) return undefined
  const server = peerChain(presentedBy(socket))
  const client = outgoing.credentials ? pemChain(outgoing.credentials.cert) : []
  return {
    protocol,
    cipher: socket.getCipher().name,
    ...(server.length ? { server: certificateFacts(server) } : {}),
    ...(client.length ? { client: certificateFacts(client) } : {}),
  }
}

const patient = new WeakSet<Socket>()

/** A connection on which nothing was heard for so long is given up; told once, and not for each request anew. */
function bePatient(socket: Socket, milliseconds: number): void {
  if (socket.timeout !== milliseconds) socket.setTimeout(milliseconds)
  if (patient.has(socket)) return
  patient.add(socket)
  socket.on('timeout', () => socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })))
}
