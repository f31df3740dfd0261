/**
 * Do the resources that came satisfy their profiles? Asked of the validator once for each distinct content; a resource
 * conforms when it is valid under one of its legal profiles, and what the validator leaves open stays open.
 */
import { undecided, unmet } from '../../harness/check.ts'
import { type Editions, editionsText } from '../../harness/edition.ts'
import { once } from '../../harness/once.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Transcript } from '../../harness/transcript.ts'
import type { ProfileIssue, Validate, Validation } from '../../harness/validation.ts'
import type { Finding } from '../../harness/verdict.ts'
import { few } from '../core/judging.ts'
import { at, claimedProfiles, keyOf, type Received, type Resource } from '../core/received.ts'
import { legalProfiles } from '../pdex/profiles.ts'
import { alternatives } from './must-support.ts'
import { contentOf, retrieved } from './payload.ts'

export interface Conformance {
  readonly received: Received
  readonly is: 'valid' | 'invalid' | 'undecided' | 'unprofiled'
  /** The profile that it satisfies, or the likeliest of those that it should. */
  readonly profile?: string
  /** Of that profile, errors only. */
  readonly issues: readonly ProfileIssue[]
  readonly reason?: string
}

/** Elements that a profile marks as must-support, as paths below the type (`name.family`); undefined where it is unknown. */
export type MustSupport = (profile: string, editions: Editions) => readonly string[] | undefined

/** What a validator has said under one set of editions: by content, which is valid wherever it comes, and of each resource. */
interface Answers {
  readonly byContent: Map<string, Map<string, Validation>>
  readonly judged: WeakMap<Resource, Omit<Conformance, 'received'>>
}
const answers = new WeakMap<Validate, Map<string, Answers>>()
const mostContents = 20_000

function answersOf(validate: Validate, editions: Editions): Answers {
  const known = answers.get(validate) ?? new Map<string, Answers>()
  answers.set(validate, known)
  return once(known, editionsText(editions), () => ({ byContent: new Map(), judged: new WeakMap() }))
}

/** Asks the validator once for each content and profile. */
function asking(validate: Validate, editions: Editions): (resource: Resource, profile: string) => Validation {
  const { byContent } = answersOf(validate, editions)
  return (resource, profile) => {
    const said = once(byContent, contentOf(resource), () => new Map<string, Validation>(), mostContents)
    return once(said, profile, () => validate(resource, profile, editions))
  }
}

/** The payload, judged; only what fits, since judging is work. */
export function conformances(
  transcript: Transcript,
  scene: Scene,
  validate: Validate,
  fits: (resource: Resource) => boolean = () => true,
): readonly Conformance[] {
  const { editions } = scene
  const { judged } = answersOf(validate, editions)
  const ask = asking(validate, editions)
  return retrieved(transcript, scene)
    .filter(({ resource }) => fits(resource))
    .map((received) => {
      const { resource } = received
      const known =
        judged.get(resource) ?? judge(legalProfiles(resource, editions), (profile) => ask(resource, profile))
      judged.set(resource, known)
      return { received, ...known }
    })
}

function judge(profiles: readonly string[], ask: (profile: string) => Validation): Omit<Conformance, 'received'> {
  if (profiles.length === 0) return { is: 'unprofiled', issues: [] }
  let first: Omit<Conformance, 'received'> | undefined
  let open: Omit<Conformance, 'received'> | undefined
  for (const profile of profiles) {
    const answer = ask(profile)
    if (!answer.decided) {
      open ??= { is: 'undecided', profile, issues: [], reason: answer.reason }
      continue
    }
    const issues = answer.issues.filter(({ severity }) => severity === 'error')
    if (issues.length === 0) return { is: 'valid', profile, issues }
    first ??= { is: 'invalid', profile, issues }
  }
  return open ?? first ?? { is: 'unprofiled', issues: [] }
}

/** What each resource says of itself in meta.profile, and whether it is so. */
export function claims(
  transcript: Transcript,
  scene: Scene,
  validate: Validate,
): { received: Received; profile: string; answer: Validation }[] {
  const ask = asking(validate, scene.editions)
  return retrieved(transcript, scene).flatMap((received) =>
    claimedProfiles(received.resource).map((profile) => ({
      received,
      profile,
      answer: ask(received.resource, profile),
    })),
  )
}

/**
 * Findings for the resources that fit: what is invalid is unmet; what is undecided stays undecided; without any such resource
 * nothing can be said. `about` names them in a sentence.
 */
export function conforming(
  all: readonly Conformance[],
  fits: (one: Conformance) => boolean,
  about: string,
  matters: (issue: ProfileIssue) => boolean = () => true,
): Finding[] {
  const chosen = all.filter(fits)
  if (chosen.length === 0) return [undecided(undefined, `the member's data holds no ${about}`)]
  const wrong = chosen
    .filter(({ is, issues }) => is === 'invalid' && issues.some(matters))
    .map(({ received, profile = '', issues }) => {
      const issue = issues.find(matters) as ProfileIssue
      const others = issues.filter(matters).length - 1
      return unmet(
        received.exchange,
        'invalid-resource',
        `${keyOf(received.resource)} does not satisfy ${nameOf(profile)}: ${issue.message}${others > 0 ? ` (and ${others} more)` : ''}`,
        { expected: profile, actual: issue.code, expression: `${received.expression}: ${issue.expression}` },
      )
    })
  const unprofiled = chosen.filter(({ is }) => is === 'unprofiled')
  const open = chosen.filter(({ is }) => is === 'undecided')
  return [
    ...few(wrong),
    ...open
      .slice(0, 1)
      .map(({ received, reason }) =>
        undecided(received.exchange, `${open.length} of ${chosen.length} ${about} could not be validated: ${reason}`),
      ),
    ...unprofiled
      .slice(0, 1)
      .map(({ received }) =>
        undecided(received.exchange, `no profile of this edition is made for ${keyOf(received.resource)}`),
      ),
  ]
}

