/** The exchanges of $member-match, understood: what was asked, what came back, and whether a refusal says anything. */
import { noted, undecided, unmet } from '../../harness/check.ts'
import type { Person } from '../../harness/person.ts'
import type { Scene } from '../../harness/scene.ts'
import { answered, type Exchange, json, type SentResponse, type Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { putOff, suspicious } from '../core/judging.ts'
import { at, isResource, outcomeOf, type Resource, resourceOf } from '../core/received.ts'

/** One parameter of a Parameters resource, as it came. */
export interface Part {
  readonly name?: unknown
  readonly resource?: unknown
  readonly valueIdentifier?: { readonly system?: unknown; readonly value?: unknown; readonly type?: unknown }
  readonly valueReference?: { readonly reference?: unknown }
  readonly [element: string]: unknown
}

/** The parameters of a resource; undefined when it is no Parameters. */
export function partsOf(body: unknown): readonly Part[] | undefined {
  if (!isResource(body) || body.resourceType !== 'Parameters') return undefined
  const { parameter } = body
  if (!Array.isArray(parameter)) return []
  return parameter.filter((part): part is Part => typeof part === 'object' && part !== null)
}

/** The parameters that the answer carries under that name. */
export const answeredParts = (exchange: Exchange, name: string): readonly Part[] =>
  (partsOf(resourceOf(exchange)) ?? []).filter((part) => part.name === name)

/** The number of an exchange: a later one has a higher. */
export const order = ({ id }: Exchange): number => Number(id.slice(1))

/** Is it a match: 200 and a MemberIdentifier? */
export const isMatch = (exchange: Exchange): boolean =>
  exchange.response?.status === 200 && answeredParts(exchange, 'MemberIdentifier').length > 0

/** The id of the Patient that the answer to a match leads to; of one of its versions, the Patient's. */
export const memberIdOf = (exchange: Exchange): string | undefined =>
  /(?:^|\/)([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/.exec(
    String(answeredParts(exchange, 'MemberId')[0]?.valueReference?.reference ?? ''),
  )?.[1]

/** True when its sender did not mean it to be wrong. */
export const isSound = ({ intent }: Exchange): boolean => intent.mistake === undefined && intent.guess === undefined

/** A request of the client, with its parts where they have the type that they should have. */
export interface Asked {
  readonly exchange: Exchange
  readonly parts: readonly Part[]
  readonly patient?: Resource
  readonly toMatch?: Resource
  readonly toLink?: Resource
  readonly consent?: Resource
}

/** What the requesting payer sent in good faith. Throws `not-seen` when it never asked for a match. */
export function soundRequests(transcript: Transcript, scene: Scene): readonly Asked[] {
  return transcript.some('member-match', { from: scene.requester, where: isSound }).map(askedIn)
}

/** Judges every request that was sent in good faith. */
export const onRequests =
  (judge: (asked: Asked, scene: Scene) => readonly Finding[]) =>
  (transcript: Transcript, scene: Scene): readonly Finding[] =>
    soundRequests(transcript, scene).flatMap((asked) => judge(asked, scene))

/** Reads a request. Never throws. */
export function askedIn(exchange: Exchange): Asked {
  const parts = partsOf(json(exchange.request)) ?? []
  const resource = (name: string, type: string): Resource | undefined => {
    const found = parts.find((part) => part.name === name)?.resource
    return isResource(found) && found.resourceType === type ? found : undefined
  }
  const patient = resource('MemberPatient', 'Patient')
  const toMatch = resource('CoverageToMatch', 'Coverage')
  const toLink = resource('CoverageToLink', 'Coverage')
  const consent = resource('Consent', 'Consent')
  return {
    exchange,
    parts,
    ...(patient ? { patient } : {}),
    ...(toMatch ? { toMatch } : {}),
    ...(toLink ? { toLink } : {}),
    ...(consent ? { consent } : {}),
  }
}

/** The latest match request of the requesting payer. */
export const lastMatch = (transcript: Transcript, scene: Scene): Exchange =>
  transcript.last('member-match', { from: scene.requester, to: scene.responder })

/** The match that came of the latest sound request; findings when it came to nothing. */
export function onMatch(judge: (exchange: Exchange, scene: Scene) => readonly Finding[]) {
  return (transcript: Transcript, scene: Scene): readonly Finding[] => {
    const x = lastMatch(transcript, scene)
    const { status } = answered(x)
    return status === 200 ? judge(x, scene) : [undecided(x, `there was no match to look at: ${status} came`)]
  }
}

/**
 * The latest request as a refusal to be judged. It says nothing where no good request of this client ever led to a match, and
 * a client that is told to come again later has not been answered.
 */
export function onRefusal(
  judge: (exchange: Exchange, response: SentResponse, scene: Scene) => readonly Finding[],
  which: (transcript: Transcript, scene: Scene) => Exchange = lastMatch,
) {
  return (transcript: Transcript, scene: Scene): readonly Finding[] => {
    const x = which(transcript, scene)
    const response = answered(x)
    const reason = putOff(x) ?? dayMayDiffer(x)
    if (reason) return [undecided(x, reason)]
    return plainMatches(transcript, scene, x).length > 0
      ? judge(x, response, scene)
      : [undecided(x, 'no good request of this client was ever matched here, so a refusal says nothing')]
  }
}

/**
 * A member was asked for with a detail that is not theirs, and is named all the same. Which details must agree is each payer's
 * own rule (HRex mm-2 says that it varies), so this deserves a look and no more, unless somebody else is named.
 */
export function matchedAnyway(x: Exchange, { person, bystander }: Scene): Finding | undefined {
  if (x.intent.mistake === undefined || !isMatch(x) || !person || x.intent.person !== person.name) return undefined
  const value = answeredParts(x, 'MemberIdentifier')[0]?.valueIdentifier?.value
  const names = ({ patientId, memberIdentifier }: Person): readonly (boolean | undefined)[] => [
    memberIdentifier && memberIdentifier.value === value,
    patientId && memberIdOf(x) ? patientId === memberIdOf(x) : undefined,
  ]
  if (names(person).includes(false) || (bystander && names(bystander).includes(true))) return undefined
  return suspicious(x, 'matched-anyway', `${person.name} was asked for ${x.intent.mistake}, and was matched`, {
    expected: '422, where that detail counts here',
    actual: 200,
  })
}

/** The words of an issue: details, diagnostics, or the display or code of its details. */
export const says = (issue: unknown): string =>
  ['details.text', 'diagnostics', 'details.coding.display', 'details.coding.code']
    .flatMap((path) => at(issue, path))
    .filter((text) => typeof text === 'string')
    .join(' ')
    .trim()

/** A request that differs in a way that is legal: matched like the plain request before it. */
export function onVariation(what: string) {
  return (transcript: Transcript, scene: Scene): readonly Finding[] => {
    const x = lastMatch(transcript, scene)
    if (isMatch(x)) return []
    const { status: actual } = answered(x)
    const reason = putOff(x) ?? dayMayDiffer(x)
    if (reason) return [undecided(x, reason)]
    if (plainMatches(transcript, scene, x).length === 0)
      return [undecided(x, `the same request without ${what} was never matched`)]
    const why = at(outcomeOf(x), 'issue').map(says).filter(Boolean).join('; ')
    return [
      unmet(x, 'refused', `the request was matched before, and with ${what} ${actual} came`, { expected: 200, actual }),
      ...(why ? [noted(x, 'reason', `the responder says: ${why}`)] : []),
    ]
  }
}

/** Good requests of this client that were matched, beside `x`. */
const plainMatches = (transcript: Transcript, scene: Scene, x: Exchange): readonly Exchange[] =>
  transcript.all('member-match', {
    from: scene.requester,
    to: scene.responder,
    where: (y) => y !== x && isSound(y) && isMatch(y),
  })

/** Hours of the UTC day in which the Americas may still have yesterday's date. */
const hoursBehind = 11

/**
 * Early on a UTC day the responder's own date may still be yesterday's: a consent that begins today has then not begun for it,
 * and one that ended yesterday has not ended.
 */
function dayMayDiffer(exchange: Exchange): string | undefined {
  const when = new Date(exchange.at)
  if (when.getUTCHours() >= hoursBehind) return undefined
  const { consent } = askedIn(exchange)
  const [start, end] = ['start', 'end'].map((name) => String(at(consent, `provision.period.${name}`)[0] ?? 'none'))
  const today = when.toISOString().slice(0, 10)
  const yesterday = new Date(when.getTime() - 86_400_000).toISOString().slice(0, 10)
  const beginsNow = today.startsWith(start as string) && !yesterday.startsWith(start as string)
  const endedJust = yesterday.startsWith(end as string) && !today.startsWith(end as string)
  return beginsNow || endedJust
    ? 'the period begins today or ended yesterday, and the date may not be the same where the responder is'
    : undefined
}
