/** Contained resources (dom-2 to dom-5): no nesting, ids, no version or label of their own, and a reference that leads to each. */
import type { World } from '../compile/compiled.ts'
import { coreUrl } from '../compile/types.ts'
import type { Json, Visit } from './visit.ts'

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Judges `contained` of a resource as a whole. */
export function judgeContained(_world: World, visit: Visit, resource: Json): void {
  const list = resource.contained as unknown[]
  const demand = (key: string) => ({
    profile: `${coreUrl}DomainResource`,
    element: `${String(resource.resourceType)}.contained`,
    key,
  })
  const say = (key: string, text: string, at: number): void => {
    const { profile, element } = demand(key)
    visit.report('error', 'contained-rules', text, { profile, element }, { key, below: `contained[${at}]` })
  }
  const references = new Set<string>()
  const backwards = new Set<number>()
  collect(resource, references, true)
  for (let at = 0; at < list.length; at++) {
    const each = list[at]
    if (!isObject(each)) continue
    const own = new Set<string>()
    collect(each, own, false)
    if (own.has('#')) backwards.add(at)
    for (const reference of own) references.add(reference)
  }
  const ids = new Set<unknown>()
  for (let at = 0; at < list.length; at++) {
    const each = list[at]
    if (!isObject(each)) continue
    if (Array.isArray(each.contained)) say('dom-2', 'A contained resource must not contain resources.', at)
    const meta = isObject(each.meta) ? each.meta : undefined
    if (meta?.versionId !== undefined || meta?.lastUpdated !== undefined)
      say('dom-4', 'A contained resource must not have meta.versionId or meta.lastUpdated.', at)
    if (meta?.security !== undefined) say('dom-5', 'A contained resource must not have a security label.', at)
    const { id } = each
    if (typeof id !== 'string') {
      say('dom-3', 'A contained resource must have an id, so that it can be referred to.', at)
      continue
    }
    if (ids.has(id)) say('dom-3', `Two contained resources have the id "${id}".`, at)
    ids.add(id)
    if (!references.has(`#${id}`) && !backwards.has(at))
      say('dom-3', `The contained resource "${id}" is not referred to from its container, nor does it refer to it.`, at)
  }
}

/** All texts that begin with # in places where a reference, uri, url or canonical can stand. */
function collect(value: unknown, into: Set<string>, skipContained: boolean): void {
  if (typeof value === 'string') {
    if (value.charCodeAt(0) === 35) into.add(value)
  } else if (Array.isArray(value)) {
    for (const each of value) collect(each, into, false)
  } else if (isObject(value)) {
    for (const key in value) {
      if ((skipContained && key === 'contained') || key === 'div' || key === 'display') continue
      collect(value[key], into, false)
    }
  }
}
