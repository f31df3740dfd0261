/** One request at a host: read whole, answered by the table of the tenant whom its path names, written and told of. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { pairsOf } from '../harness/header-lines.ts'
import { certificateFacts, peerChain } from '../harness/tls-facts.ts'
import type { CertificateFacts, SentRequest, SentResponse, TlsFacts } from '../harness/transcript.ts'
import { CameWith, Incoming } from './asked.ts'
import { answer, outcome, type Simulation } from './simulator.ts'
import { writeAnswer } from './write-answer.ts'

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

const recordedBytes = 256 * 1024
/** Methods that Fetch knows no request of. */
const forbidden = new Set(['CONNECT', 'TRACE', 'TRACK'])

const cases = {
  title: (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
  upper: (name: string): string => name.toUpperCase(),
} as const

/** What a host knows when a request comes. */
export interface Edge {
  readonly tenants: ReadonlyMap<string, Simulation>
  /** Known once the port is open. */
  origin: string
  /** Bytes of a request body. */
  readonly limit: number
  readonly headerCase?: keyof typeof cases | undefined
  readonly onUnexpected?: ((unexpected: Unexpected) => void) | undefined
  readonly onExchange?: ((seen: SeenExchange) => void) | undefined
}

/** Answers one request; rejects where not even a refusal could be written. */
export async function serve(incoming: IncomingMessage, outgoing: ServerResponse, edge: Edge): Promise<void> {
  const started = performance.now()
  const method = incoming.method ?? 'GET'
  const target = incoming.url ?? '/'
  const told = (reason: Unexpected['reason'], more: Partial<Unexpected> = {}): void =>
    edge.onUnexpected?.({ reason, method, url: target, ...more })
  const url = target.startsWith('/') ? URL.parse(edge.origin + plainly(target)) : null
  const place = url && placeOf(url.pathname)
  const simulation = place && edge.tenants.get(place.tenant)
  const said = pairsOf(incoming.rawHeaders)
  const body = hasBody(incoming) ? await bodyOf(incoming, edge.limit) : undefined

  let response: Response
  if (!url) response = outcome(400, 'invalid', 'the request target is not a path')
  else if (body === 'too-large')
    response = outcome(413, 'too-long', `a body may have ${edge.limit} bytes`, { connection: 'close' })
  else if (!simulation) {
    told('no-tenant')
    response = outcome(404, 'not-found', 'there is nobody here')
  } else if (forbidden.has(method)) {
    response = outcome(400, 'invalid', 'the request cannot be understood')
  } else {
    const { tenant, path } = place
    try {
      // A HEAD is a GET whose body stays at home.
      const request = new Incoming({
        method: method === 'HEAD' ? 'GET' : method,
        url: url.href,
        headers: new CameWith(said),
        body,
      })
      const { certificate, protocol } = shown(incoming.socket as TLSSocket)
      response = await answer(simulation.routes, request, path, { url, certificate, protocol }, simulation.elsewhere)
      if (
        (response.status === 404 || response.status === 405) &&
        !simulation.routes.some((r) => r.method === method && r.path.test(path))
      )
        told('no-route', { tenant })
    } catch (error) {
      // A path that cannot be decoded is the caller's doing.
      const theirs = error instanceof URIError
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
  const { headerCase, onExchange } = edge
  const { headers, kept } = await writeAnswer(response, outgoing, {
    bodiless: method === 'HEAD',
    keep: onExchange ? recordedBytes : 0,
    named: headerCase && cases[headerCase],
  })
  onExchange?.({
    tenant: place?.tenant ?? '',
    request: {
      method,
      url: (url && URL.parse(edge.origin + target)?.href) ?? target,
      headers: said,
      body: Buffer.isBuffer(body) ? body.toString('utf8') : '',
    },
    response: {
      status: response.status,
      statusText: outgoing.statusMessage ?? '',
      headers,
      body: kept.text,
    },
    ...tlsOf(incoming.socket as TLSSocket),
    milliseconds: performance.now() - started,
    truncated: kept.truncated,
  })
}

/** A character that needs no escape is the same with one (RFC 3986 §6.2.2.2), and so is the `$` of an operation to every client library. */
const plainly = (target: string): string =>
  target.includes('%')
    ? target.replace(/^[^?]*/, (path) =>
        path.replace(/%(?:2[4DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/gi, (escaped) => decodeURIComponent(escaped)),
      )
    : target

/**
 * Whose it is, and the path in their table. A well-known document of a whole host is asked for at the root with the
 * owner's path behind it (RFC 8414 §3.1), so `/.well-known/x/tenant/y` is `/.well-known/x/y` of that tenant.
 */
function placeOf(pathname: string): { tenant: string; path: string } | undefined {
  const inserted = pathname.startsWith('/.well-known/') && /^(\/\.well-known\/[^/]+)\/([\w-]+)(\/.*)?$/.exec(pathname)
  if (inserted) return { tenant: inserted[2] as string, path: `${inserted[1]}${inserted[3] ?? ''}` }
  const found = /^\/([\w-]+)(\/.*)?$/.exec(pathname)
  return found ? { tenant: found[1] as string, path: found[2] ?? '/' } : undefined
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/** The whole body, before anybody is asked: a handler reads it once or clones it, from memory. */
async function bodyOf(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined | 'too-large'> {
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
