/** Patient/$export of one member (PDex p2p-single §215-§217). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { type Export, exportsIn } from '../../bulk/exports.ts'
import { stillRunning } from '../../bulk/judging.ts'
import { few, isMistaken, putOff, status, wrongAnswer } from '../../core/judging.ts'
import { asked } from '../../core/rest.ts'
import { holdings } from '../holdings.ts'
import { foreignIn, memberIds } from '../member.ts'
import { keepsToRights } from '../rights.ts'

const kickOffs = (transcript: Transcript, scene: Scene): Exchange[] =>
  transcript.some(['export-kick-off'], {
    from: scene.requester,
    to: scene.responder,
    where: (x) => asked(x).type === 'Patient' && !isMistaken(x),
  })

export const exportIsSupported = check(
  'PDEX-134',
  'SHOULD',
  'Bulk export of one member is supported',
  (transcript, scene) =>
    // Who was put off asks again, and the last answer counts.
    kickOffs(transcript, scene)
      .filter((x, i, all) => putOff(x) === undefined || i === all.length - 1)
      .slice(0, 1)
      .flatMap((x) => status(x, [202], 'Patient/$export of the matched member is accepted')),
)

/** Why an export did not come to its end: by the server's doing, or because nobody followed it. */
function stuck(x: Exchange, exports: readonly Export[]): Finding[] {
  const refused = status(x, [202], 'Patient/$export of the matched member is accepted')
  if (refused.length > 0) return refused
  const one = exports.find(({ kickOff }) => kickOff === x)
  if (one?.statusUrl === undefined)
    return [
      unmet(x, 'missing-header', 'an export is accepted, and nobody learns where to ask about it', {
        expected: 'Content-Location',
      }),
    ]
  const running = stillRunning(one)
  if (running) return [running]
  const last = one.polls.at(-1)
  if (last?.response && !one.manifest)
    return [
      wrongAnswer(last, 'wrong-status', 'the export does not come to a manifest', {
        expected: 200,
        actual: last.response.status,
      }),
    ]
  const lost = one.files.find((file) => file.response && file.response.status >= 400)
  if (lost)
    return [
      wrongAnswer(lost, 'wrong-status', 'a file of the export cannot be fetched', {
        expected: 200,
        actual: lost.response?.status,
      }),
    ]
  return [undecided(x, 'the export was not followed from kick-off to its last file')]
}

/** The whole cycle, and one patient in it. */
export const exportRunsToItsEnd = check(
  'PDEX-135',
  'SHOULD',
  'Patient/$export runs from kick-off to files of the one member',
  (transcript, scene) => {
    const begun = kickOffs(transcript, scene)
    const holding = holdings(transcript, scene).find(({ method }) => method === 'export')
    if (!holding)
      return few(
        begun.flatMap((x) => stuck(x, exportsIn(transcript, scene.responder))),
        2,
      )
    const own = memberIds(transcript, scene)
    const foreign = foreignIn(holding.exchanges, own, scene).map(({ exchange, expression, what }) =>
      unmet(exchange, 'other-member', `the export holds another member: ${what}`, { expression }),
    )
    const patients = [...holding.seen.values()].filter(({ resource }) => resource.resourceType === 'Patient')
    return [
      ...few(foreign),
      ...(patients.length === 0
        ? [unmet(holding.exchanges[0], 'missing-resource', 'the export holds no Patient', { expected: 'Patient' })]
        : []),
    ]
  },
)

export const exportIsLimited = check(
  'PDEX-136',
  'SHOULD',
  'The export holds nothing that the requester may not see',
  (transcript, scene) => keepsToRights('export', transcript, scene),
)

export const exportChecks: readonly Check[] = [exportIsSupported, exportRunsToItsEnd, exportIsLimited]
