/** Patient/$export of one member (PDex p2p-single §215-§217). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import { few, isMistaken, status } from '../../core/judging.ts'
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
    kickOffs(transcript, scene)
      .slice(0, 1)
      .flatMap((x) => status(x, [202], 'Patient/$export of the matched member is accepted')),
)

/** The whole cycle, and one patient in it. */
export const exportRunsToItsEnd = check(
  'PDEX-135',
  'SHOULD',
  'Patient/$export runs from kick-off to files of the one member',
  (transcript, scene) => {
    kickOffs(transcript, scene)
    const holding = holdings(transcript, scene).find(({ method }) => method === 'export')
    if (!holding) return [undecided(undefined, 'no export was followed from kick-off to its last file')]
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
