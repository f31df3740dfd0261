/** What a request asks for, in the words of FHIR's REST API, read from its method, its URL and its form (FHIR R4 http). */
import { once } from '../../harness/once.ts'
import { type Exchange, json, mediaType } from '../../harness/transcript.ts'
import { resourceTypes } from './types.ts'

export type Interaction =
  | 'capabilities'
  | 'read'
  | 'vread'
  | 'history-instance'
  | 'search-type'
  | 'operation'
  | 'system'
  | 'other'

/** A request, understood. */
export interface Asked {
  /** The whole URL, as a URL is written; as it was sent where it is none. */
  readonly address: string
  /** FHIR base, without a slash at the end; '' where the path shows none. */
  readonly base: string
  readonly interaction: Interaction
  readonly type?: string
  readonly id?: string
  readonly version?: string
  /** With its dollar: `$everything`. */
  readonly operation?: string
  /** The query, a form of `_search`, and the primitive values of a Parameters body. */
  readonly params: URLSearchParams
}

const understood = new WeakMap<Exchange, Asked>()

/** Reads a request. Never throws: what it cannot read is `other`. */
export function asked(exchange: Exchange): Asked {
  const known = understood.get(exchange)
  if (known) return known
  const read = understand(exchange)
  understood.set(exchange, read)
  return read
}

function understand({ request, move }: Exchange): Asked {
  let url: URL
  try {
    url = new URL(request.url)
  } catch {
    return { address: request.url, base: '', interaction: 'other', params: new URLSearchParams() }
  }
  const params = new URLSearchParams(url.search)
  const address = url.href
  // Where an export is asked about and fetched is the server's own affair: such an address may look like anything.
  if (move === 'export-status' || move === 'export-file' || move === 'export-delete')
    return { address, base: '', interaction: 'other', params }
  if (request.method === 'POST') for (const [name, value] of bodyParams(request)) params.append(name, value)
  const segments = url.pathname.split('/').filter(Boolean).map(decode)
  const baseOf = (used: number): string => url.origin + url.pathname.split('/').slice(0, -used).join('/')
  const last = segments.at(-1)
  if (last === 'metadata') return { address, base: baseOf(1), interaction: 'capabilities', params }

  // The type is the last segment that names one with at most four after it; `NoSuchType` counts when nothing else does.
  const named = segments.findLastIndex((segment, i) => resourceTypes.has(segment) && segments.length - i <= 4)
  const at =
    named >= 0 ? named : segments.findLastIndex((s, i) => /^[A-Z][a-z]\w+$/.test(s) && segments.length - i <= 4)
  if (at < 0) {
    if (last?.startsWith('$')) return { address, base: baseOf(1), interaction: 'system', operation: last, params }
    return { address, base: '', interaction: 'other', params }
  }
  const type = segments[at] as string
  const [first, second, third] = segments.slice(at + 1)
  const base = baseOf(segments.length - at)
  if (first === undefined || first === '_search')
    return { address, base, interaction: request.method === 'POST' && !first ? 'other' : 'search-type', type, params }
  if (first.startsWith('$')) return { address, base, interaction: 'operation', type, operation: first, params }
  if (second === undefined) return { address, base, interaction: 'read', type, id: first, params }
  if (second.startsWith('$'))
    return { address, base, interaction: 'operation', type, id: first, operation: second, params }
  if (second === '_history' && third !== undefined)
    return { address, base, interaction: 'vread', type, id: first, version: third, params }
  if (second === '_history') return { address, base, interaction: 'history-instance', type, id: first, params }
  return { address, base, interaction: 'other', type, id: first, params }
}

function* bodyParams(request: Exchange['request']): Generator<[string, string]> {
  const type = mediaType(request)
  if (type === 'application/x-www-form-urlencoded') yield* new URLSearchParams(request.body)
  if (!type.includes('json')) return
  const body = json(request) as { resourceType?: string; parameter?: Record<string, unknown>[] } | undefined
  if (body?.resourceType !== 'Parameters') return
  for (const { name, ...rest } of body.parameter ?? []) {
    const value = Object.entries(rest).find(([key]) => key.startsWith('value'))?.[1]
    const text = value !== null && typeof value === 'object' ? (value as { reference?: unknown }).reference : value
    if (text !== undefined) yield [String(name), String(text)]
  }
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Parameters that shape a result without choosing what is in it. */
const shaping = new Set([
  '_count',
  '_format',
  '_pretty',
  '_include',
  '_include:iterate',
  '_revinclude',
  '_sort',
  '_total',
])

const chosen = new WeakMap<URLSearchParams, readonly string[]>()

/** Names of the parameters that choose: everything but paging, format and includes; each once. */
export function choosing(params: URLSearchParams): readonly string[] {
  const known = chosen.get(params)
  if (known) return known
  const names = [...new Set(params.keys())].filter((name) => !shaping.has(name))
  chosen.set(params, names)
  return names
}

/** True when the status says that it worked. */
export const succeeded = (exchange: Exchange): boolean =>
  exchange.response !== undefined && exchange.response.status >= 200 && exchange.response.status < 300

/** `Type/id` of a reference, when it points into that base; undefined for contained, logical and foreign ones. */
export function localKey(reference: string, base: string): string | undefined {
  const relative = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference
  const found = /^([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/.+)?$/.exec(relative)
  return found?.[1]
}

/** `Type/id` of any literal reference, whatever its base. */
export const anyKey = (reference: string): string | undefined =>
  /(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference)?.[1]

const absolutes = new WeakMap<Exchange, Map<string, string>>()

/** An address as an answer gives it, made absolute against the request. */
export function absolute(address: string, exchange: Exchange): string {
  let known = absolutes.get(exchange)
  if (!known) {
    known = new Map()
    absolutes.set(exchange, known)
  }
  return once(known, address, () => madeAbsolute(address, exchange.request.url))
}

function madeAbsolute(address: string, base: string): string {
  try {
    return new URL(address, base).href
  } catch {
    return address
  }
}

/** A call of Patient/$everything. */
export const isEverything = ({ operation, type }: Asked): boolean => operation === '$everything' && type === 'Patient'
