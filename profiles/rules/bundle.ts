/** Bundles: full URLs, ids, links, the first entry, search modes, and references that must find their target inside. */
import type { World } from '../compile/compiled.ts'
import { coreUrl } from '../compile/types.ts'
import { partsOfReference } from './scope.ts'
import type { Json, Visit } from './visit.ts'

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const demand = (element: string) => ({ profile: `${coreUrl}Bundle`, element })

/** Judges what concerns a Bundle as a whole. */
export function judgeBundle(world: World, visit: Visit, bundle: Json): void {
  const entries = (Array.isArray(bundle.entry) ? bundle.entry : []) as unknown[]
  const type = bundle.type
  judgeFirst(visit, type, entries)
  judgeLinks(visit, bundle.link, '')
  const seen = new Map<string, number>()
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at]
    if (!isObject(entry)) continue
    judgeFullUrl(world, visit, entry, at, type)
    judgeLinks(visit, entry.link, `entry[${at}].`)
    if (typeof entry.fullUrl === 'string' && isObject(entry.resource) && type !== 'history') {
      const meta = entry.resource.meta
      const key = `${entry.fullUrl} ${isObject(meta) ? String(meta.versionId ?? '') : ''}`
      const before = seen.get(key)
      if (before !== undefined) {
        visit.report(
          'error',
          'bundle-duplicate',
          `The fullUrl ${entry.fullUrl} is also that of entry ${before}.`,
          demand('Bundle.entry.fullUrl'),
          { key: 'bdl-7', below: `entry[${at}].fullUrl`, actual: entry.fullUrl },
        )
      } else seen.set(key, at)
    }
    if (type === 'searchset') judgeSearch(visit, entry, at)
  }
}

function judgeFirst(visit: Visit, type: unknown, entries: readonly unknown[]): void {
  const wanted = type === 'document' ? 'Composition' : type === 'message' ? 'MessageHeader' : undefined
  if (wanted === undefined) return
  const first = isObject(entries[0]) && isObject(entries[0].resource) ? entries[0].resource.resourceType : undefined
  if (first !== wanted) {
    visit.report(
      'error',
      'bundle-first-entry',
      `The first entry of a ${String(type)} must be a ${wanted}${first === undefined ? '' : `, not a ${String(first)}`}.`,
      demand('Bundle.entry'),
      {
        expected: wanted,
        actual: first,
        below: entries.length > 0 ? 'entry[0]' : 'entry',
      },
    )
  }
}

function judgeLinks(visit: Visit, links: unknown, below: string): void {
  if (!Array.isArray(links)) return
  const seen = new Set<unknown>()
  links.forEach((link, at) => {
    if (!isObject(link)) return
    if (seen.has(link.relation)) {
      visit.report(
        'error',
        'bundle-link',
        `Two links have the relation "${String(link.relation)}".`,
        demand('Bundle.link.relation'),
        { below: `${below}link[${at}].relation`, actual: link.relation },
      )
    }
    seen.add(link.relation)
  })
}

function judgeFullUrl(world: World, visit: Visit, entry: Json, at: number, type: unknown): void {
  const { fullUrl, resource } = entry
  const below = `entry[${at}].fullUrl`
  if (typeof fullUrl !== 'string') {
    const needed = type === 'document' || type === 'message' || type === 'collection'
    if (needed && fullUrl === undefined && isObject(resource)) {
      visit.report(
        'error',
        'bundle-full-url',
        `Every entry of a ${String(type)} needs a fullUrl.`,
        demand('Bundle.entry.fullUrl'),
        { below: `entry[${at}]` },
      )
    }
    return
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(fullUrl)) {
    visit.report(
      'error',
      'bundle-full-url',
      `The fullUrl must be absolute, but is ${fullUrl}.`,
      demand('Bundle.entry.fullUrl'),
      { actual: fullUrl, below },
    )
    return
  }
  if (!isObject(resource) || typeof resource.id !== 'string') return
  const parts = partsOfReference(fullUrl)
  if (fullUrl.startsWith('urn:uuid:') && fullUrl.slice(9) === resource.id) return
  if (fullUrl.startsWith('urn:')) return
  const wrong =
    parts && world.types.isResource(parts.type)
      ? parts.type !== resource.resourceType || parts.id !== resource.id
      : !fullUrl.endsWith(`/${resource.id}`)
  if (wrong) {
    visit.report(
      'error',
      'bundle-full-url',
      `The fullUrl ${fullUrl} does not fit the resource ${String(resource.resourceType)}/${resource.id}.`,
      demand('Bundle.entry.fullUrl'),
      {
        expected: `${String(resource.resourceType)}/${resource.id}`,
        actual: fullUrl,
        below,
      },
    )
  }
}

function judgeSearch(visit: Visit, entry: Json, at: number): void {
  const { resource, search } = entry
  if (!isObject(resource)) return
  const mode = isObject(search) ? search.mode : undefined
  if (mode === 'outcome' && resource.resourceType !== 'OperationOutcome') {
    visit.report(
      'error',
      'bundle-search',
      `An entry of mode outcome must hold an OperationOutcome, not a ${String(resource.resourceType)}.`,
      demand('Bundle.entry.search.mode'),
      { below: `entry[${at}]` },
    )
  }
  if (resource.resourceType !== 'OperationOutcome' && typeof resource.id !== 'string') {
    visit.report(
      'error',
      'bundle-search',
      'Every resource of a search result must have an id.',
      demand('Bundle.entry.resource'),
      { below: `entry[${at}].resource` },
    )
  }
}
