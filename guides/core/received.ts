/** What a response carries, in FHIR's words: resources, bundles, NDJSON lines, outcomes, references (FHIR R4 bundle, references). */
import {
  type Exchange,
  type JsonLine,
  json,
  jsonLines,
  mediaType,
  type SentResponse,
} from '../../harness/transcript.ts'
import { absolute, anyKey } from './rest.ts'

/** JSON that says what it is. */
export interface Resource {
  readonly resourceType: string
  readonly id?: string
  readonly meta?: {
    readonly versionId?: string
    readonly lastUpdated?: string
    readonly profile?: readonly string[]
    readonly security?: readonly Coding[]
    readonly tag?: readonly Coding[]
  }
  readonly [element: string]: unknown
}
export interface Coding {
  readonly system?: string
  readonly code?: string
  readonly display?: string
}
export interface BundleLink {
  readonly relation: string
  readonly url: string
}
export interface Entry {
  readonly fullUrl?: string
  readonly resource?: Resource
  readonly search?: { readonly mode?: string }
}
export interface Bundle extends Resource {
  readonly type?: string
  readonly total?: number
  readonly link?: readonly BundleLink[]
  readonly entry?: readonly Entry[]
}

/** A resource, where it came and in what part. */
export interface Received {
  readonly resource: Resource
  readonly exchange: Exchange
  /** FHIRPath in the body: `Bundle.entry[3].resource`, `line 7`. */
  readonly expression: string
  readonly mode?: string
}

export const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && typeof (value as Resource).resourceType === 'string'

/** The body as a resource; undefined when there is no answer or it is none. */
export function resourceOf({ response }: Exchange): Resource | undefined {
  const body = response && json(response)
  return isResource(body) ? body : undefined
}

/** A JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The objects of a list: what else stands in it, or in its place, is no element of FHIR. */
export const objectsIn = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(isObject) : []

/** The body as a Bundle; undefined where what should be lists of entries and links is something else. */
export function bundleOf(exchange: Exchange): Bundle | undefined {
  const body = resourceOf(exchange)
  return body?.resourceType === 'Bundle' && isListOf(body.entry, isEntry) && isListOf(body.link, isLink)
    ? (body as Bundle)
    : undefined
}

const isListOf = (value: unknown, test: (item: unknown) => boolean): boolean =>
  value === undefined || (Array.isArray(value) && value.every(test))
const isEntry = (item: unknown): boolean =>
  isObject(item) &&
  (item.fullUrl === undefined || typeof item.fullUrl === 'string') &&
  (item.resource === undefined || isObject(item.resource))
const isLink = (item: unknown): boolean => isObject(item) && typeof item.url === 'string'

/** The body as an OperationOutcome that has an issue. */
export function outcomeOf(exchange: Exchange): Resource | undefined {
  const body = resourceOf(exchange)
  return body?.resourceType === 'OperationOutcome' && objectsIn(body.issue).length > 0 ? body : undefined
}

/** The profiles that a resource claims. */
export const claimedProfiles = ({ meta }: Resource): string[] =>
  at(meta, 'profile').filter((profile): profile is string => typeof profile === 'string')

/** Does a resource say that it was cut short? */
export const isSubsetted = ({ meta }: Resource): boolean => at(meta, 'tag.code').includes('SUBSETTED')

/** The lines of an NDJSON body; none where there is no answer. */
export const linesOf = ({ response }: Exchange): readonly JsonLine[] => (response ? jsonLines(response) : [])

const carried = new WeakMap<object, readonly Received[]>()

/** Every resource that an answer carries: itself, the entries of a Bundle, the lines of a file. No OperationOutcome. */
export function resourcesIn(exchange: Exchange): readonly Received[] {
  const { response } = exchange
  if (!response) return []
  const known = carried.get(response)
  if (known) return known
  const found = carriedBy(exchange, response).filter(({ resource }) => resource.resourceType !== 'OperationOutcome')
  carried.set(response, found)
  return found
}

function carriedBy(exchange: Exchange, response: SentResponse): Received[] {
  const found: Received[] = []
  if (exchange.move === 'export-file' || mediaType(response).includes('ndjson')) {
    for (const { number, value } of jsonLines(response))
      if (isResource(value)) found.push({ resource: value, exchange, expression: `line ${number}` })
    return found
  }
  const body = resourceOf(exchange)
  if (!body || body.resourceType === 'CapabilityStatement') return found
  if (body.resourceType !== 'Bundle') return [{ resource: body, exchange, expression: body.resourceType }]
  // What can be read of a Bundle counts as received, even where the Bundle as a whole is none.
  for (const [i, entry] of (Array.isArray(body.entry) ? (body.entry as unknown[]) : []).entries()) {
    const { resource, search } = (isObject(entry) ? entry : {}) as Entry
    if (!isResource(resource)) continue
    const expression = `Bundle.entry[${i}].resource`
    found.push(
      search?.mode ? { resource, exchange, expression, mode: search.mode } : { resource, exchange, expression },
    )
  }
  return found
}

