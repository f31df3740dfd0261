/** $docref: it is there, and gives the latest summary (US Core DocumentReference $docref). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import { payload } from '../../conformance/payload.ts'
import { gaveNothing, isMistaken, isUnable, putOff, someRequests, status, wrongAnswer } from '../../core/judging.ts'
import { bundleOf, codingsAt, keyOf, type Received, resourcesIn } from '../../core/received.ts'
import { asked } from '../../core/rest.ts'

const docrefs = (transcript: Transcript, scene: Scene): Exchange[] =>
  someRequests(transcript, scene, ({ operation }) => operation === '$docref')

export const docrefIsThere = check(
  'PDEX-342',
  'SHALL',
  '$docref of the member gives a searchset',
  (transcript, scene) => {
    const made = docrefs(transcript, scene)
    const own = made.filter((x) => !isMistaken(x))
    if (own.length === 0) return [undecided(made[0], 'nobody asked for the member’s documents by $docref')]
    return [
      ...own.flatMap((x) => {
        const found = status(x, [200], '$docref of the member is answered')
        return found.length > 0 || bundleOf(x)?.type === 'searchset'
          ? found
          : [
              unmet(x, 'wrong-bundle', '$docref gives a searchset', {
                expected: 'searchset',
                actual: bundleOf(x)?.type,
              }),
            ]
      }),
      ...made
        .filter((x) => isMistaken(x) && putOff(x) === undefined && isUnable(x))
        .flatMap((x) => status(x, [200, 403, 404], '$docref of another patient is refused, or finds nothing')),
      ...made
        .filter((x) => isMistaken(x) && !gaveNothing(x))
        .map((x) =>
          unmet(x, 'disclosed', '$docref of another patient gives documents', {
            expected: 'nothing or 404',
            actual: x.response?.status,
          }),
        ),
    ]
  },
)

/** What $docref gives when it is asked for no type: the summary of care that a server makes or holds. */
const continuityOfCare = '34133-9'

const isCurrentSummary = ({ resource }: Received): boolean =>
  resource.resourceType === 'DocumentReference' &&
  resource.status === 'current' &&
  codingsAt(resource, 'type').some(({ code }) => code === continuityOfCare)

export const docrefGivesTheLatest = check(
  'PDEX-367',
  'SHALL',
  '$docref without dates gives the current documents',
  (transcript, scene) => {
    const made = docrefs(transcript, scene).filter(
      (x) => !isMistaken(x) && !['start', 'end', 'type', 'on-demand'].some((name) => asked(x).params.has(name)),
    )
    if (made.length === 0) return [undecided(undefined, 'nobody asked for documents by patient alone')]
    const known = payload(transcript, scene).filter(isCurrentSummary)
    return made.flatMap((x) => {
      const documents = resourcesIn(x).filter(({ resource }) => resource.resourceType === 'DocumentReference')
      // A summary that was made for this answer is as good as one that is held.
      if (documents.some(isCurrentSummary)) return []
      if (known.length === 0) return [undecided(x, 'the member has no current summary of care')]
      return [
        wrongAnswer(x, 'missing-records', '$docref gives no current summary of care', {
          expected: known.slice(0, 3).map(({ resource }) => keyOf(resource)),
          actual: documents.slice(0, 3).map(({ resource }) => keyOf(resource)),
        }),
      ]
    })
  },
)

export const docrefChecks: readonly Check[] = [docrefIsThere, docrefGivesTheLatest]
