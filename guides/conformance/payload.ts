/** What the requester received from the responder about a member: whole resources, each content once. */
import type { Scene } from '../../harness/scene.ts'
import type { Transcript } from '../../harness/transcript.ts'
import { fhirMoves } from '../core/judging.ts'
import { isSubsetted, type Received, type Resource, resourcesIn } from '../core/received.ts'
import { succeeded } from '../core/rest.ts'

const contents = new WeakMap<Resource, string>()

/** A resource as text, written once. */
export function contentOf(resource: Resource): string {
  const content = contents.get(resource) ?? JSON.stringify(resource)
  contents.set(resource, content)
  return content
}

/** Whole resources that came, each content once, where it came first. Asked for in any case: a verdict rests on them. */
export const retrieved = (transcript: Transcript, { requester, responder }: Scene): readonly Received[] =>
  transcript.known(`payload from ${responder} to ${requester}`, () => {
    const exchanges = transcript.some(
      fhirMoves.filter((move) => move !== 'metadata' && move !== 'member-match'),
      { from: requester, to: responder, where: (x) => succeeded(x) && resourcesIn(x).length > 0 },
    )
    const found = new Map<string, Received>()
    for (const received of exchanges.flatMap(resourcesIn)) {
      const { resource } = received
      if (resource.resourceType === 'Bundle' || resource.resourceType === 'Parameters') continue
      if (isSubsetted(resource)) continue
      const content = contentOf(resource)
      if (!found.has(content)) found.set(content, received)
    }
    return [...found.values()]
  })

/** What the requester received from the responder about a member, each content once; nothing that was cut short. */
export const payload = (transcript: Transcript, scene: Scene): Received[] => [...retrieved(transcript, scene)]

/** Of one type. */
export const payloadOf = (transcript: Transcript, scene: Scene, type: string): Received[] =>
  payload(transcript, scene).filter(({ resource }) => resource.resourceType === type)