const nameOf = (profile: string): string => (profile.split('|')[0] ?? profile).split('/').at(-1) ?? profile

/** True for an issue that a required element is missing. */
export const isMissing = ({ code }: ProfileIssue): boolean =>
  code === 'cardinality-min' || code === 'slice-min' || code === 'required'

/** The value at an element path, `value[x]` standing for any of its types. */
function valuesAt(resource: unknown, path: string): unknown[] {
  const steps = path.split('.')
  let found: unknown[] = [resource]
  for (const step of steps) {
    if (!step.endsWith('[x]')) {
      found = found.flatMap((node) => [...at(node, step), ...at(node, `_${step}`)])
      continue
    }
    const stem = step.slice(0, -3)
    found = found.flatMap((node) =>
      Object.entries((node ?? {}) as Record<string, unknown>)
        .filter(([name]) => name.startsWith(stem) && /[A-Z]/.test(name[stem.length] ?? ''))
        .map(([, value]) => value),
    )
  }
  return found
}

/** Is there anything at that path? */
export const hasValue = (resource: unknown, path: string): boolean => valuesAt(resource, path).length > 0

/** Instances by the profile that they satisfy or should. */
const byProfile = (all: readonly Conformance[]): Map<string, Conformance[]> => {
  const found = new Map<string, Conformance[]>()
  for (const one of all) {
    const profile = one.profile?.split('|')[0]
    if (profile === undefined) continue
    const list = found.get(profile)
    if (list) list.push(one)
    else found.set(profile, [one])
  }
  return found
}

/** The other elements that may stand for this one. */
export const insteadOf = (path: string): readonly string[] =>
  alternatives.find((choice) => choice.includes(path)) ?? [path]

/**
 * The payer's own records of what came, as far as they are known. What did not come at all may be kept back, or nobody asked for
 * it: whether it had to come is judged elsewhere.
 */
function heldFor(profile: string, instances: readonly Conformance[], { person, editions }: Scene): Resource[] {
  const came = new Set(instances.map(({ received }) => keyOf(received.resource)))
  return ((person?.record ?? []) as unknown as Resource[]).filter(
    (resource) => came.has(keyOf(resource)) && legalProfiles(resource, editions)[0] === profile,
  )
}

/** What nobody gave: unmet where the payer holds it, open where it holds no such data or nobody knows. */
function notGiven(
  profile: string,
  missing: readonly string[],
  instances: readonly Conformance[],
  scene: Scene,
  how: string,
): Finding[] {
  if (missing.length === 0) return []
  const exchange = instances[0]?.received.exchange
  const record = heldFor(profile, instances, scene)
  const held = missing.filter((path) => record.some((resource) => hasValue(resource, path)))
  const open = missing.filter((path) => !held.includes(path))
  return [
    ...(held.length > 0
      ? [
          unmet(exchange, 'never-populated', `the payer holds ${held.join(', ')} of ${nameOf(profile)} and ${how}`, {
            expected: held,
            expression: profile,
          }),
        ]
      : []),
    ...(open.length > 0
      ? [undecided(exchange, `nobody knows of any data for ${open.join(', ')} of ${nameOf(profile)}`)]
      : []),
  ]
}

/**
 * Must-support elements that no instance of their profile has. A payer may hold no such data: that is a question to the payer,
 * and a failure only where its record is known to have it.
 */
export function neverSeen(all: readonly Conformance[], scene: Scene, mustSupport: MustSupport): Finding[] {
  let judged = 0
  const found = [...byProfile(all)].flatMap(([profile, instances]) => {
    const ids = mustSupport(profile, scene.editions)
    if (!ids) return []
    judged++
    const missing = ids.filter((id) =>
      insteadOf(id).every((path) => !instances.some(({ received }) => hasValue(received.resource, path))),
    )
    return notGiven(profile, missing, instances, scene, 'gives it in no instance')
  })
  return judged > 0
    ? found
    : [undecided(undefined, 'which elements the profiles mark as must-support is not known here')]
}

/** Must-support elements that are missing wherever their optional parent is present. */
export function withoutChildren(all: readonly Conformance[], scene: Scene, mustSupport: MustSupport): Finding[] {
  let judged = 0
  const found = [...byProfile(all)].flatMap(([profile, instances]) => {
    const missing = (mustSupport(profile, scene.editions) ?? []).filter((path) => {
      if (!path.includes('.') || insteadOf(path).length > 1) return false
      const [above, child] = [path.slice(0, path.lastIndexOf('.')), path.slice(path.lastIndexOf('.') + 1)]
      const parents = instances.flatMap(({ received }) => valuesAt(received.resource, above))
      if (parents.length === 0) return false
      judged++
      return !parents.some((node) => hasValue(node, child) || hasReason(node))
    })
    return notGiven(profile, missing, instances, scene, 'gives the parent alone')
  })
  return judged > 0 ? few(found, 20) : [undecided(undefined, 'no parent of a must-support element came')]
}

const reasonUrl = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason'
const hasReason = (node: unknown): boolean => at(node, 'extension.url').includes(reasonUrl)
