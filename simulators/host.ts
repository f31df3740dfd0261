/**
 * The host: the one place that knows sockets, TLS and Express. It turns what comes in into a Fetch Request, asks the
 * tenant's table, and writes the Response out: streams stay streams, and nobody's throw reaches the wire.
 */
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import express from 'express'
import { HarnessError } from '../harness/errors.ts'
import type { CertificateFacts, HeaderList, SentRequest, SentResponse, TlsFacts } from '../harness/transcript.ts'
import { certificateFacts, peerChain } from '../harness/wire.ts'
import { answer, outcome, type Simulation } from './simulator.ts'

export interface HostTls {
  /** PEM chain, leaf first; several for an EC and an RSA identity side by side. */
  readonly cert: string | readonly string[]
  readonly key: string | readonly string[]
  /** Ask for a client certificate and end the handshake with whoever shows none that chains to `ca`. */
  readonly requestCert?: boolean
  /** With `requestCert`: let strangers through the handshake, so that a guard can refuse them over HTTP. */
  readonly admitStrangers?: boolean
  readonly ca?: readonly string[]
  /** TLS 1.2 to 1.3 unless told. What is older is for a host that shall be wrong. */
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** PEM; where one is given OpenSSL wants one of every authority in a client's chain. */
  readonly crl?: readonly string[]
}

export interface HostOptions {
  /** Absent: plain HTTP, for revocation lists and the like. */
  readonly tls?: HostTls
  /** 0 (the default): any free one. */
  readonly port?: number
  readonly address?: string
  /** Host name in our own URLs; the address unless told. */
  readonly name?: string
  /** How names of headers are written: in small letters, as Fetch has them, unless told. */
  readonly headerCase?: 'title' | 'upper'
  /** Bytes of a request body; 8 MiB unless told. */
  readonly limit?: number
  readonly onUnexpected?: (unexpected: Unexpected) => void
  /** Called once for each answered request; bodies are kept only when somebody listens. */
  readonly onExchange?: (seen: SeenExchange) => void
}

/** A request that no row answers, a tenant that is not there, a handshake that we ended. */
export interface Unexpected {
  readonly reason: 'no-route' | 'no-tenant' | 'handshake' | 'handler-threw'
  readonly tenant?: string
  readonly method?: string
  readonly url?: string
  readonly detail?: string
}

/** One exchange as our edge saw it. A streamed body is kept up to `recordedBytes`. */
export interface SeenExchange {
  readonly tenant: string
  readonly request: SentRequest
  readonly response: SentResponse
  readonly tls?: TlsFacts
  readonly milliseconds: number
  /** The response is longer than what was kept. */
  readonly truncated: boolean
}

export interface Host {
  /** `https://127.0.0.1:49152` */
  readonly origin: string
  readonly port: number
  /** The tenant's absolute base from now on; the same name opened twice replaces the first. */
  open(tenant: string, simulation: Simulation): string
  close(tenant: string): void
  /** New revocation lists, roots or certificate for the handshakes to come; idle connections are closed, so that they are all to come. */
  renew(tls: Partial<HostTls>): void
  stop(): Promise<void>
}

const recordedBytes = 256 * 1024
/** Small chunks of a stream are put together up to this size: one write, one TLS record of the largest kind. */
const writeSize = 64 * 1024

