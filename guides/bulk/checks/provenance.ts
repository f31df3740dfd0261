/**
 * Which Provenance an export gives, with includeAssociatedData and without (Bulk Data 2.0 export, query parameters).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { isMistaken } from '../../core/judging.ts'
import { keyOf, type Received, type Resource } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { targetsOf } from '../../pdex/origins.ts'
import { exportsIn, isUnfiltered } from '../exports.ts'
import { exportsWith, kickOffs, notWhole, soundKickOffs } from '../judging.ts'

const provenanceOf = (received: readonly Received[]): Received[] =>
  received.filter(({ resource }) => resource.resourceType === 'Provenance')

export const associatedDataIsHonoured = check(
  'BULK-037',
  'SHALL',
  'includeAssociatedData chooses the Provenance',
  (transcript, scene) => {
    const made = soundKickOffs(transcript, scene, (x) => asked(x).params.has('includeAssociatedData'))
    if (made.every((x) => !succeeded(x))) return [undecided(made[0], 'includeAssociatedData is not supported')]
    const all = exportsWith(transcript, scene, 'includeAssociatedData')
    if (all.length === 0) return notWhole('includeAssociatedData')
    return all.flatMap((one): Finding[] => {
      const values = asked(one.kickOff)
        .params.getAll('includeAssociatedData')
        .flatMap((value) => value.split(','))
      if (!values.includes('LatestProvenanceResources') || values.includes('RelevantProvenanceResources'))
        return provenanceOf(one.received).length > 0
          ? []
          : [unmet(one.completed, 'missing-provenance', 'no Provenance is given with the data', { expected: values })]
      const counts = new Map<string, number>()
      for (const { resource } of provenanceOf(one.received).filter(({ resource }) => !isTransmission(resource)))
        for (const key of targetsOf(resource)) counts.set(key, (counts.get(key) ?? 0) + 1)
      const several = [...counts].filter(([, count]) => count > 1).map(([key]) => key)
      return several.length > 0
        ? [
            unmet(one.completed, 'too-many', 'a resource has more than its latest Provenance', {
              actual: several.slice(0, 5),
            }),
          ]
        : []
    })
  },
)

/** The payer's own Provenance of sending, which stands beside the record's. */
const isTransmission = (resource: Resource): boolean => JSON.stringify(resource.agent ?? '').includes('"transmitter"')

export const provenanceIsGiven = check(
  'BULK-038',
  'SHALL',
  'Provenance of the patient’s data is given unless it is excluded',
  (transcript, scene) => {
    kickOffs(transcript, scene, (x) => isUnfiltered(x) && !isMistaken(x))
    const all = exportsIn(transcript, scene.responder).filter(
      ({ kickOff, whole }) => whole && isUnfiltered(kickOff) && !asked(kickOff).params.has('includeAssociatedData'),
    )
    if (all.length === 0) return notWhole('no filter')
    return all.flatMap((one): Finding[] => {
      const given = new Set(provenanceOf(one.received).map(({ resource }) => resource.id))
      const keys = new Set(one.received.map(({ resource }) => keyOf(resource)))
      const held = ((scene.person?.record ?? []) as unknown as Resource[]).filter(
        (resource) => resource.resourceType === 'Provenance' && targetsOf(resource).some((key) => keys.has(key)),
      )
      const lost = held.filter(({ id }) => !given.has(id))
      if (lost.length > 0)
        return [
          unmet(one.completed, 'missing-provenance', `${lost.length} Provenance of what is given is left out`, {
            expected: lost.slice(0, 5).map(keyOf),
          }),
        ]
      return given.size > 0
        ? []
        : held.length === 0 && scene.person?.record
          ? [undecided(one.completed, 'the payer holds no Provenance of this member')]
          : [unmet(one.completed, 'missing-provenance', 'the export holds no Provenance', { expected: 'Provenance' })]
    })
  },
)

export const provenanceChecks: readonly Check[] = [associatedDataIsHonoured, provenanceIsGiven]
