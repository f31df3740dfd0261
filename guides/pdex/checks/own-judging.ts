/** How the resources of one kind are judged against a profile of PDex's own. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Finding, Verb } from '../../../harness/verdict.ts'
import { payload } from '../../conformance/payload.ts'
import { few } from '../../core/judging.ts'
import { at, claimedProfiles, codingsAt, keyOf, type Received, type Resource } from '../../core/received.ts'
import { priorAuthorization } from '../profiles.ts'

/** A canonical of PDex. */
export const pdex = (kind: string, id: string): string => `http://hl7.org/fhir/us/davinci-pdex/${kind}/${id}`

/** Does the resource claim that profile, in whatever version? */
export const claims = (resource: Resource, profile: string): boolean =>
  claimedProfiles(resource).some((canonical) => canonical.split('|')[0] === profile)

/** A resource of one kind, and what is wrong with it. */
export type Judge = (
  one: Received,
  all: readonly Received[],
  scene: Scene,
  transcript: Transcript,
) => Finding[] | undefined

/** Judges each resource of a kind; where none has what is asked about (`undefined`), nothing is decided. */
export const each = (
  requirement: string,
  verb: Verb,
  title: string,
  kind: (resource: Resource) => boolean,
  name: string,
  judge: Judge,
): Check =>
  check(requirement, verb, title, (transcript: Transcript, scene: Scene) => {
    const all = payload(transcript, scene)
    const ofKind = all.filter(({ resource }) => kind(resource))
    if (ofKind.length === 0) return [undecided(undefined, `no ${name} came`)]
    const answers = ofKind.map((one) => judge(one, all, scene, transcript))
    if (answers.every((answer) => answer === undefined))
      return [undecided(ofKind[0]?.exchange, `no ${name} has what this is about`)]
    return few(answers.flatMap((answer) => answer ?? []))
  })

/** A finding at an element of it. */
export const wrong = (
  { exchange, resource, expression }: Received,
  code: string,
  message: string,
  path: string,
  detail: { expected?: unknown; actual?: unknown } = {},
): Finding => unmet(exchange, code, `${keyOf(resource)} ${message}`, { ...detail, expression: `${expression}.${path}` })

const isAuthorization = (resource: Resource): boolean =>
  resource.resourceType === 'ExplanationOfBenefit' &&
  (resource.use === 'preauthorization' || claims(resource, priorAuthorization))

/** A check of each prior authorization against its profile. */
export const authorization = (requirement: string, title: string, judge: Judge, verb: Verb = 'SHALL'): Check =>
  each(requirement, verb, title, isAuthorization, 'prior authorization', judge)

/** Every coding set at a path is from one of these systems; several codings of one concept may add others. */
export const fromSystems = (
  one: Received,
  node: unknown,
  path: string,
  where: string,
  systems: readonly string[],
  what: string,
): Finding[] => {
  const concepts = at(node, path)
  return concepts.flatMap((concept) => {
    const codings = codingsAt({ concept }, 'concept')
    return codings.some(({ system }) => systems.includes(system ?? ''))
      ? []
      : [
          wrong(one, 'wrong-system', `has ${what} from another code system`, where, {
            expected: systems,
            actual: codings.map(({ system }) => system),
          }),
        ]
  })
}
