/** The running scenario: its actors, its transcript, what it has established, what was judged. Sentences speak to it. */
import { world as scope, setWorldConstructor, World } from '@cucumber/cucumber'
import { consentTerms } from '../flows/match-member.ts'
import type { Actor, ActorName } from '../harness/actor.ts'
import { type Check, verdictOf } from '../harness/check.ts'
import type { Clock } from '../harness/clock.ts'
import { holdsAt } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import type { Fixture, FixtureAnswer } from '../harness/fixture.ts'
import type { Person } from '../harness/person.ts'
import type { Happening, Scene } from '../harness/scene.ts'
import { Transcript } from '../harness/transcript.ts'
import type { Verdict } from '../harness/verdict.ts'
import { fixtureWords } from './fixture-words.ts'
import { type Tenancy, theRun } from './run.ts'

export class HarnessWorld extends World {
  readonly transcript = new Transcript()
  readonly verdicts: Verdict[] = []
  /** Id in the record; empty until the scenario is told. */
  id = ''
  /** Number of the step that is going on, from 1. */
  step = 0
  /** Why the rest of the scenario is not played. */
  skipped: string | undefined
  /** Our own trouble, if there was any. */
  trouble: string | undefined
  /** What was made true off the wire, in words, each with the step that did. */
  readonly arranged: { readonly step: number; readonly words: string }[] = []
  // Not #private: Cucumber hands the world to arrow functions through a proxy, which has no private members.
  private tenancy: Tenancy | undefined
  private established: Partial<Scene> = {}
  private readonly people = new Map<string, Person>()
  private readonly happened: Happening[] = []

  /** Enters the scenario's private world. */
  enter(tenancy: Tenancy): void {
    this.tenancy = tenancy
  }

  async leave(): Promise<void> {
    await this.tenancy?.close()
    this.tenancy = undefined
  }

  actor(name: ActorName): Actor {
    return this.here.actors[name]
  }

  person(name: string): Person {
    const person = this.here.person(name)
    this.people.set(name, person)
    return person
  }

  get clock(): Clock {
    return this.here.clock
  }

  /** Makes fixtures true; a system that cannot be brought there has the scenario skipped, with the reason. */
  async setUp(actor: Actor, ...fixtures: Fixture[]): Promise<'skipped' | undefined> {
    for (const fixture of fixtures) {
      try {
        await this.arrange(actor, fixture)
        this.happened.push({ fixture, after: this.transcript.length })
      } catch (error) {
        if (!isHarnessError(error, 'cannot-set-up')) throw error
        this.skipped = error.message
        return 'skipped'
      }
    }
    return undefined
  }

  /**
   * Has the client registered by hand where the system lets us, so that not every scenario begins with a registration. False
   * where it does not: then the client has to register itself.
   */
  async enrols(client: Actor, payer: Actor, metadata: Readonly<Record<string, unknown>>): Promise<boolean> {
    const clientId = `${client.name.replaceAll(' ', '-')}-by-hand`
    const answer = await this.byHand(payer, { is: 'registered', payer: client.name, clientId, metadata })
    if (answer) client.registeredByHand(payer.name, { clientId, ...answer })
    return answer !== undefined
  }

  /**
   * Has the client's match of that member, who lets everything go, made by hand where the system lets us, so that not every
   * scenario begins with a match. False where it does not: then the client has to match.
   */
  async introduces(payer: Actor, client: Actor, clientId: string, person: Person): Promise<boolean> {
    const terms = consentTerms(this.clock.now(), { policy: 'sensitive' })
    const fixture = { is: 'matched', payer: client.name, clientId, person: person.name, ...terms } as const
    const answer = await this.byHand(payer, fixture)
    if (answer) {
      client.matchedByHand(payer.name, person.name, answer.match ?? {})
      this.happened.push({ fixture, after: this.transcript.length })
    }
    return answer !== undefined
  }

  /** Lets time go by; where nobody can move the clock that far the scenario is skipped. */
  async pass(seconds: number): Promise<'skipped' | undefined> {
    try {
      await this.here.pass(seconds)
      return undefined
    } catch (error) {
      if (!isHarnessError(error, 'cannot-set-up')) throw error
      this.skipped = error.message
      return 'skipped'
    }
  }

  /** Notes what the sentences have established, for the checks to know. */
  establish(facts: Partial<Scene>): void {
    this.established = { ...this.established, ...facts, facts: { ...this.established.facts, ...facts.facts } }
  }

  get scene(): Scene {
    return {
      requester: 'requesting payer',
      responder: 'responding payer',
      facts: {},
      ...this.established,
      people: [...this.people.values()],
      happened: this.happened,
      editions: theRun().editions,
      now: this.clock.now().toISOString(),
    }
  }

  /** Weighs each check that holds in this edition. Never throws for what it finds: every sentence is heard. */
  judge(...checks: Check[]): void {
    const { editions, requirements, journal } = theRun()
    for (const check of checks) {
      const requirement = requirements.get(check.requirement)
      if (!requirement) throw new HarnessError('internal', `the ledger has no ${check.requirement}`)
      const version = editions[requirement.guide]
      if (version !== undefined && !holdsAt(requirement.versions, version)) continue
      const verdict = verdictOf(check, this.transcript, this.scene)
      this.verdicts.push(verdict)
      journal({ line: 'verdict', scenario: this.id, step: this.step, verdict })
    }
  }

  /** What the system says when it has made the fixture true; undefined where it cannot be brought there. */
  private async byHand(payer: Actor, fixture: Fixture): Promise<FixtureAnswer | undefined> {
    try {
      return await this.arrange(payer, fixture)
    } catch (error) {
      if (!isHarnessError(error, 'cannot-set-up')) throw error
      return undefined
    }
  }

  private async arrange(actor: Actor, fixture: Fixture): Promise<FixtureAnswer> {
    const answer = await this.here.setUp(actor.name, fixture)
    this.arranged.push({ step: this.step, words: fixtureWords(fixture, actor.name) })
    return answer
  }

  private get here(): Tenancy {
    if (!this.tenancy) throw new HarnessError('internal', 'the scenario has not been entered')
    return this.tenancy
  }
}
setWorldConstructor(HarnessWorld)

/** The running scenario's world, for arrow functions. */
export const world = scope as unknown as HarnessWorld
