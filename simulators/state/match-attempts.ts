/**
 * Who tries card after card on the same demographics: HRex mm-7. The family name and birth date stand for "the same or
 * similar demographics"; what is counted are different cards that did not fit, so that a repeated request is no attack.
 */
import type { Coverage, Patient } from 'fhir/r4.js'
import type { Clock } from '../../harness/clock.ts'
import { defaults } from '../../harness/config.ts'
import { cardNumbers, plain } from './members.ts'

interface Attempts {
  readonly cards: Set<string>
  /** Milliseconds since 1970: forgotten, or let go, after that. */
  until: number
}

/** Minutes that attempts are remembered, and that a guesser is kept out once it is called one. */
const minutes = 15
/** Rows that are kept at most: the oldest give way. */
const capacity = 10_000

export class MatchAttempts {
  readonly #clock: Clock
  readonly #attempts = new Map<string, Attempts>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Seconds until that client may ask about that person again; 0 when it may now. */
  secondsKeptOut(clientId: string, patient: Patient): number {
    const attempts = this.#current(keyOf(clientId, patient))
    if (!attempts || attempts.cards.size < defaults.matchAttempts) return 0
    return Math.ceil((attempts.until - this.#clock.now().getTime()) / 1000)
  }

  /** That card fitted nobody, or more than one. */
  failed(clientId: string, patient: Patient, coverage: Coverage): void {
    const key = keyOf(clientId, patient)
    const attempts = this.#current(key) ?? { cards: new Set<string>(), until: 0 }
    attempts.cards.add(cardNumbers(coverage))
    attempts.until = this.#clock.now().getTime() + minutes * 60_000
    this.#attempts.delete(key)
    this.#attempts.set(key, attempts)
    if (this.#attempts.size > capacity) this.#attempts.delete(this.#attempts.keys().next().value as string)
  }

  /** The right card was shown. */
  succeeded(clientId: string, patient: Patient): void {
    if (this.#attempts.size) this.#attempts.delete(keyOf(clientId, patient))
  }

  #current(key: string): Attempts | undefined {
    const attempts = this.#attempts.get(key)
    if (attempts && attempts.until > this.#clock.now().getTime()) return attempts
    if (attempts) this.#attempts.delete(key)
    return undefined
  }
}

const keyOf = (clientId: string, patient: Patient): string =>
  JSON.stringify([clientId, patient.birthDate, ...(patient.name ?? []).map((name) => plain(name.family ?? '')).sort()])
