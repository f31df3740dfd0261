/** _since: an export of what changed after it (Bulk Data 2.0 export, query parameters). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { isPersonal, sharedTypes } from '../../core/compartment.ts'
import { few } from '../../core/judging.ts'
import { broughtBy, keyOf, type Resource } from '../../core/received.ts'
import { asked } from '../../core/rest.ts'
import { exportsWith, kickOffs, notWhole, unfiltered } from '../judging.ts'

export const sinceIsHonoured = check('BULK-031', 'SHALL', '_since gives what changed after it', (transcript, scene) => {
  const all = exportsWith(transcript, scene, '_since')
  if (all.length === 0) return notWhole('_since')
  return all.flatMap((one): Finding[] => {
    const since = Date.parse(asked(one.kickOff).params.get('_since') ?? '')
    const all = one.received.map(({ resource }) => resource)
    // What the others point at may come along, however old it is.
    const brought = broughtBy(
      all.filter((resource) => !isPlainlyOlder(resource, since)),
      all,
    )
    const old = one.received.filter(({ resource }) => isPlainlyOlder(resource, since) && !brought.has(keyOf(resource)))
    const whole = unfiltered(transcript, scene, one)
    const got = new Set(one.received.map(({ resource }) => keyOf(resource)))
    const fresh = whole?.received.filter(
      ({ resource }) =>
        Date.parse(resource.meta?.lastUpdated ?? '') > since + 1000 &&
        !got.has(keyOf(resource)) &&
        // What belongs to nobody is in no compartment: it comes with what points at it, or not at all.
        isPersonal(resource.resourceType),
    )
    return [
      ...few(
        old.map(({ exchange, resource, expression }) =>
          unmet(exchange, 'ignored-parameter', `${keyOf(resource)} did not change after _since`, {
            actual: resource.meta?.lastUpdated,
            expression,
          }),
        ),
      ),
      ...(fresh && fresh.length > 0
        ? [
            unmet(one.completed, 'lost-resource', 'what changed after _since is left out', {
              expected: fresh.slice(0, 5).map(({ resource }) => keyOf(resource)),
            }),
          ]
        : []),
      ...(whole && !whole.received.some(({ resource }) => isPlainlyOlder(resource, since))
        ? [undecided(one.kickOff, 'everything changed after _since: nothing could be left out')]
        : []),
    ]
  })
})

export const unreadableSinceIsRefused = check(
  'BULK-031',
  'SHALL',
  'A _since that cannot be read is refused',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'bad-since').flatMap((x) =>
      answered(x).status >= 400
        ? []
        : [
            unmet(x, 'wrong-status', 'a _since that cannot be read is passed over', {
              expected: '4xx',
              actual: answered(x).status,
            }),
          ],
    ),
)

/** Changed before. What belongs to nobody, the Patient and what tells of records may come along with any of them. */
const isPlainlyOlder = ({ resourceType, meta }: Resource, since: number): boolean =>
  resourceType !== 'Patient' &&
  resourceType !== 'Provenance' &&
  !sharedTypes.has(resourceType) &&
  Date.parse(meta?.lastUpdated ?? '') < since - 1000

export const sinceChecks: readonly Check[] = [sinceIsHonoured, unreadableSinceIsRefused]
