/**
 * Medications that a prescription or dispense only points at: they can be had, and the client gets them (CapStmt
 * notes).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { payload } from '../../conformance/payload.ts'
import { crawlFrom } from '../../core/crawls.ts'
import { few, isMistaken, requests, status, suspicious } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { at, keyOf, type Received } from '../../core/received.ts'
import { anyKey, succeeded } from '../../core/rest.ts'
import { includeOf, notAllPages } from '../include-searches.ts'

/** Medications that a resource points at, instead of naming them. */
const external = ({ resource }: Received): string[] =>
  at(resource, 'medicationReference.reference').flatMap((reference) =>
    String(reference).startsWith('#') ? [] : (anyKey(String(reference)) ?? []),
  )

export const medicationsCanBeHad = check(
  'PDEX-372',
  'SHALL',
  'A medication that is pointed at can be read and included',
  (transcript, scene) => {
    const pointing = payload(transcript, scene).filter(
      (one) =>
        ['MedicationRequest', 'MedicationDispense'].includes(one.resource.resourceType) && external(one).length > 0,
    )
    if (pointing.length === 0) return [undecided(undefined, 'no prescription or dispense points at a Medication')]
    const wanted = new Set(pointing.flatMap(external))
    const reads = requests(
      transcript,
      scene,
      ({ interaction, type, id }, x) => interaction === 'read' && wanted.has(`${type}/${id}`) && !isMistaken(x),
    )
    const includes = ['MedicationRequest', 'MedicationDispense']
      .flatMap((type) => includeOf(transcript, scene, /:medication$/, type))
      .filter((x) => matchesOf(x).some((one) => external(one).length > 0))
    const refused = reads
      .filter((x) => !succeeded(x) && x.response?.status !== 304)
      .flatMap((x) => status(x, [200], 'a medication that is pointed at can be read'))
    // A page may end between a prescription and what comes with it.
    const later = transcript.from(0)
    const dangling = includes.flatMap((x) => {
      const { received, complete } = crawlFrom(x, later)
      const got = new Set(received.map(({ resource }) => keyOf(resource)))
      const lost = matchesOf(x)
        .flatMap(external)
        .filter((key) => !got.has(key))
      if (lost.length > 0 && !complete) return [notAllPages(x)]
      return lost.length > 0
        ? [
            unmet(x, 'missing-include', '_include leaves out a medication that is pointed at', {
              expected: lost.slice(0, 3),
            }),
          ]
        : []
    })
    const open = [...(reads.length === 0 ? ['read'] : []), ...(includes.length === 0 ? ['_include'] : [])]
    return [
      ...few([...refused, ...dangling]),
      ...(open.length > 0
        ? [undecided(undefined, `nobody tried ${open.join(' and ')} of a medication that is pointed at`)]
        : []),
    ]
  },
)

export const clientFollowsMedications = check(
  'PDEX-371',
  'SHALL',
  'The client follows medications that are only pointed at',
  (transcript, scene) => {
    const pointing = payload(transcript, scene).filter((one) => external(one).length > 0)
    if (pointing.length === 0) return [undecided(undefined, 'nothing points at a Medication')]
    const got = new Set(payload(transcript, scene).map(({ resource }) => keyOf(resource)))
    const lost = pointing.filter((one) => external(one).some((key) => !got.has(key)))
    return few(
      lost.map((one) =>
        suspicious(one.exchange, 'not-followed', `the client never gets the medication of ${keyOf(one.resource)}`, {
          expected: external(one),
          expression: one.expression,
        }),
      ),
    )
  },
)

export const medicationChecks: readonly Check[] = [medicationsCanBeHad, clientFollowsMedications]
