/**
 * The host: the one place that knows sockets, TLS and Express. It turns what comes in into a Fetch Request, asks the
 * tenant's table, and writes the Response out: streams stay streams, and nobody's throw reaches the wire.
 */
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { ciphersFor } from '../harness/ciphers.ts'
import { HarnessError } from '../harness/errors.ts'
import { handshakeTrouble } from './handshake-trouble.ts'
import { type Edge, type SeenExchange, serve, type Unexpected } from './serve.ts'
import type { Simulation } from './simulator.ts'

export type { SeenExchange, Unexpected } from './serve.ts'

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

/** Opens a port. Rejects with `port-taken` when somebody else has it. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const tenants = new Map<string, Simulation>()
  const address = options.address ?? '127.0.0.1'
  const limit = options.limit ?? 8 * 2 ** 20
  const { headerCase, onUnexpected, onExchange } = options
  const edge: Edge = { tenants, origin: '', limit, headerCase, onUnexpected, onExchange }

  // A router and no application: nothing of what an application adds to each request is wanted here.
  const router = express.Router()
  router.use((incoming: IncomingMessage, outgoing: ServerResponse, next: (error: unknown) => void) => {
    serve(incoming, outgoing, edge).catch(next)
  })
  // The last resort, four parameters by Express's rule: what we could not even translate.
  router.use((_error: unknown, _incoming: IncomingMessage, outgoing: ServerResponse, _next: unknown) => {
    if (outgoing.headersSent) outgoing.destroy()
    else
      outgoing.writeHead(500, { 'content-type': 'application/fhir+json' }).end(
        JSON.stringify({
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'error', code: 'exception', diagnostics: 'the answer broke off' }],
        }),
      )
  })

  // Express knows its own kinds of request and answer; a router gets along with Node's.
  const routed = router as unknown as (incoming: IncomingMessage, outgoing: ServerResponse, done: () => void) => void
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
    routed(incoming, outgoing, () => outgoing.destroy())

  let tls = options.tls
  const server: Server & { setSecureContext?: (context: object) => void } = tls
    ? createHttps(
        { ...secureContext(tls), requestCert: tls.requestCert ?? false, rejectUnauthorized: !tls.admitStrangers },
        listener,
      )
    : createHttp(listener)
  // Longer than any pause of a scenario: a connection that we close just as a client speaks looks like a refusal. One timer for
  // the life of a connection, where Node would set one anew after every answer.
  server.keepAliveTimeout = 0
  server.timeout = 120_000
  server.on('tlsClientError', (error, socket) =>
    options.onUnexpected?.({ reason: 'handshake', detail: handshakeTrouble(error, socket) }),
  )

  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
          ? new HarnessError('port-taken', `port ${options.port} of ${address} is taken or not ours to open`, {
              remedy: 'stop the program that uses it, or choose another port (0 takes any free one)',
              cause,
            })
          : cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND' || cause.code === 'EINVAL'
            ? new HarnessError('bad-input', `${address} is no address of this machine (${cause.code})`, {
                remedy: '127.0.0.1 is for programs on this machine; for others take the address by which they reach it',
                cause,
              })
            : cause,
      ),
    )
    server.listen({ port: options.port ?? 0, host: address }, resolve)
  })
  const { port } = server.address() as AddressInfo
  const name = options.name ?? address
  const origin = `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`
  edge.origin = origin

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
  ciphers: ciphersFor(minVersion),
})
