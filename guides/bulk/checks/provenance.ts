/**
 * Which Provenance an export gives, with includeAssociatedData and without (Bulk Data 2.0 export, query parameters).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { isMistaken } from '../../core/judging.ts'
import { keyOf, type Received, type Resource } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { agentsOf, isOrigin, isTransmitter, targetsOf } from '../../pdex/origins.ts'
import { type Export, exportsIn, isUnfiltered } from '../exports.ts'
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
      const given = provenanceOf(one.received).map(({ resource }) => resource)
      const held = scene.person?.record && heldFor(scene, one)
      if (given.length === 0)
        return held?.length === 0
          ? [undecided(one.completed, 'the payer holds no Provenance of this member')]
          : [unmet(one.completed, 'missing-provenance', 'no Provenance is given with the data', { expected: values })]
      if (!values.includes('LatestProvenanceResources') || values.includes('RelevantProvenanceResources')) return []
      const origins = byTarget(given.filter((resource) => !isTransmission(resource)))
      const newest = byTarget(held ?? [])
      const late = [...origins].filter(([key, of]) => recordedLast(of) < recordedLast(newest.get(key) ?? []))
      if (late.length > 0)
        return [
          unmet(one.completed, 'not-the-latest', 'a resource has another Provenance than its latest', {
            actual: late.slice(0, 5).map(([key]) => key),
          }),
        ]
      const several = [...origins].filter(([, of]) => of.length > 1).map(([key]) => key)
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

/** The payer's own Provenance of sending, which stands beside the record's: it names no author and no source. */
const isTransmission = (resource: Resource): boolean =>
  agentsOf(resource).some(isTransmitter) && !agentsOf(resource).some(isOrigin)

const byTarget = (all: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> => {
  const found = new Map<string, Resource[]>()
  for (const resource of all)
    for (const key of targetsOf(resource)) found.set(key, [...(found.get(key) ?? []), resource])
  return found
}

const recordedLast = (all: readonly Resource[]): number =>
  Math.max(...all.map(({ recorded }) => Date.parse(String(recorded))).filter((at) => !Number.isNaN(at)), 0)

/** Provenance in the payer's record of what an export gives. */
const heldFor = (scene: Scene, { received }: Export): Resource[] => {
  const keys = new Set(received.map(({ resource }) => keyOf(resource)))
  return ((scene.person?.record ?? []) as unknown as Resource[]).filter(
    (resource) => resource.resourceType === 'Provenance' && targetsOf(resource).some((key) => keys.has(key)),
  )
}

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
      const held = heldFor(scene, one)
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
