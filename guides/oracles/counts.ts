/** Numbers that give records away: a total or a count that is right only when what is kept back is counted with the rest. */
import { unmet } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import { type Exchange, json } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { manifestOf } from '../bulk/exports.ts'
import { bundleOf, keyOf, type Resource } from '../core/received.ts'
import { asked, choosing, succeeded } from '../core/rest.ts'
import { marksOf, withheldFrom } from './marks.ts'
import type { Standing } from './rights.ts'

/** A finding when an answer counts what this caller may not see. Only a number that fits exactly is told. */
export function countsIn(x: Exchange, standing: Standing, scene: Scene): Finding | undefined {
  const { person } = standing
  if (!person || !marksOf(person) || !succeeded(x)) return undefined
  const { keys } = withheldFrom(standing, scene)
  if (keys.size === 0) return undefined
  const told = x.move === 'export-status' ? fromManifest(x) : fromSearch(x)
  for (const { type, total, expression } of told) {
    const all = ((person.record ?? []) as unknown as Resource[]).filter(({ resourceType }) => resourceType === type)
    const hidden = all.filter((resource) => keys.has(keyOf(resource))).length
    if (hidden > 0 && total === all.length)
      return unmet(
        x,
        'leak',
        `found by the leak oracle: the number of ${type} tells that ${hidden} of ${person.name} are kept back`,
        { expected: all.length - hidden, actual: total, expression },
      )
  }
  return undefined
}

interface Told {
  readonly type: string
  readonly total: number
  readonly expression: string
}

/** Does not change how many match. */
const harmless = new Set(['_summary', '_elements'])

function fromSearch(x: Exchange): Told[] {
  const { interaction, type, params } = asked(x)
  const total = bundleOf(x)?.total
  if (interaction !== 'search-type' || type === undefined || total === undefined) return []
  const names = choosing(params).filter((name) => !harmless.has(name))
  return names.every((name) => name === 'patient' || name === 'subject')
    ? [{ type, total, expression: 'Bundle.total' }]
    : []
}

function fromManifest(x: Exchange): Told[] {
  const said = x.response && (json(x.response) as { request?: unknown } | undefined)
  // A narrowed export counts what it was narrowed to.
  if (/[?&](_type|_since|_typeFilter|_until)=/.test(String(said?.request ?? ''))) return []
  const counts = new Map<string, number>()
  for (const { type, count } of manifestOf(x)?.output ?? [])
    if (typeof type === 'string' && typeof count === 'number') counts.set(type, (counts.get(type) ?? 0) + count)
  return [...counts].map(([type, total]) => ({ type, total, expression: `output.where(type = '${type}').count` }))
}
