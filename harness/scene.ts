/** What a scenario has established, as far as a check must know it to judge: plain data, kept in the record. */
import type { Editions } from './edition.ts'
import type { Fixture } from './fixture.ts'
import type { ConsentPolicy, Person } from './person.ts'

/** A fixture that was made true, and how many exchanges there had been. */
export interface Happening {
  readonly fixture: Fixture
  readonly after: number
}

export interface Scene {
  readonly editions: Editions
  /** ISO instant by the scenario's clock at the time of judging. */
  readonly now: string
  /** The member whom the scenario is about. */
  readonly person?: Person
  /** Somebody else whom the responding payer insures, and whose data must not be seen. */
  readonly bystander?: Person
  /** Everybody whom a sentence of the scenario named. */
  readonly people?: readonly Person[]
  /** What was made true, in order. */
  readonly happened?: readonly Happening[]
  readonly policy?: ConsentPolicy
  /** What the requester may see besides clinical data. Absent: everything. */
  readonly permissions?: { readonly claims: boolean; readonly priorAuthorizations: boolean }
  /** The resource type that the sentence names. */
  readonly type?: string
  /** Further facts of the sentence: `{ bucket: 'none' }`. */
  readonly facts: Readonly<Record<string, string>>
  /** Names of the actors in their parts. */
  readonly requester: string
  readonly responder: string
}
