/** The stage with a system under test in the responding payer's seat; the harness plays everybody else. */
import { Actor, type ActorName, type Identity, type Places } from '../../harness/actor.ts'
import { type Clock, tellingClock, VirtualClock } from '../../harness/clock.ts'
import { defaults } from '../../harness/config.ts'
import type { Editions } from '../../harness/edition.ts'
import { HarnessError } from '../../harness/errors.ts'
import type { Fixture, FixtureAnswer } from '../../harness/fixture.ts'
import type { Person } from '../../harness/person.ts'
import { Wire } from '../../harness/wire.ts'
import { cast } from '../../simulators/fixtures/people.ts'
import type { PayerSettings } from '../../simulators/state/payer-state.ts'
import type { Stage } from '../run.ts'
import { type CommunityOptions, openCommunity } from './community.ts'
import { type HookedTenant, type Hooks, hooked } from './hooked.ts'
import { discoverPerson, type Holding, personFrom } from './plan-people.ts'
import { castOf, personOf } from './self-play.ts'

export interface UnderTest {
  readonly community: CommunityOptions
  readonly seed: string
  readonly identity: Pick<Identity, 'name' | 'uri' | 'identifier' | 'credentials'>
  readonly places: Places
  /** Roots of the system's own server certificate; absent: the community's. */
  readonly roots?: readonly string[]
  readonly hooks?: Hooks
  readonly people: Readonly<Record<string, Holding & { readonly twins?: boolean; readonly blocked?: boolean }>>
  readonly segmentation?: PayerSettings['segmentation']
  /** Seconds that a run against it waits at most for one thing; absent: the house's default. */
  readonly longestWait?: number
  /** Told of each longer wait against the wall clock when it begins. */
  readonly waits?: (seconds: number) => void
}

/** Opens it. Throws `bad-plan` or `cannot-reach` when a member of the plan cannot be made out. */
export async function underTest(system: UnderTest): Promise<Stage> {
  const community = await openCommunity(system.community)
  const wire = new Wire()
  const { identities, trusted } = community
  const ca = system.roots ? [...trusted, ...system.roots] : trusted
  const hooks = system.hooks ? hooked(wire, { ca, ...system.hooks }) : undefined
  // Where the plan lends its certificate, the community can also make wrong ones of it.
  const { mistaken } = identities['responding payer']
  const responder: Identity = { ...system.identity, ...(system.identity.credentials && mistaken ? { mistaken } : {}) }
  // The harness's own cast lends the plan's people what the new plan submits of itself.
  const casting = castOf((editions) =>
    cast({
      editions,
      now: new Date(defaults.virtualStart),
      seed: system.seed,
      responder,
      requester: identities['requesting payer'],
    }),
  )
  const holdings = new Map<string, Holding>()
  const stop = async (): Promise<void> => {
    wire.close()
    await community.stop()
  }
  try {
    for (const [name, holding] of Object.entries(system.people))
      holdings.set(
        name,
        holding.discover ? { ...holding, ...(await discoverPerson(name, holding.discover, wire, ca)) } : holding,
      )
  } catch (error) {
    // A stage that did not open leaves no port open behind it.
    await stop()
    throw error
  }
  const hookedPeople = new Map<string, Promise<readonly Person[]>>()
  const offered = (editions: Editions): Promise<readonly Person[]> => {
    const key = JSON.stringify(editions)
    const known = hookedPeople.get(key) ?? (hooks ? hooks.people(editions) : Promise.resolve([]))
    hookedPeople.set(key, known)
    return known
  }

  return {
    seats: [
      { actor: 'trust manager', played: 'simulated' },
      { actor: 'requesting payer', played: 'simulated' },
      { actor: 'responding payer', played: 'under test', ...(system.places.fhir ? { base: system.places.fhir } : {}) },
    ],
    async open(scenario, editions, transcript) {
      const own = hooks
        ? new VirtualClock(new Date(defaults.virtualStart))
        : tellingClock(system.waits ?? (() => undefined))
      const trust = await community.open(scenario, own)
      const tenant = own instanceof VirtualClock ? await hooks?.open(editions, own, trust.base) : undefined
      const clock: Clock = tenant?.clock ?? own
      const theirs: Places = tenant ? tenant.places : system.places
      const places: Readonly<Record<ActorName, Places>> = {
        'responding payer': { ...theirs, trust: trust.base },
        'requesting payer': { trust: trust.base, jwks: trust.keySet('requesting payer') },
        'another payer': { trust: trust.base, jwks: trust.keySet('another payer') },
        'trust manager': { trust: trust.base },
        'a stranger': {},
      }
      const members = await offered(editions)
      const person = (name: string): Person => {
        const holding = holdings.get(name)
        if (holding) return personFrom(name, holding, personOf(casting(editions), 'Ana Adams').submitted.coverageToLink)
        if (hooks) return personOf(members, name)
        // Somebody whom the system does not hold needs no mapping: anybody will do.
        if (name === 'Zoe Zhang') return withoutRecord(personOf(casting(editions), name))
        throw new HarnessError(
          'cannot-set-up',
          `the plan names nobody for ${name} (${personOf(casting(editions), name).part})`,
        )
      }
      const actors = Object.fromEntries(
        Object.entries({ ...identities, 'responding payer': responder }).map(([name, identity]) => [
          name,
          new Actor({
            name: name as ActorName,
            identity,
            places: places[name as ActorName],
            clock,
            ...(system.longestWait ? { patience: system.longestWait } : {}),
            transcript,
            wire,
            ca,
          }),
        ]),
      ) as Record<ActorName, Actor>
      return {
        actors,
        clock,
        person,
        setUp: (actor, fixture) => setUp(system, tenant, actor, fixture, holdings),
        pass: async (seconds) => {
          if (!tenant && seconds > (system.longestWait ?? defaults.longestWait))
            throw new HarnessError(
              'cannot-set-up',
              `${seconds >= 86_400 ? `${seconds / 86_400} days` : `${seconds / 60} minutes`} would have to pass, and nobody can move this system's clock${seconds > defaults.longestOfAll ? '' : ` (longestWait in the plan says how long a run may wait)`}`,
            )
          await clock.wait(seconds)
        },
        close: async () => {
          await tenant?.close()
          await trust.close()
        },
      }
    },
    close: stop,
  }
}

