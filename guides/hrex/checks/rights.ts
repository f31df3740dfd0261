/** No right, no data: whoever asks, and for whomever (HRex security, sec-20). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import { manifestOf } from '../../bulk/exports.ts'
import { few, isMistaken, suspicious } from '../../core/judging.ts'
import { resourcesIn } from '../../core/received.ts'
import { absolute, asked, succeeded } from '../../core/rest.ts'
import { foreignIn, memberIds, names, retrieving } from '../../pdex/member.ts'

/** Whoever asks, and for whomever: no right, no data (HRex security, sec-20). */
export const rightsAreVerified = check(
  'HREX-058',
  'SHALL',
  'Without a right to the record nothing of it is given',
  (transcript, scene) => {
    const ids = memberIds(transcript, scene)
    const theirs = scene.bystander?.patientId
    const open = openFiles(transcript)
    const tries = transcript.some(retrieving, {
      to: scene.responder,
      where: (x) =>
        // Bulk Data allows addresses that are keys, as a store of files gives them: what it knows of a caller is the key.
        !open.has(absolute(x.request.url, x)) &&
        (x.intent.mistake === 'foreign' ||
          x.intent.mistake === 'consent-ended' ||
          x.intent.mistake === 'no-token' ||
          (x.from !== scene.requester && names(x, ids)) ||
          (theirs !== undefined && names(x, new Set([theirs])))),
    })
    const given = tries.filter((x) => gaveData(x) && x.intent.mistake !== 'consent-ended')
    // A token may live on until its end, so data after the end of a consent is for a reader to judge.
    const late = tries.filter((x) => gaveData(x) && x.intent.mistake === 'consent-ended')
    const worked = transcript
      .from(0)
      .some(
        (x) =>
          x.from === scene.requester &&
          x.to === scene.responder &&
          !isMistaken(x) &&
          succeeded(x) &&
          resourcesIn(x).some(({ resource }) => ids.has(resource.id ?? '') || names(x, ids)),
      )
    return [
      ...few(
        given.map((x) =>
          unmet(x, 'disclosed', `${x.from} has no right to this record and gets it`, {
            expected: '401, 403, 404 or nothing',
            actual: x.response?.status,
          }),
        ),
      ),
      ...few(
        late.map((x) =>
          suspicious(x, 'disclosed', 'the consent has ended, and the data is still given', {
            expected: '401, 403, 404 or nothing',
            actual: x.response?.status,
          }),
        ),
      ),
      ...(worked ? [] : [undecided(undefined, 'nobody with a right got anything, so a refusal says nothing')]),
    ]
  },
)

/** Files whose address is the key, as their manifest says. */
const openFiles = (transcript: Transcript): ReadonlySet<string> =>
  new Set(
    transcript.from(0).flatMap((x) => {
      const manifest = x.move === 'export-status' ? manifestOf(x) : undefined
      return manifest?.requiresAccessToken === false
        ? [...(manifest.output ?? []), ...(manifest.deleted ?? []), ...(manifest.error ?? [])].map(({ url }) =>
            absolute(String(url), x),
          )
        : []
    }),
  )

/** Nothing of another member in any answer to the client. */
export const nothingOfOthers = check(
  'HREX-058',
  'SHALL',
  'No answer holds anything of another member',
  (transcript, scene) => {
    const own = memberIds(transcript, scene)
    const answered = transcript.some(retrieving, {
      from: scene.requester,
      to: scene.responder,
      where: (x) => x.response !== undefined,
    })
    if (own.size === 0 && !scene.bystander)
      return [undecided(undefined, 'neither the member’s id nor another member is known')]
    if (!answered.some((x) => resourcesIn(x).length > 0)) return [undecided(undefined, 'nothing was given at all')]
    return few(
      foreignIn(answered, own, scene).map(({ exchange, expression, what }) =>
        unmet(exchange, 'other-member', what, { expression }),
      ),
    )
  },
)

/** A resource, or the content of a document. A 202 gives nothing yet. */
const gaveData = (x: Exchange): boolean =>
  succeeded(x) &&
  (resourcesIn(x).length > 0 || ((x.move === 'binary' || asked(x).type === 'Binary') && x.response?.body !== ''))

export const rightsChecks: readonly Check[] = [rightsAreVerified, nothingOfOthers]
