/**
 * A simulator: state and a table of routes, read as "who may ask, what answers". A guard only refuses, a handler only
 * answers; both take what Fetch calls a Request and can be tried without a port. host.ts alone knows sockets.
 */
import { once } from '../harness/once.ts'
import type { CertificateFacts } from '../harness/transcript.ts'
import type { Asked } from './asked.ts'
import { Said } from './said.ts'
import type { Grant } from './state/grant.ts'
import { jsonOf } from './state/json-of.ts'

/** What is known of one call beyond the request itself. */
export interface Visit {
  readonly params: Readonly<Record<string, string>>
  readonly url: URL
  /** What the caller's TLS connection showed; absent on an ordinary TLS connection or in a test without a port. */
  readonly certificate?: CertificateFacts | undefined
  readonly protocol?: string | undefined
  /** Set by the bearer guard. */
  grant?: Grant
}

export type Handler = (request: Asked, visit: Visit) => Response | Promise<Response>
/** A guard may refuse; if it returns nothing the next one is asked. It may note in the visit what it learned. */
export type Guard = (request: Asked, visit: Visit) => Response | undefined | Promise<Response | undefined>

/** What a row adds to the CapabilityStatement. */
export interface Claim {
  readonly type?: string
  readonly interaction?: 'read' | 'vread' | 'history-instance' | 'search-type'
  readonly operation?: { readonly name: string; readonly definition: string }
}

export interface Route {
  /** `POST /Patient/$member-match`: how a fault names it. */
  readonly name: string
  readonly method: string
  readonly path: RegExp
  /** Segments of the path: what has more or fewer need not be tried. Absent: not known. */
  readonly depth?: number
  readonly guards: readonly Guard[]
  readonly handler: Handler
  readonly claims: readonly Claim[]
}

// Every tenant has the same rows, and a pattern is compiled when it is first asked.
const patterns = new Map<string, { readonly pattern: RegExp; readonly depth: number }>()
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.$*+?()[\]{}|^]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
const depthOf = (path: string): number => path.split('/').length

/** One row. In the path `:name` takes a segment; everything else, `$` too, is literal. */
export const route = (
  method: string,
  path: string,
  guards: readonly Guard[],
  handler: Handler,
  ...claims: Claim[]
): Route => {
  const { pattern, depth } = once(patterns, path, () => ({ pattern: patternOf(path), depth: depthOf(path) }))
  return { name: `${method} ${path}`, method, path: pattern, depth, guards, handler, claims }
}

/** An actor's private world: what it knows, and what it answers. */
export interface Simulation<State = unknown> {
  readonly state: State
  readonly routes: readonly Route[]
  /** What to tell whoever asks for something that is not here. */
  readonly elsewhere?: string
}

/** An OperationOutcome with one issue. The text never carries an identifier of a member. */
export const outcome = (status: number, code: string, text: string, headers: Record<string, string> = {}): Response =>
  new Said(
    JSON.stringify({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code, details: { text }, diagnostics: text }],
    }),
    {
      status,
      headers: { 'content-type': 'application/fhir+json; charset=utf-8', ...headers },
    },
  )

/** A FHIR resource as an answer. */
export const fhir = (resource: object, status = 200, headers: Record<string, string> = {}): Response =>
  new Said(jsonOf(resource), {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8', ...headers },
  })

/** JSON that is no resource, as an answer. */
export const json = (
  body: unknown,
  {
    status = 200,
    headers = {},
  }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response => new Said(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

/** First route that matches, its guards in order, then its handler. `path` is relative to the tenant's base. */
export async function answer(
  routes: readonly Route[],
  request: Asked,
  path: string,
  visit: Omit<Visit, 'params'>,
  elsewhere?: string,
): Promise<Response> {
  const depth = depthOf(path)
  for (const route of routes) {
    if (route.method !== request.method || (route.depth ?? depth) !== depth) continue
    const found = route.path.exec(path)
    if (!found) continue
    const params: Record<string, string> = {}
    for (const name in found.groups) params[name] = decodeURIComponent(found.groups[name] as string)
    const known: Visit = { params, url: visit.url, certificate: visit.certificate, protocol: visit.protocol }
    for (const guard of route.guards) {
      const told = guard(request, known)
      const refusal = told instanceof Promise ? await told : told
      if (refusal) return refusal
    }
    return route.handler(request, known)
  }
  const offered = new Set(routes.filter((other) => other.path.test(path)).map(({ method }) => method))
  if (offered.size === 0)
    return outcome(404, 'not-found', `there is nothing at ${path}${elsewhere ? `: ${elsewhere}` : ''}`)
  // A HEAD is a GET whose body stays at home. RFC 9110 §15.5.6 wants the list beside every 405.
  const allow = [...offered].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  return outcome(405, 'not-supported', `${request.method} is not offered here, only ${allow}`, { allow })
}