/** Opens a port. Rejects with `port-taken` when somebody else has it. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const tenants = new Map<string, Simulation>()
  const address = options.address ?? '127.0.0.1'
  const limit = options.limit ?? 8 * 2 ** 20
  let origin = ''

  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use((incoming: IncomingMessage, outgoing: ServerResponse, next: (error: unknown) => void) => {
    serve(incoming, outgoing, { tenants, origin, limit, options }).catch(next)
  })
  // The last resort, four parameters by Express's rule: what we could not even translate.
  app.use((_error: unknown, _incoming: IncomingMessage, outgoing: ServerResponse, _next: unknown) => {
    if (outgoing.headersSent) outgoing.destroy()
    else
      outgoing.writeHead(500, { 'content-type': 'application/fhir+json' }).end(
        JSON.stringify({
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'error', code: 'exception', diagnostics: 'the answer broke off' }],
        }),
      )
  })

  let tls = options.tls
  const server: Server & { setSecureContext?: (context: object) => void } = tls
    ? createHttps(
        { ...secureContext(tls), requestCert: tls.requestCert ?? false, rejectUnauthorized: !tls.admitStrangers },
        app,
      )
    : createHttp(app)
  // Longer than any pause of a scenario: a connection that we close just as a client speaks looks like a refusal.
  server.keepAliveTimeout = 120_000
  server.on('tlsClientError', (error) => options.onUnexpected?.({ reason: 'handshake', detail: error.message }))

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
          ? new HarnessError('port-taken', `port ${options.port} of ${address} is taken or not ours to open`, {
              remedy: 'stop the program that uses it, or choose another port (0 takes any free one)',
              cause,
            })
          : cause,
      ),
    )
    server.listen({ port: options.port ?? 0, host: address }, resolve)
  })
  const { port } = server.address() as AddressInfo
  const name = options.name ?? address
  origin = `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`

  return {
    origin,
    port,
    open(tenant, simulation) {
      if (!/^[\w-]+$/.test(tenant))
        throw new HarnessError('bad-input', `"${tenant}" is no name for a tenant (letters, digits, - and _)`)
      tenants.set(tenant, simulation)
      return `${origin}/${tenant}`
    },
    close: (tenant) => void tenants.delete(tenant),
    renew(changed) {
      if (!tls) throw new HarnessError('internal', 'a host without TLS has nothing to renew')
      tls = { ...tls, ...changed }
      server.setSecureContext?.(secureContext(tls))
      server.closeIdleConnections()
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const secureContext = ({ cert, key, ca, crl, minVersion, maxVersion }: HostTls): object => ({
  cert: typeof cert === 'string' ? cert : [...cert],
  key: typeof key === 'string' ? key : [...key],
  ...(ca ? { ca: [...ca] } : {}),
  ...(crl?.length ? { crl: [...crl] } : {}),
  minVersion: minVersion ?? 'TLSv1.2',
  maxVersion: maxVersion ?? 'TLSv1.3',
  // OpenSSL's default security level has no cipher for what is older.
  ...(minVersion === 'TLSv1' || minVersion === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
})

const cases = {
  title: (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
  upper: (name: string): string => name.toUpperCase(),
} as const

interface Edge {
  readonly tenants: ReadonlyMap<string, Simulation>
  readonly origin: string
  readonly limit: number
  readonly options: HostOptions
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, edge: Edge): Promise<void> {
  const started = performance.now()
  const method = incoming.method ?? 'GET'
  const target = incoming.url ?? '/'
  const told = (reason: Unexpected['reason'], more: Partial<Unexpected> = {}): void =>
    edge.options.onUnexpected?.({ reason, method, url: target, ...more })
  const url = target.startsWith('/') ? URL.parse(edge.origin + target) : null
  const place = url && placeOf(url.pathname)
  const simulation = place && edge.tenants.get(place.tenant)
  const body = await bodyOf(incoming, edge.limit)

  let response: Response
  if (!url) response = outcome(400, 'invalid', 'the request target is not a path')
  else if (body === 'too-large')
    response = outcome(413, 'too-long', `a body may have ${edge.limit} bytes`, { connection: 'close' })
  else if (!simulation) {
    told('no-tenant')
    response = outcome(404, 'not-found', 'there is nobody here')
  } else {
    const { tenant, path } = place
    try {
      // A HEAD is a GET whose body stays at home.
      const request = new Request(url, {
        method: method === 'HEAD' ? 'GET' : method,
        headers: headersOf(incoming),
        ...(body ? { body: body as Uint8Array<ArrayBuffer> } : {}),
      })
      response = await answer(simulation.routes, request, path, { url, ...shown(incoming.socket as TLSSocket) })
      if (
        (response.status === 404 || response.status === 405) &&
        !simulation.routes.some((r) => r.method === method && r.path.test(path))
      )
        told('no-route', { tenant })
    } catch (error) {
      // A path that cannot be decoded and a method that Fetch forbids (TRACE, CONNECT) are the caller's doing.
      const theirs =
        error instanceof URIError || (error instanceof TypeError && /method|Request/.test(error.message) && !body)
      if (!theirs)
        told('handler-threw', {
          tenant,
          detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
        })
      response = theirs
        ? outcome(400, 'invalid', 'the request cannot be understood')
        : outcome(500, 'exception', 'the server failed to answer; the reason is in its log')
    }
  }
  const { headerCase, onExchange } = edge.options
  const named = headerCase ? cases[headerCase] : undefined
  const kept = await write(response, outgoing, method === 'HEAD', onExchange ? recordedBytes : 0, named)
  edge.options.onExchange?.({
    tenant: place?.tenant ?? '',
    request: {
      method,
      url: url?.href ?? target,
      headers: pairs(incoming.rawHeaders),
      body: Buffer.isBuffer(body) ? body.toString('utf8') : '',
    },
    response: {
      status: response.status,
      statusText: outgoing.statusMessage ?? '',
      headers: sentHeaders(outgoing),
      body: kept.text,
    },
    ...tlsOf(incoming.socket as TLSSocket),
    milliseconds: performance.now() - started,
    truncated: kept.truncated,
  })
}

/**
 * Whose it is, and the path in their table. A well-known document of a whole host is asked for at the root with the
 * owner's path behind it (RFC 8414 §3.1), so `/.well-known/x/tenant/y` is `/.well-known/x/y` of that tenant.
 */
