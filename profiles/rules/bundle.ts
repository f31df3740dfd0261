/** Bundles as a whole: full URLs, links, the first entry, search modes, and documents and messages that hang together. */
import type { World } from '../compile/compiled.ts'
import { coreUrl } from '../compile/types.ts'
import { judgeDocument, judgeMessage } from './documents.ts'
import { partsOfReference } from './scope.ts'
import { isAbsolute } from './uris.ts'
import type { Json, Visit } from './visit.ts'

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const demand = (element: string) => ({ profile: `${coreUrl}Bundle`, element })

/** Judges what concerns a Bundle as a whole. */
export function judgeBundle(world: World, visit: Visit, bundle: Json): void {
  const entries = (Array.isArray(bundle.entry) ? bundle.entry : []) as unknown[]
  const type = typeof bundle.type === 'string' ? bundle.type : ''
  judgeFirst(visit, type, entries)
  judgeLinks(visit, type, bundle.link)
  const seen = new Map<string, number>()
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at]
    if (!isObject(entry)) continue
    judgeFullUrl(world, visit, entry, at, type)
    if (typeof entry.fullUrl === 'string' && type !== 'history') judgeDuplicate(visit, entry, at, seen)
  }
  if (type === 'searchset') judgeSearch(world, visit, bundle, entries)
  if (type === 'document') judgeDocument(visit, bundle, entries)
  if (type === 'message') judgeMessage(visit, bundle, entries)
}

function judgeFirst(visit: Visit, type: string, entries: readonly unknown[]): void {
  const wanted = type === 'document' ? 'Composition' : type === 'message' ? 'MessageHeader' : undefined
  if (wanted === undefined) return
  const first = isObject(entries[0]) && isObject(entries[0].resource) ? entries[0].resource.resourceType : undefined
  if (first === wanted) return
  visit.report(
    'error',
    'bundle-first-entry',
    `The first entry of a ${type} must be a ${wanted}${first === undefined ? '' : `, not a ${String(first)}`}.`,
    demand('Bundle.entry'),
    {
      key: type === 'document' ? 'bdl-11' : 'bdl-12',
      expected: wanted,
      actual: first,
      below: entries.length > 0 ? 'entry[0]' : 'entry',
    },
  )
}

const paging = new Set(['first', 'previous', 'next', 'last'])

function judgeLinks(visit: Visit, type: string, links: unknown): void {
  if (!Array.isArray(links)) return
  const paged = type === 'searchset' || type === 'history'
  const seen = new Set<string>()
  links.forEach((link, at) => {
    const relation = isObject(link) ? link.relation : undefined
    if (typeof relation !== 'string') return
    const say = (text: string): void =>
      visit.report('error', 'bundle-link', text, demand('Bundle.link.relation'), {
        below: `link[${at}].relation`,
        actual: relation,
      })
    if (paging.has(relation) && !paged && type !== '') say(`A ${type} has no pages, so no link "${relation}".`)
    if ((relation === 'self' || paging.has(relation)) && seen.has(relation))
      say(`Two links have the relation "${relation}".`)
    seen.add(relation)
  })
}

const withoutFullUrl = new Set(['transaction', 'transaction-response', 'batch', 'batch-response'])

function judgeFullUrl(world: World, visit: Visit, entry: Json, at: number, type: string): void {
  const { fullUrl, resource } = entry
  const say = (text: string, expected?: string): void =>
    visit.report('error', 'bundle-full-url', text, demand('Bundle.entry.fullUrl'), {
      ...(expected !== undefined && { expected }),
      actual: fullUrl,
      below: typeof fullUrl === 'string' ? `entry[${at}].fullUrl` : `entry[${at}]`,
    })
  if (typeof fullUrl !== 'string') {
    if (fullUrl === undefined && !withoutFullUrl.has(type)) say(`Every entry of a ${type || 'Bundle'} needs a fullUrl.`)
    return
  }
  if (!isAbsolute(fullUrl)) {
    say(`The fullUrl must be absolute, but is ${fullUrl}.`)
    return
  }
  if (!isObject(resource)) return
  const parts = partsOfReference(fullUrl)
  if (!parts || !world.types.isResource(parts.type)) return
  const own = `${String(resource.resourceType)}/${String(resource.id)}`
  if (typeof resource.id !== 'string') say(`The fullUrl ${fullUrl} names an id, but the resource has none.`)
  else if (own !== `${parts.type}/${parts.id}` || parts.version !== undefined) {
    say(`The fullUrl ${fullUrl} does not fit the resource ${own}.`, own)
  }
}

function judgeDuplicate(visit: Visit, entry: Json, at: number, seen: Map<string, number>): void {
  const meta = isObject(entry.resource) ? entry.resource.meta : undefined
  const key = `${entry.fullUrl} ${isObject(meta) ? String(meta.versionId ?? '') : ''}`
  const before = seen.get(key)
  if (before === undefined) {
    seen.set(key, at)
    return
  }
  visit.report(
    'error',
    'bundle-duplicate',
    `The fullUrl ${String(entry.fullUrl)} is also that of entry ${before}.`,
    demand('Bundle.entry.fullUrl'),
    { key: 'bdl-7', below: `entry[${at}].fullUrl`, actual: entry.fullUrl },
  )
}

/** The resource types that a search asks for, as its self link says; empty where it does not. */
function typesOfSearch(world: World, links: unknown): string[] {
  const self = Array.isArray(links) ? links.find((link) => isObject(link) && link.relation === 'self') : undefined
  if (!isObject(self) || typeof self.url !== 'string') return []
  const [path, query] = self.url.split('?') as [string, string | undefined]
  const last = path.slice(path.lastIndexOf('/') + 1)
  if (world.types.isResource(last)) return [last]
  // Percent-encoded commas are commas, and the parameter may be repeated.
  return query === undefined ? [] : new URLSearchParams(query).getAll('_type').flatMap((types) => types.split(','))
}

function judgeSearch(world: World, visit: Visit, bundle: Json, entries: readonly unknown[]): void {
  const types = typesOfSearch(world, bundle.link)
  entries.forEach((entry, at) => {
    if (!isObject(entry)) return
    const say = (text: string, below: string): void =>
      visit.report('error', 'bundle-search', text, demand('Bundle.entry'), { below: `entry[${at}]${below}` })
    const { resource, search } = entry
    if (!isObject(resource)) {
      say('Every entry of a search result must hold a resource.', '')
      return
    }
    const mode = isObject(search) ? search.mode : undefined
    const type = String(resource.resourceType)
    if (mode === 'outcome' && type !== 'OperationOutcome')
      say(`An entry of mode outcome must hold an OperationOutcome, not a ${type}.`, '')
    if ((mode === 'match' || mode === 'include') && typeof resource.id !== 'string')
      say('A found resource must have an id.', '.resource')
    if (mode === 'match' && types.length > 0 && !types.includes(type))
      say(`The search asks for ${types.join(', ')}, but this match is a ${type}.`, '.resource')
  })
}
