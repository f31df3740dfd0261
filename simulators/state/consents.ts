/**
 * What members let a payer see: the consents that came with a match, who matched whom, and the members' own overrides.
 * HRex mm-13 (the consent of a match is kept), PDex "Consent Revocation".
 */
import type { ConsentPolicy } from '../../harness/person.ts'
import { placeInPeriod } from './period.ts'

/** Identifier of an organization, as Consent actors name it. */
export interface Requester {
  readonly system: string
  readonly value: string
}

export interface CapturedConsent {
  readonly patientId: string
  readonly clientId: string
  readonly requester: Requester
  readonly policy: ConsentPolicy
  /** FHIR date or dateTime; both days are inside. */
  readonly start: string
  readonly end: string
  readonly receivedAt: Date
}

type Obstacle = 'none' | 'not-yet' | 'expired' | 'revoked' | 'blocked'
type Decision =
  | { readonly permitted: true; readonly policy: ConsentPolicy }
  | { readonly permitted: false; readonly reason: Obstacle }

/** What is held for one member and one requester: the latest consent, which supersedes those before it, and the override. */
interface Held {
  consent: CapturedConsent | undefined
  /** The states of consent-state-codes that a captured consent can be in. */
  status: 'active' | 'inactive'
  blocked: boolean
}

/** Asked in this order; the first that stands in the way decides. */
const obstacles: readonly (readonly [Obstacle, (held: Held, now: Date) => boolean])[] = [
  ['blocked', (held) => held.blocked],
  ['none', (held) => held.consent === undefined],
  ['revoked', (held) => held.status === 'inactive'],
  ['not-yet', (held, now) => placeInPeriod(held.consent?.start, held.consent?.end, now) === 'before'],
  ['expired', (held, now) => placeInPeriod(held.consent?.start, held.consent?.end, now) !== 'within'],
]

export class Consents {
  readonly #held = new Map<string, Held>()
  readonly #matched = new Set<string>()

  /** Keeps the consent of a successful match; it takes the place of any earlier one, and ends a revocation but not a block. */
  store(consent: CapturedConsent): void {
    const held = this.#open(consent.patientId, consent.requester)
    this.#matched.add(`${consent.clientId} ${consent.patientId}`)
    if (held.consent && held.consent.receivedAt.getTime() > consent.receivedAt.getTime()) return
    held.consent = consent
    held.status = 'active'
  }

  /** May that organization see that member's data now, and which? */
  decision(patientId: string, requester: Requester, now: Date): Decision {
    const held = this.#held.get(about(patientId, requester))
    if (!held) return { permitted: false, reason: 'none' }
    const obstacle = obstacles.find(([, stands]) => stands(held, now))
    if (obstacle) return { permitted: false, reason: obstacle[0] }
    return { permitted: true, policy: (held.consent as CapturedConsent).policy }
  }

  /** The consent in force or last known for them, whatever its state. */
  latest(patientId: string, requester: Requester): CapturedConsent | undefined {
    return this.#held.get(about(patientId, requester))?.consent
  }

  /** Did that client match that member with a consent? */
  hasMatched(clientId: string, patientId: string): boolean {
    return this.#matched.has(`${clientId} ${patientId}`)
  }

  /** The consent that was captured ends now; a new match with a new consent begins again. */
  revoke(patientId: string, requester: Requester): void {
    this.#open(patientId, requester).status = 'inactive'
  }

  /** The member told us not to share with that payer, whatever a consent says. */
  block(patientId: string, requester: Requester): void {
    this.#open(patientId, requester).blocked = true
  }

  unblock(patientId: string, requester: Requester): void {
    this.#open(patientId, requester).blocked = false
  }

  isBlocked(patientId: string, requester: Requester): boolean {
    return this.#held.get(about(patientId, requester))?.blocked ?? false
  }

  #open(patientId: string, requester: Requester): Held {
    const at = about(patientId, requester)
    const known = this.#held.get(at)
    if (known) return known
    const held: Held = { consent: undefined, status: 'active', blocked: false }
    this.#held.set(at, held)
    return held
  }
}

/** No id has a space; a system may hold anything, and is told with its length, so that no two can be taken for one. */
const about = (patientId: string, { system, value }: Requester): string =>
  `${patientId} ${system.length} ${system} ${value}`