function placeOf(pathname: string): { tenant: string; path: string } | undefined {
  const inserted = /^(\/\.well-known\/[^/]+)\/([\w-]+)(\/.*)?$/.exec(pathname)
  if (inserted) return { tenant: inserted[2] as string, path: `${inserted[1]}${inserted[3] ?? ''}` }
  const found = /^\/([\w-]+)(\/.*)?$/.exec(pathname)
  return found ? { tenant: found[1] as string, path: found[2] ?? '/' } : undefined
}

/** The whole body, before anybody is asked: a handler reads it once or clones it, from memory. */
async function bodyOf(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined | 'too-large'> {
  if (incoming.headers['content-length'] === undefined && incoming.headers['transfer-encoding'] === undefined)
    return undefined
  if (Number(incoming.headers['content-length'] ?? 0) > limit) return 'too-large'
  const chunks: Buffer[] = []
  let size = 0
  // Listeners, because an iterator over a stream costs as much as the rest of a small request.
  const whole = await new Promise<boolean>((resolve, reject) => {
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) resolve(false)
      else chunks.push(chunk)
    })
    incoming.on('end', () => resolve(true))
    incoming.on('error', reject)
  })
  if (!whole) return 'too-large'
  // Fetch forbids a body on GET: what a client sends there is dropped, as most servers do.
  if (size === 0 || incoming.method === 'GET' || incoming.method === 'HEAD') return undefined
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
}

const headersOf = (incoming: IncomingMessage): Headers => {
  const headers = new Headers()
  const raw = incoming.rawHeaders
  for (let i = 0; i + 1 < raw.length; i += 2) headers.append(raw[i] as string, raw[i + 1] as string)
  return headers
}

const pairs = (raw: readonly string[]): HeaderList => {
  const list: [string, string][] = []
  for (let i = 0; i + 1 < raw.length; i += 2) list.push([raw[i] as string, raw[i + 1] as string])
  return list
}

const sentHeaders = (outgoing: ServerResponse): HeaderList =>
  Object.entries(outgoing.getHeaders()).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)] as [string, string]),
  )

interface Shown {
  readonly certificate?: CertificateFacts
  readonly protocol?: string
}
const shownBy = new WeakMap<object, Shown>()

/** What the connection showed; read once for each connection, since the chain costs more than the rest of a request. */
function shown(socket: TLSSocket): Shown {
  const known = shownBy.get(socket)
  if (known) return known
  const protocol = socket.getProtocol?.() ?? undefined
  const chain = protocol ? peerChain(socket.getPeerCertificate(true) as DetailedPeerCertificate) : []
  const facts: Shown = {
    ...(protocol ? { protocol } : {}),
    ...(chain.length ? { certificate: certificateFacts(chain) } : {}),
  }
  shownBy.set(socket, facts)
  return facts
}

