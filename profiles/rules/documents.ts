/** Documents and messages: what the Composition or MessageHeader refers to lies in the Bundle, and no entry of a document hangs loose. */
import { coreUrl } from '../compile/types.ts'
import type { Scope } from './scope.ts'
import { isAbsolute } from './uris.ts'
import type { Json, Visit } from './visit.ts'

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const objects = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : []
const resourceOf = (entry: unknown): Json | undefined =>
  isObject(entry) && isObject(entry.resource) ? entry.resource : undefined

/** A document: the Composition's references resolve in it, and every entry is reached from the Composition (or refers to what is). */
export function judgeDocument(visit: Visit, bundle: Json, entries: readonly unknown[]): void {
  const composition = resourceOf(entries[0])
  if (composition?.resourceType !== 'Composition') return
  const scope = visit.scope.within(composition)
  const inside = (holder: Json, path: string, ...names: string[]): void => {
    for (const name of names) {
      for (const [at, reference] of objects(holder[name]).entries()) {
        const index = Array.isArray(holder[name]) ? `[${at}]` : ''
        resolveInside(visit, scope, reference, `${path}.${name}${index}`)
      }
    }
  }
  const each = (holder: Json, path: string, name: string, ...names: string[]): void => {
    for (const [at, part] of objects(holder[name]).entries()) inside(part, `${path}.${name}[${at}]`, ...names)
  }
  const sections = (holder: Json, path: string): void => {
    each(holder, path, 'section', 'author', 'focus', 'entry')
    for (const [at, section] of objects(holder.section).entries()) sections(section, `${path}.section[${at}]`)
  }
  const root = 'entry[0].resource'
  inside(composition, root, 'subject', 'encounter', 'author', 'custodian')
  each(composition, root, 'attester', 'party')
  each(composition, root, 'event', 'detail')
  sections(composition, root)
  judgeLoose(visit, bundle, entries)
}

/** A message: the header's focus lies in it. */
export function judgeMessage(visit: Visit, _bundle: Json, entries: readonly unknown[]): void {
  const header = resourceOf(entries[0])
  if (header?.resourceType !== 'MessageHeader') return
  const scope = visit.scope.within(header)
  for (const [at, reference] of objects(header.focus).entries()) {
    resolveInside(visit, scope, reference, `entry[0].resource.focus[${at}]`)
  }
}

function resolveInside(visit: Visit, scope: Scope, reference: Json, below: string): void {
  const literal = reference.reference
  if (typeof literal !== 'string' || literal.startsWith('#') || scope.resolveInBundle(literal)) return
  visit.report(
    'error',
    'bundle-reference',
    `The target of the reference ${literal} must be in the Bundle, and is not.`,
    { profile: `${coreUrl}Bundle`, element: 'Bundle.entry' },
    {
      actual: literal,
      below: `${below}.reference`,
    },
  )
}

/** Entries that neither are reached from the first entry nor lead to one that is. */
function judgeLoose(visit: Visit, bundle: Json, entries: readonly unknown[]): void {
  const resources = entries.map(resourceOf)
  const places = new Map<Json, number>()
  resources.forEach((resource, at) => {
    if (resource) places.set(resource, at)
  })
  const targets = resources.map((resource) => {
    if (!resource) return []
    const scope = visit.scope.within(resource)
    const found = new Set<number>()
    for (const literal of referencesIn(resource)) {
      const target = scope.resolveInBundle(literal)
      const place = target && places.get(target.resource)
      if (place !== undefined) found.add(place)
    }
    return [...found]
  })
  const reached = new Set<number>([0])
  for (const link of objects(bundle.link)) {
    if (link.relation !== 'stylesheet') continue
    resources.forEach((resource, at) => {
      if (resource && link.url === `${String(resource.resourceType)}/${String(resource.id)}`) reached.add(at)
    })
  }
  for (let before = -1; before !== reached.size; ) {
    before = reached.size
    for (const at of reached) for (const target of targets[at] ?? []) reached.add(target)
    targets.forEach((own, at) => {
      if (own.some((target) => reached.has(target))) reached.add(at)
    })
  }
  resources.forEach((resource, at) => {
    if (!resource || reached.has(at)) return
    visit.report(
      'error',
      'bundle-reference',
      `Entry ${at} (${String(resource.resourceType)}) has no link to or from the Composition, as everything in a document must have.`,
      { profile: `${coreUrl}Bundle`, element: 'Bundle.entry' },
      { below: `entry[${at}]` },
    )
  })
}

const notReferences = new Set(['fullUrl', 'system', 'profile', 'div', 'endpoint'])

/** References, and URLs that may be some. */
function referencesIn(value: unknown, into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const each of value) referencesIn(each, into)
  else if (isObject(value)) {
    for (const key in value) {
      const inner = value[key]
      if (notReferences.has(key)) continue
      if (typeof inner === 'string') {
        if (key === 'reference' || (isAbsolute(inner) && (key !== 'url' || value.url === inner))) into.add(inner)
      } else referencesIn(inner, into)
    }
  }
  return into
}
