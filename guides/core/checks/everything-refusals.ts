/** Patient/$everything: what it refuses, and whose record it keeps to itself (FHIR R4 patient-operation-everything). */
import { type Check, check, unmet } from '../../../harness/check.ts'
import { answered } from '../../../harness/transcript.ts'
import { control, everythingCalls, gaveNothing, status, suspicious } from '../judging.ts'
import { bundleOf } from '../received.ts'
import { asked, isEverything } from '../rest.ts'

/** Mistakes get a 4xx that says why: unknown patient 404, unknown type or unreadable date 400. */
const legal: Readonly<Record<string, readonly number[]>> = {
  'unknown-id': [404, 403],
  'unknown-type': [400, 404, 422],
  'bad-value': [400, 422],
}

export const everythingRefusesMistakes = check(
  'CORE-053',
  'SHALL',
  '$everything refuses an unknown patient and unreadable parameters',
  (transcript, scene) => {
    const wrong = everythingCalls(transcript, scene, (x) => (x.intent.mistake ?? '') in legal)
    return [
      ...wrong.flatMap((x) => {
        const mistake = x.intent.mistake as string
        // An unknown type may be told in an OperationOutcome among the entries, or be one that nothing has.
        if (mistake === 'unknown-type' && answered(x).status === 200) {
          const told = (bundleOf(x)?.entry ?? []).some(({ resource }) => resource?.resourceType === 'OperationOutcome')
          if (told) return []
          return bundleOf(x)?.type === 'searchset' && gaveNothing(x)
            ? [suspicious(x, 'silent-parameter', 'an unknown _type gives nothing, without a word')]
            : [unmet(x, 'ignored-parameter', 'an unknown _type is ignored without a word', { actual: 200 })]
        }
        // Somebody whom the caller has no right to and nobody at all may be told alike, by a Bundle that holds nothing.
        if (mistake === 'unknown-id' && bundleOf(x)?.type === 'searchset' && gaveNothing(x)) return []
        // The value itself, since an answer of 200 does not say what was passed over.
        const what = mistake === 'bad-value' ? asked(x).params.toString() : mistake.replace('-', ' ')
        return status(x, legal[mistake] ?? [400], `$everything with ${what} is refused`)
      }),
      ...control(transcript, scene, isEverything, '$everything'),
    ]
  },
)

/** What a caller may not see does not come. */
export const everythingKeepsToRights = check(
  'CORE-054',
  'SHALL',
  '$everything of another member gives nothing',
  (transcript, scene) => {
    const foreign = everythingCalls(
      transcript,
      scene,
      (x) => x.intent.mistake === 'foreign' || (x.from !== scene.requester && scene.person?.patientId === asked(x).id),
    )
    return [
      ...foreign.flatMap((x) =>
        gaveNothing(x)
          ? []
          : [
              unmet(x, 'disclosed', '$everything of a member that the caller has not matched gives data', {
                expected: '401, 403, 404 or nothing',
                actual: x.response?.status,
              }),
            ],
      ),
      ...control(transcript, scene, isEverything, '$everything'),
    ]
  },
)

export const everythingRefusals: readonly Check[] = [everythingRefusesMistakes, everythingKeepsToRights]