function tlsOf(socket: TLSSocket): { tls?: TlsFacts } {
  const { protocol, certificate } = shown(socket)
  if (!protocol) return {}
  return {
    tls: {
      protocol,
      cipher: socket.destroyed ? '' : socket.getCipher().name,
      ...(certificate ? { client: certificate } : {}),
    },
  }
}

/**
 * Writes the answer. What is there at once goes out with its length; what keeps coming goes out as it comes, no faster
 * than the client reads, and is cancelled when the client leaves.
 */
async function write(
  response: Response,
  outgoing: ServerResponse,
  bodiless: boolean,
  keep: number,
  named: (name: string) => string = (name) => name,
): Promise<{ text: string; truncated: boolean }> {
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) outgoing.appendHeader(named(name), value)
  const kept = new Kept(keep)
  if (!response.body || bodiless) {
    await response.body?.cancel()
    if (!bodiless && !outgoing.hasHeader('content-length') && response.status !== 204 && response.status !== 304)
      outgoing.setHeader('content-length', '0')
    outgoing.end()
    return kept
  }
  const reader = response.body.getReader()
  let gone = outgoing.destroyed
  let wake: (() => void) | undefined
  outgoing.on('close', () => {
    gone = true
    wake?.()
    // Also ends a read that is still pending: the source learns that nobody listens.
    if (!outgoing.writableFinished) reader.cancel('the client left').catch(() => undefined)
  })
  try {
    let pending: Uint8Array[] = []
    let size = 0
    const flush = async (): Promise<void> => {
      if (size === 0 || gone) return
      const piece = pending.length === 1 ? (pending[0] as Uint8Array) : Buffer.concat(pending, size)
      pending = []
      size = 0
      if (!outgoing.write(piece) && !gone) {
        await new Promise<void>((resolve) => {
          wake = resolve
          outgoing.once('drain', resolve)
        })
      }
    }
    while (!gone) {
      const reading = reader.read()
      // What was gathered waits only as long as the source has more at hand.
      const next = size > 0 ? await atHand(reading) : await reading
      if (next === undefined) {
        await flush()
        const late = await reading
        if (late.done) break
        pending.push(late.value)
        size += late.value.byteLength
        kept.add(late.value)
      } else if (next.done) {
        break
      } else {
        pending.push(next.value)
        size += next.value.byteLength
        kept.add(next.value)
        if (size >= writeSize) await flush()
      }
    }
    if (gone) return kept
    if (!outgoing.headersSent && !outgoing.hasHeader('content-length'))
      outgoing.setHeader('content-length', String(size))
    outgoing.end(pending.length === 1 ? pending[0] : Buffer.concat(pending, size))
  } catch (error) {
    // The source broke: half a body must not look whole.
    if (outgoing.headersSent) outgoing.destroy()
    else throw error
  }
  return kept
}

/** The result if it comes without waiting for the outer world (two turns of the microtasks and one of the loop), else undefined. */
async function atHand<T>(promise: Promise<T>): Promise<T | undefined> {
  let result: T | undefined
  let settled = false
  const watched = promise.then((value) => {
    settled = true
    result = value
  })
  // A rejection is met by whoever awaits the promise itself.
  watched.catch(() => undefined)
  for (let turn = 0; turn < 4 && !settled; turn++) await Promise.resolve()
  if (!settled) await new Promise((resolve) => setImmediate(resolve))
  return result
}

/** The beginning of a body, for the record. */
class Kept {
  readonly #most: number
  readonly #chunks: Uint8Array[] = []
  #size = 0
  truncated = false
  constructor(most: number) {
    this.#most = most
  }
  add(chunk: Uint8Array): void {
    if (this.#most === 0) return
    if (this.#size + chunk.byteLength > this.#most) {
      this.truncated = true
      return
    }
    this.#chunks.push(chunk)
    this.#size += chunk.byteLength
  }
  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8')
  }
}
