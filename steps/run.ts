/**
 * The run that is going on: who sits where, by which editions, and where the lines go. Set once by whoever starts the
 * runner; the sentences and hooks read it here, since Cucumber makes the worlds itself.
 */
import type { Actor, ActorName } from '../harness/actor.ts'
import type { Clock } from '../harness/clock.ts'
import type { Editions } from '../harness/edition.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Fixture, FixtureAnswer } from '../harness/fixture.ts'
import type { Journal } from '../harness/journal.ts'
import type { Person } from '../harness/person.ts'
import type { Requirement } from '../harness/requirement.ts'
import type { Transcript } from '../harness/transcript.ts'

/** One scenario's private world, whoever answers in it. */
export interface Tenancy {
  readonly actors: Readonly<Record<ActorName, Actor>>
  readonly clock: Clock
  /** Makes it true. Throws `cannot-set-up` when this system cannot be brought there: the scenario is then skipped. */
  setUp(actor: ActorName, fixture: Fixture): Promise<FixtureAnswer>
  /** Lets that many seconds go by. Throws `cannot-set-up` when this system's clock cannot be moved and it would take too long. */
  pass(seconds: number): Promise<void>
  /** A member of the cast. Throws `cannot-set-up` when the plan names nobody for the part. */
  person(name: string): Person
  close(): Promise<void>
}

/** Where scenarios are played: everything simulated, or with a system under test in a seat. */
export interface Stage {
  readonly seats: readonly {
    readonly actor: string
    readonly played: 'simulated' | 'under test'
    readonly base?: string
  }[]
  open(scenario: string, editions: Editions, transcript: Transcript): Promise<Tenancy>
  close(): Promise<void>
}

export interface Run {
  readonly stage: Stage
  readonly editions: Editions
  readonly journal: Journal
  readonly requirements: ReadonlyMap<string, Requirement>
  /** "Cannot reach" in a row, over scenarios; the breaker opens at the limit. */
  unreachable: number
  /** Why no further scenario is played. */
  interrupted?: string
  /** What the ids of scenarios begin with. */
  readonly prefix: string
  /** Gives ids by place instead. */
  readonly idOf?: (place: { readonly uri: string; readonly line: number }, editions: Editions) => string
  /** Scenarios told so far: the next one is `${prefix}${told + 1}`. */
  told: number
}

let current: Run | undefined

/** Puts a run in the place where hooks and worlds find it. */
export const beginRun = (run: Run): void => {
  current = run
}

/** The run that is going on. Throws `internal` when there is none: steps are played by `vitruvian run` alone. */
export const theRun = (): Run => {
  if (!current)
    throw new HarnessError('internal', 'no run is going on', { remedy: 'play the scenarios with "npx vitruvian run"' })
  return current
}