/** `Type/id`. */
export const keyOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id ?? ''}`

/** The address that follows: absolute, or undefined on the last page. */
export function nextOf(exchange: Exchange): string | undefined {
  const url = bundleOf(exchange)?.link?.find(({ relation }) => relation === 'next')?.url
  return url === undefined ? undefined : absolute(url, exchange)
}

/** Calls `visit` for every object of a JSON value, with its FHIRPath below `path`. */
export function walk(
  value: unknown,
  path: string,
  visit: (node: Readonly<Record<string, unknown>>, path: string) => void,
): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) walk(item, `${path}[${i}]`, visit)
  } else if (value !== null && typeof value === 'object') {
    visit(value as Record<string, unknown>, path)
    for (const [key, item] of Object.entries(value)) walk(item, `${path}.${key}`, visit)
  }
}

/**
 * Is there an object in a JSON value that passes? `list` is the name of the list that the object stands in; '' where it stands
 * in none.
 */
export function hasNode(
  value: unknown,
  test: (node: Readonly<Record<string, unknown>>, list: string) => boolean,
  list = '',
): boolean {
  if (value === null || typeof value !== 'object') return false
  if (Array.isArray(value)) return value.some((item) => hasNode(item, test, Array.isArray(item) ? '' : list))
  const node = value as Readonly<Record<string, unknown>>
  if (test(node, list)) return true
  for (const key in node) if (hasNode(node[key], test, Array.isArray(node[key]) ? key : '')) return true
  return false
}

export interface Pointer {
  readonly reference: string
  readonly expression: string
}
const pointers = new WeakMap<object, readonly Pointer[]>()

/** Every literal reference in a resource. */
export function referencesIn(resource: Resource): readonly Pointer[] {
  const known = pointers.get(resource)
  if (known) return known
  const found: Pointer[] = []
  walk(resource, resource.resourceType, (node, path) => {
    if (typeof node.reference === 'string') found.push({ reference: node.reference, expression: `${path}.reference` })
  })
  pointers.set(resource, found)
  return found
}

/**
 * Keys of what these point at among what came with them, directly or by way of others. A Provenance points at everything that
 * it is about, and brings nothing along.
 */
export function broughtBy(roots: readonly Resource[], among: readonly Resource[]): ReadonlySet<string> {
  const known = new Map(among.map((resource) => [keyOf(resource), resource]))
  const brought = new Set<string>()
  const open = roots.filter(({ resourceType }) => resourceType !== 'Provenance')
  for (let one = open.pop(); one !== undefined; one = open.pop())
    for (const { reference } of referencesIn(one)) {
      const key = anyKey(reference) ?? ''
      const next = known.get(key)
      if (!next || brought.has(key)) continue
      brought.add(key)
      open.push(next)
    }
  return brought
}

/**
 * The values at a dotted path, arrays opened on the way: `at(condition, 'code.coding.code')`. An element that stands at
 * several places is several values; none is an empty list.
 */
export function at(value: unknown, path: string): unknown[] {
  const found: unknown[] = []
  descend(value, path.split('.'), 0, found)
  return found
}

function descend(node: unknown, steps: readonly string[], taken: number, found: unknown[]): void {
  const step = steps[taken]
  if (step === undefined) {
    found.push(node)
    return
  }
  if (node === null || typeof node !== 'object') return
  const next = (node as Record<string, unknown>)[step]
  if (next === undefined || next === null) return
  // A null in a list keeps the place of a primitive that has only extensions: no value.
  if (Array.isArray(next)) {
    for (const item of next) if (item !== null) descend(item, steps, taken + 1, found)
  } else descend(next, steps, taken + 1, found)
}

/** The codings of the CodeableConcepts or Codings at a path. */
export const codingsAt = (value: unknown, path: string): Coding[] =>
  at(value, path).flatMap((found) => {
    const { coding, code } = found as { coding?: unknown; code?: unknown }
    if (coding !== undefined) return objectsIn(coding) as Coding[]
    return typeof code === 'string' ? [found as Coding] : []
  })

/** The extensions with that url on an element. */
export const extensionsOf = (element: unknown, url: string): Readonly<Record<string, unknown>>[] =>
  (at(element, 'extension') as Record<string, unknown>[]).filter((extension) => extension.url === url)
