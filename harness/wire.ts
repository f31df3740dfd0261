/**
 * The wire: one HTTPS (or HTTP) request with a chosen client certificate, recorded as it was sent, with what TLS showed.
 * The only room corner that opens a connection. Trouble of the connection becomes a Failure, never a throw.
 */

import { createHash, X509Certificate } from 'node:crypto'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { createSecureContext, type DetailedPeerCertificate, type SecureContext, type TLSSocket } from 'node:tls'
import { textOf } from './body-text.ts'
import { Distrust, failureOf } from './failure.ts'
import { once } from './once.ts'
import { Pool, presentedBy } from './pool.ts'
import {
  type CertificateFacts,
  type Failure,
  type HeaderList,
  header,
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
  readonly body?: string
  /** Client certificate to present; absent: none. */
  readonly credentials?: Credentials
  /** PEM of the roots that the server's certificate must chain to; absent: the machine's own. */
  readonly ca?: readonly string[]
  /** Asked after the chain and name are found good; a sentence means "hang up", undefined means "go on". */
  readonly distrust?: (server: CertificateFacts) => string | undefined
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /** Do not reuse a connection. */
  readonly fresh?: boolean
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

  async send(outgoing: Outgoing): Promise<Heard> {
    const started = performance.now()
    const url = new URL(outgoing.url)
    const secure = url.protocol === 'https:'
    const said = (name: string): boolean => header(outgoing, name) !== undefined
    const headers: [string, string][] = said('host') ? [] : [['Host', url.host]]
    for (const [name, value] of outgoing.headers) headers.push([name, value])
    const length = outgoing.body === undefined ? 0 : Buffer.byteLength(outgoing.body)
    if (outgoing.body !== undefined && !said('content-length')) headers.push(['Content-Length', String(length)])
    if (!said('connection')) headers.push(['Connection', outgoing.fresh ? 'close' : 'keep-alive'])
    const request: SentRequest = { method: outgoing.method, url: outgoing.url, headers, body: outgoing.body ?? '' }

    let connect = 0
    let firstByte = 0
    let tls: TlsFacts | undefined
    const outcome = await new Promise<{ response?: SentResponse; failure?: Failure }>((resolve) => {
      const limit = outgoing.limit ?? 64 * 2 ** 20
      const agent = secure ? this.#agent(outgoing) : outgoing.fresh ? new HttpAgent() : this.#plain
      // A flat array keeps case, order and repetitions; Node's types know only the object form.
      const options: object = {
        protocol: url.protocol,
        method: outgoing.method,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        headers: flat(headers),
        agent,
        setHost: false,
        timeout: outgoing.timeout ?? 30_000,
      }
      // Of HTTPS, too, whose own one would copy the options once more: the agent makes the difference.
      const outgoingRequest = httpRequest(options)
      const read = (socket: TLSSocket): string | undefined => {
        tls = tlsFacts(socket, outgoing)
        return tls?.server ? outgoing.distrust?.(tls.server) : undefined
      }
      let settled = false
      const settle = (outcome: { response?: SentResponse; failure?: Failure }): void => {
        if (settled) return
        settled = true
        resolve(outcome)
      }
      outgoingRequest.on('socket', (socket) => {
        const ready = (): void => {
          connect = performance.now() - started
          if (!secure) return
          const reason = read(socket as TLSSocket)
          if (reason) outgoingRequest.destroy(new Distrust(reason))
        }
        if (!socket.connecting && !(secure && !(socket as TLSSocket).getProtocol())) ready()
        else socket.once(secure ? 'secureConnect' : 'connect', ready)
      })
      outgoingRequest.on('timeout', () =>
        outgoingRequest.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      )
      outgoingRequest.on('error', (error) =>
        settle({ failure: failureOf(error as NodeJS.ErrnoException, connect > 0, firstByte > 0) }),
      )
      outgoingRequest.on('response', (message: IncomingMessage) => {
        firstByte = performance.now() - started
        const chunks: Buffer[] = []
        let size = 0
        message.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > limit) {
            outgoingRequest.destroy()
            settle({
              failure: { kind: 'too-large', code: 'too-large', message: `the body is larger than ${limit} bytes` },
            })
          } else chunks.push(chunk)
        })
        message.on('error', (error) => settle({ failure: failureOf(error as NodeJS.ErrnoException, true, true) }))
        message.on('end', () =>
          settle({
            response: {
              status: message.statusCode ?? 0,
              statusText: message.statusMessage ?? '',
              headers: pairs(message.rawHeaders),
              body: textOf(
                chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size),
                message.headers['content-encoding'],
                limit,
              ),
            },
          }),
        )
      })
      // A refusing server may close before it has read the body: the error event tells, the write must not throw.
      if (outgoing.body === undefined) outgoingRequest.end()
      else outgoingRequest.end(outgoing.body, length === outgoing.body.length ? 'latin1' : 'utf8')
    })
    const total = performance.now() - started
    return { request, ...outcome, ...(tls ? { tls } : {}), timings: { connect, firstByte, total } }
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
    const key = [numberOf(credentials), numberOf(ca), minVersion, maxVersion].join(' ')
    const known = fresh ? undefined : this.#agents.get(key)
    if (known) return known
    const agent = new Pool({
      keepAlive: !fresh,
      // On a resumed session the client sees no certificate of the server: never resume.
      maxCachedSessions: 0,
      secureContext: this.#context(key, outgoing),
    })
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
      // OpenSSL's default security level refuses TLS 1.0 and 1.1 on our own side: a probe for them must be able to ask.
      ...(maxVersion === 'TLSv1' || maxVersion === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
    })
    this.#contexts.set(key, context)
    return context
  }
}

const flat = (list: HeaderList): string[] => {
  const raw: string[] = []
  for (const [name, value] of list) raw.push(name, value)
  return raw
}

const pairs = (raw: readonly string[]): HeaderList => {
  const list: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) list.push([raw[i] as string, raw[i + 1] as string])
  return list
}

const shownBy = new WeakMap<TLSSocket, TlsFacts>()

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
