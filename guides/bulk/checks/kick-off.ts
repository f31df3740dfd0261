/** Beginning an export: how it is asked for, and what an accepted one is answered (Bulk Data 2.0 export, kick-off). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, header, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, hasToken, isMistaken, putOff, status } from '../../core/judging.ts'
import { keyOf } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { exportsIn, typesAskedFor } from '../exports.ts'
import { kickOffs, soundKickOffs } from '../judging.ts'

/** Whoever is answered with success is answered alike: sound kick-offs, and those that only do not prefer to wait. */
const accepted = (transcript: Transcript, scene: Scene): Exchange[] =>
  kickOffs(
    transcript,
    scene,
    (x) =>
      x.from === scene.requester &&
      hasToken(x) &&
      (!isMistaken(x) || (x.intent.mistake === 'no-prefer' && succeeded(x))) &&
      !(isRefusal(x) && needNotBeTaken(x)),
  )

const isRefusal = ({ response }: Exchange): boolean => response !== undefined && response.status >= 400

/** What a server may refuse: POST, parameters that are optional for it, and more exports at once than it can do. */
const optional = ['_type', '_elements', '_typeFilter', 'patient', 'includeAssociatedData', '_until']
const needNotBeTaken = (x: Exchange): boolean =>
  x.request.method === 'POST' ||
  x.intent.parallel === 'true' ||
  putOff(x) !== undefined ||
  optional.some((name) => asked(x).params.has(name))

export const startsAsynchronously = check(
  'BULK-010',
  'SHALL',
  'Patient/$export starts an asynchronous job',
  (transcript, scene) =>
    few(accepted(transcript, scene).flatMap((x) => status(x, [202], 'an export is accepted with 202'))),
)

const byMethod = (method: string) => (x: Exchange) => x.request.method === method

export const startsByGet = check('BULK-011', 'SHALL', 'An export is started by GET', (transcript, scene) => {
  const made = soundKickOffs(transcript, scene, byMethod('GET'))
  const first = made.find((x) => putOff(x) === undefined) ?? (made[0] as Exchange)
  return status(first, [202], 'an export is started by GET')
})

export const startsByPost = check('BULK-012', 'MAY', 'An export is started by POST', (transcript, scene) =>
  soundKickOffs(transcript, scene, byMethod('POST')).flatMap((x) =>
    succeeded(x)
      ? [...status(x, [202], 'an export is started by POST'), ...unheard(transcript, scene, x)]
      : [undecided(x, `POST is refused with ${x.response?.status}`)],
  ),
)

/** What Parameters ask for is what comes of it: a body that nobody reads asks for everything. */
function unheard(transcript: Transcript, scene: Scene, kickOff: Exchange): Finding[] {
  const types = typesAskedFor(kickOff)
  const one = exportsIn(transcript, scene.responder).find((other) => other.kickOff === kickOff)
  const others = (types && one?.received.filter(({ resource }) => !types.has(resource.resourceType))) ?? []
  return few(
    others.map(({ exchange, resource, expression }) =>
      unmet(exchange, 'ignored-parameter', `${keyOf(resource)} is of none of the types that were asked for by POST`, {
        expected: [...(types ?? [])],
        expression,
      }),
    ),
  )
}

const sentHeader = (
  requirement: string,
  title: string,
  name: string,
  fits: (value: string) => boolean,
  expected: string,
): Check =>
  check(requirement, 'SHOULD', title, (transcript, scene) =>
    soundKickOffs(transcript, scene).flatMap((x) => {
      const value = header(x.request, name)
      return value !== undefined && fits(value)
        ? []
        : [
            unmet(x, 'missing-header', `the kick-off does not say ${name}: ${expected}`, {
              expected,
              actual: value,
              expression: name,
            }),
          ]
    }),
  )

export const clientAcceptsFhir = sentHeader(
  'BULK-014',
  'The client accepts application/fhir+json',
  'Accept',
  (value) => value.includes('application/fhir+json'),
  'application/fhir+json',
)
export const clientPrefersAsync = sentHeader(
  'BULK-015',
  'The client prefers an asynchronous answer',
  'Prefer',
  (value) => value.includes('respond-async'),
  'respond-async',
)

export const saysWhereToAsk = check(
  'BULK-016',
  'SHALL',
  'An accepted export says in Content-Location where to ask about it',
  (transcript, scene) =>
    few(
      accepted(transcript, scene).flatMap((x): Finding[] => {
        const found = status(x, [202], 'a sound kick-off is accepted with 202')
        if (found.length > 0) return found
        const location = header(answered(x), 'content-location')
        return location !== undefined && /^https?:\/\//.test(location)
          ? []
          : [
              unmet(x, 'relative-link', 'Content-Location is an absolute URL', {
                expected: 'https://…',
                actual: location,
                expression: 'Content-Location',
              }),
            ]
      }),
    ),
)

export const kickOffChecks: readonly Check[] = [
  startsAsynchronously,
  startsByGet,
  startsByPost,
  clientAcceptsFhir,
  clientPrefersAsync,
  saysWhereToAsk,
]

const ofGroups = 'Groups belong to the bulk exchange of many members: this exchange is about one Patient'
const of3 = 'a rule of Bulk Data 3.0 or later, and PDex builds on 2.0.0'
export const kickOffUntested: Readonly<Record<string, string>> = {
  'BULK-006': 'the files of one member are sent in one go: no download lasts until the export expires',
  'BULK-007': ofGroups,
  'BULK-020': ofGroups,
  'BULK-061': of3,
  'BULK-088': of3,
  'BULK-100': ofGroups,
  'BULK-101': of3,
}
