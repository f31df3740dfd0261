/** Does the client go on after an answer that could trouble it? Told by what it leaves undone: a next link, a file of an export. */
import { undecided, unmet } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { exportsIn } from '../bulk/exports.ts'
import { few, isMistaken } from '../core/judging.ts'
import { hasNode, nextOf, type Resource, resourcesIn } from '../core/received.ts'
import { asked, succeeded } from '../core/rest.ts'
import { retrieving } from '../pdex/member.ts'

const reason = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason'

/** Codes by which FHIR says that a value is missing, as an extension or as a coding. */
export const saysWhyMissing = (resource: Resource): boolean =>
  hasNode(
    resource,
    ({ url, system }) => url === reason || system === 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  )

/** An extension of none of the guides that the exchange is made of. */
export const hasUnexpectedExtension = (resource: Resource): boolean =>
  hasNode(
    resource,
    ({ url }, list) =>
      list === 'extension' &&
      typeof url === 'string' &&
      /^https?:\/\//.test(url) &&
      !/^https?:\/\/(hl7\.org|terminology\.hl7\.org)\//.test(url),
  )

/** At least this many elements below the top: a resource that is filled. */
export const isFull = (resource: Resource): boolean => {
  let nodes = 0
  return hasNode(resource, () => ++nodes >= 8)
}

/** Findings for a client that stops after an answer with such a resource. */
export function goesOn(
  transcript: Transcript,
  scene: Scene,
  troubling: (resource: Resource) => boolean,
  what: string,
): Finding[] {
  const answers = transcript.some(retrieving, {
    from: scene.requester,
    to: scene.responder,
    where: (x) => succeeded(x) && !isMistaken(x) && resourcesIn(x).some(({ resource }) => troubling(resource)),
  })
  const all = transcript.from(0)
  const stopped = answers.filter((x) => leftUndone(x, all))
  if (stopped.length > 0)
    return few(
      stopped.map((x) => unmet(x, 'stopped', `the client does not go on after ${what}`, { expected: 'the next page' })),
    )
  const unfinished = exportsIn(transcript, scene.responder).filter(
    ({ kickOff, manifest, whole, files, received }) =>
      kickOff.from === scene.requester &&
      manifest !== undefined &&
      !whole &&
      files.length > 0 &&
      received.some(({ resource }) => troubling(resource)),
  )
  if (unfinished.length > 0)
    return unfinished.map(({ files }) =>
      unmet(files.at(-1), 'stopped', `the client leaves files of the export behind after ${what}`, {
        expected: 'every file',
      }),
    )
  const first = answers[0] as Exchange
  const went = all.slice(all.indexOf(first) + 1).some((x) => x.from === scene.requester && x.to === scene.responder)
  return went ? [] : [undecided(first, 'nothing was left to do after it')]
}

/** A next link that nobody followed. */
const leftUndone = (x: Exchange, all: readonly Exchange[]): boolean => {
  const next = nextOf(x)
  return next !== undefined && !all.some((y) => y.from === x.from && asked(y).address === next)
}
