/** _typeFilter: an export of what answers to searches (Bulk Data 2.0 export, _typeFilter). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few } from '../../core/judging.ts'
import { keyOf, type Resource } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { answersToAll } from '../../core/search-answers.ts'
import { typesAskedFor } from '../exports.ts'
import { exportsWith, notWhole, soundKickOffs, unfiltered } from '../judging.ts'

/** `Type?query` -> its type and its query. */
const filtersOf = (kickOff: Exchange): { type: string; query: URLSearchParams }[] =>
  asked(kickOff)
    .params.getAll('_typeFilter')
    .flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/))
    .map((text) => ({ type: text.split('?')[0] ?? '', query: new URLSearchParams(text.split('?')[1] ?? '') }))

function filtered(transcript: Transcript, scene: Scene, several: boolean): Finding[] {
  const made = soundKickOffs(transcript, scene, (x) => asked(x).params.has('_typeFilter'))
  if (made.every((x) => !succeeded(x))) return [undecided(made[0], '_typeFilter is not supported')]
  const all = exportsWith(transcript, scene, '_typeFilter').filter(
    ({ kickOff }) => filtersOf(kickOff).length > 1 === several,
  )
  if (all.length === 0) return notWhole(several ? 'several filters' : 'one filter')
  return all.flatMap((one): Finding[] => {
    const filters = filtersOf(one.kickOff)
    const types = new Set(filters.map(({ type }) => type))
    const fits = (resource: Resource): boolean =>
      filters.some(({ type, query }) => type === resource.resourceType && answersToAll(resource, query))
    const wrong = one.received.filter(({ resource }) => types.has(resource.resourceType) && !fits(resource))
    const whole = unfiltered(transcript, scene, one)
    const got = new Set(one.received.map(({ resource }) => keyOf(resource)))
    const lost = whole?.received.filter(
      ({ resource }) =>
        (typesAskedFor(one.kickOff)?.has(resource.resourceType) ?? true) &&
        resource.resourceType !== 'Provenance' &&
        (!types.has(resource.resourceType) || fits(resource)) &&
        !got.has(keyOf(resource)),
    )
    return [
      ...few(
        wrong.map(({ exchange, resource, expression }) =>
          unmet(exchange, 'ignored-parameter', `${keyOf(resource)} answers to none of the filters`, { expression }),
        ),
      ),
      ...(lost && lost.length > 0
        ? [
            unmet(one.completed, 'lost-resource', 'the filters leave out what they should keep', {
              expected: lost.slice(0, 5).map(({ resource }) => keyOf(resource)),
            }),
          ]
        : []),
      ...(whole && !whole.received.some(({ resource }) => types.has(resource.resourceType) && !fits(resource))
        ? [undecided(one.kickOff, 'the record holds nothing that the filter could leave out')]
        : []),
    ]
  })
}

export const filterIsHonoured = check(
  'BULK-039',
  'SHALL',
  '_typeFilter gives what answers to it',
  (transcript, scene) => filtered(transcript, scene, false),
)
export const filtersAreAlternatives = check(
  'BULK-040',
  'SHALL',
  'Several filters on a type are alternatives',
  (transcript, scene) => filtered(transcript, scene, true),
)

export const typeFilterChecks: readonly Check[] = [filterIsHonoured, filtersAreAlternatives]