/** With hooks everything can be asked for; without, only what the plan says is so already. */
async function setUp(
  system: UnderTest,
  tenant: HookedTenant | undefined,
  actor: ActorName,
  fixture: Fixture,
  holdings: ReadonlyMap<string, Holding>,
): Promise<FixtureAnswer> {
  if (actor !== 'responding payer') throw new HarnessError('cannot-set-up', `nothing can be set up in the ${actor}`)
  // Whoever the plan names is there already, whether there are hooks or not.
  if (fixture.is === 'insures' && holdings.has(fixture.person)) return {}
  if (tenant) return tenant.setUp(fixture)
  switch (fixture.is) {
    case 'insures':
      throw new HarnessError('cannot-set-up', `the plan names nobody for ${fixture.person}`)
    case 'insures-nobody-like':
      return {}
    case 'insures-twins':
      if (system.people[fixture.person]?.twins) return {}
      throw new HarnessError('cannot-set-up', `the plan names no twins for ${fixture.person}`)
    case 'blocked-by-member':
      if (fixture.payer === 'requesting payer' && system.people[fixture.person]?.blocked) return {}
      break
    case 'trusted':
      // Whoever the harness plays must be known to the system before the run: doctor tells whether it is.
      if (fixture.standing === 'member') return {}
      break
    case 'export':
      // How long an export takes is a wish: without hooks the system takes what it takes, and the checks say what they saw.
      if (fixture.way !== 'fails') return {}
      break
    case 'segmentation':
      if (system.segmentation === fixture.way) return {}
      throw new HarnessError(
        'cannot-set-up',
        system.segmentation
          ? `the plan says that the system's segmentation is "${system.segmentation}", not "${fixture.way}"`
          : `the plan does not say how the system treats sensitive data (behaviour.segmentation)`,
      )
  }
  throw new HarnessError(
    'cannot-set-up',
    `the system would have to be told ${told(fixture)}, and the plan names no test hooks`,
  )
}

/** What somebody would have to do to the system, where no test hook does. */
function told(fixture: Fixture): string {
  switch (fixture.is) {
    case 'trusted':
      return fixture.standing === 'removed'
        ? `that ${fixture.payer} was removed from the trust community`
        : `that ${fixture.payer} is endorsed and its bundle not published yet`
    case 'blocked-by-member':
      return `that ${fixture.person} does not want ${fixture.payer} to see anything`
    case 'consent-revoked':
      return `that ${fixture.person} has revoked the consent for ${fixture.payer}`
    case 'permissions':
      return `which data of claims and prior authorizations ${fixture.payer} may see`
    case 'certificate-revoked':
      return 'that a certificate was revoked'
    case 'export':
      return 'to let an export fail'
    case 'deleted':
      return `to delete a ${fixture.type} of ${fixture.person}`
    case 'updated':
      return `to change a ${fixture.type} of ${fixture.person}`
    default:
      return `to begin with "${fixture.is}"`
  }
}

const withoutRecord = ({ record: _r, patientId: _p, memberIdentifier: _m, ...person }: Person): Person => person
