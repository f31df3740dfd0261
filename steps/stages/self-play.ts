/**
 * The stage on which every seat is simulated: real HTTPS hosts on ephemeral loopback ports, opened once for a run, and in
 * each of them a tenant of its own for every scenario.
 */
import { type ClientFault, spoiledBy } from '../../flows/faults/client-fault.ts'
import { Actor, type ActorName, type Places } from '../../harness/actor.ts'
import { VirtualClock } from '../../harness/clock.ts'
import { defaults } from '../../harness/config.ts'
import { type Editions, editionsText } from '../../harness/edition.ts'
import { HarnessError } from '../../harness/errors.ts'
import { fetchTrusting } from '../../harness/fetch.ts'
import type { Person } from '../../harness/person.ts'
import { Wire } from '../../harness/wire.ts'
import type { Fault } from '../../simulators/faults/fault.ts'
import { applyFixture, type Company } from '../../simulators/fixtures/apply.ts'
import { cast } from '../../simulators/fixtures/people.ts'
import { type PayerHosts, startPayerHosts } from '../../simulators/payer-hosts.ts'
import type { Watch } from '../../simulators/spoil.ts'
import type { PayerSettings } from '../../simulators/state/payer-state.ts'
import type { HostChoice, Variant } from '../../simulators/variants/variant.ts'
import type { Stage } from '../run.ts'
import { openCommunity } from './community.ts'

/** How the simulated systems differ from the reference, in the scenarios to come. */
export interface Spoiling {
  readonly faults?: readonly Fault[]
  /** What the simulated client does wrong. */
  readonly clientFault?: ClientFault
  /** Legal choices of the responding payer. */
  readonly settings?: Partial<PayerSettings>
  readonly variant?: Variant
  /** Told of what reaches the simulated systems. */
  readonly watch?: Watch
}

export interface SelfPlayOptions extends Spoiling {
  /** Folder where the authorities are kept. */
  readonly certs: string
  readonly seed: string
}

export interface SelfPlayStage extends Stage {
  /** From the next scenario on. */
  spoil(spoiling: Spoiling): void
}

/** Opens the hosts. Throws `file-trouble` when the authorities cannot be kept. */
export async function selfPlay(options: SelfPlayOptions): Promise<SelfPlayStage> {
  let spoiling: Spoiling = options
  const community = await openCommunity({ certs: options.certs })
  const { identities, trusted } = community
  const opened = new Map<string, Promise<PayerHosts>>()
  /** Hosts that make connections so; opened when first wanted. */
  const hostsFor = (choice: HostChoice = {}): Promise<PayerHosts> => {
    const key = JSON.stringify(choice)
    const hosts =
      opened.get(key) ??
      startPayerHosts({
        identity: identities['responding payer'],
        trusted,
        fetch: fetchTrusting(trusted),
        seed: options.seed,
        udap: community.udap,
        choice,
      })
    opened.set(key, hosts)
    return hosts
  }
  await hostsFor()
  const wire = new Wire()
  const people = castOf((editions) =>
    cast({
      editions,
      now: new Date(defaults.virtualStart),
      seed: options.seed,
      responder: identities['responding payer'],
      requester: identities['requesting payer'],
    }),
  )
  return {
    seats: (['trust manager', 'requesting payer', 'responding payer'] as const).map((actor) => ({
      actor,
      played: 'simulated',
    })),
    spoil: (next) => {
      spoiling = next
    },
    async open(scenario, editions, transcript) {
      const clock = new VirtualClock(new Date(defaults.virtualStart))
      const { faults = [], clientFault, settings, variant, watch } = spoiling
      const trust = await community.open(scenario, clock, faults, watch)
      const hosts = await hostsFor(Object.assign({}, variant?.host, ...faults.map(({ host }) => host)))
      const tenant = hosts.open(scenario, {
        clock,
        editions,
        trust: trust.base,
        faults,
        ...(watch ? { watch } : {}),
        ...(settings ? { settings } : {}),
        ...(variant ? { variant } : {}),
      })
      const places: Partial<Record<ActorName, Places>> = {
        'responding payer': { ...tenant.places, trust: trust.base },
        'requesting payer': { trust: trust.base, jwks: trust.keySet('requesting payer') },
        'another payer': { trust: trust.base, jwks: trust.keySet('another payer') },
        'trust manager': { trust: trust.base },
      }
      const actors = Object.fromEntries(
        Object.entries(identities).map(([name, identity]) => [
          name,
          new Actor({
            name: name as ActorName,
            identity,
            places: places[name as ActorName] ?? {},
            clock,
            transcript,
            wire,
            ca: trusted,
            ...(clientFault?.actor === name ? { spoil: spoiledBy(clientFault) } : {}),
          }),
        ]),
      ) as Record<ActorName, Actor>
      const company: Company = {
        person: (name) => personOf(people(editions), name),
        payer: (name) => identities[name as ActorName],
      }
      return {
        actors,
        clock,
        setUp: async (actor, fixture) => {
          if (actor !== 'responding payer')
            throw new HarnessError('cannot-set-up', `nothing can be set up in the ${actor}`)
          return applyFixture(fixture, tenant.state, company)
        },
        pass: (seconds) => clock.wait(seconds),
        person: company.person,
        close: async () => {
          tenant.close()
          await trust.close()
        },
      }
    },
    async close() {
      wire.close()
      await Promise.all([...[...opened.values()].map(async (hosts) => (await hosts).stop()), community.stop()])
    },
  }
}

/** The cast of each set of editions, made once. */
export function castOf(make: (editions: Editions) => readonly Person[]): (editions: Editions) => readonly Person[] {
  const made = new Map<string, readonly Person[]>()
  return (editions) => {
    const key = editionsText(editions)
    const known = made.get(key)
    if (known) return known
    const people = make(editions)
    made.set(key, people)
    return people
  }
}

/** Throws `cannot-set-up` for a name that nobody in the cast has. */
export function personOf(people: readonly Person[], name: string): Person {
  const found = people.find((person) => person.name === name)
  if (!found) throw new HarnessError('cannot-set-up', `${name} is not in the cast`)
  return found
}
