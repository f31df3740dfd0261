/** Ending an export: deleted by its client, and unknown from then on (Bulk Data 2.0 export, delete). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import { few, hasToken, isMistaken, status } from '../../core/judging.ts'
import { outcomeOf } from '../../core/received.ts'
import { isChallenge } from './refusals.ts'

export const deletionIsAccepted = check(
  'BULK-095',
  'SHALL',
  'Deleting an export is accepted with 202',
  (transcript, scene) => {
    const made = transcript.some('export-delete', { to: scene.responder, where: (x) => !isMistaken(x) && hasToken(x) })
    const first = new Map<string, Exchange>()
    for (const x of made) if (!first.has(x.request.url)) first.set(x.request.url, x)
    return [...first.values()].flatMap((x) => status(x, [202], 'the deletion of an export is accepted'))
  },
)

export const deletedIsUnknown = check(
  'BULK-096',
  'SHALL',
  'A deleted export is answered with 404 and an OperationOutcome',
  (transcript, scene) => {
    const deleted = transcript.some('export-delete', { to: scene.responder, where: (x) => x.response?.status === 202 })
    const all = transcript.from(0)
    const after = deleted.flatMap((gone) =>
      transcript.all('export-status', {
        to: scene.responder,
        where: (x) => x.request.url === gone.request.url && all.indexOf(x) > all.indexOf(gone) && hasToken(x),
      }),
    )
    if (after.length === 0) return [undecided(deleted[0], 'nobody asked about the export after its deletion')]
    return few(
      after.flatMap((x) => [
        ...status(x, [404], 'a deleted export is unknown'),
        ...(answered(x).status === 404 && !outcomeOf(x)
          ? [
              unmet(x, 'missing-outcome', 'the 404 carries no OperationOutcome', {
                actual: answered(x).body.slice(0, 80),
              }),
            ]
          : []),
      ]),
    )
  },
)

export const wrongDeletionIsRefused = check(
  'BULK-097',
  'SHALL',
  'A deletion that cannot be is a 4xx with an OperationOutcome',
  (transcript, scene) => {
    const all = transcript.from(0)
    const wrong = transcript.some('export-delete', {
      to: scene.responder,
      where: (x) =>
        isMistaken(x) ||
        all
          .slice(0, all.indexOf(x))
          .some((y) => y.move === 'export-delete' && y.request.url === x.request.url && y.response?.status === 202),
    })
    return few(
      wrong.flatMap((x) => [
        ...(answered(x).status >= 400
          ? []
          : [
              unmet(x, 'wrong-status', 'a deletion that cannot be is accepted', {
                expected: '4xx',
                actual: answered(x).status,
              }),
            ]),
        // Who is not let in is answered by the layer that guards the API, in its own words (RFC 6750 §3).
        ...(answered(x).status >= 400 && !outcomeOf(x) && !isChallenge(x)
          ? [
              unmet(x, 'missing-outcome', 'the refusal carries no OperationOutcome', {
                actual: answered(x).body.slice(0, 80),
              }),
            ]
          : []),
      ]),
    )
  },
)

export const deletionChecks: readonly Check[] = [deletionIsAccepted, deletedIsUnknown, wrongDeletionIsRefused]
