/**
 * Honest conversations that nobody wrote down: any member of the population, any consent, any legal choices of the payer,
 * played from registration to data. What must come of it is worked out here from the consent alone.
 */
import fc from 'fast-check'
import { matchMember } from '../../flows/match-member.ts'
import { register } from '../../flows/register.ts'
import { requestMatchToken, requestMemberToken } from '../../flows/request-token.ts'
import { type RetrievalMethod, retrievalMethods, retrieve } from '../../flows/retrieve.ts'
import { editionSets } from '../../guides/editions.ts'
import { Actor, type ActorName, type Places } from '../../harness/actor.ts'
import { day, daysLater, VirtualClock } from '../../harness/clock.ts'
import { defaults } from '../../harness/config.ts'
import type { Editions } from '../../harness/edition.ts'
import { fetchTrusting } from '../../harness/fetch.ts'
import type { ConsentPolicy, Person } from '../../harness/person.ts'
import type { Scene } from '../../harness/scene.ts'
import { Transcript } from '../../harness/transcript.ts'
import { Wire } from '../../harness/wire.ts'
import { applyFixture, type Company } from '../../simulators/fixtures/apply.ts'
import { population } from '../../simulators/fixtures/people.ts'
import { startPayerHosts } from '../../simulators/payer-hosts.ts'
import type { PayerSettings } from '../../simulators/state/payer-state.ts'
import { authorizationVariants } from '../../simulators/variants/authorization.ts'
import { exportFileVariants } from '../../simulators/variants/export-files.ts'
import { exportVariants } from '../../simulators/variants/exports.ts'
import { matchVariants } from '../../simulators/variants/matches.ts'
import { payloadVariants } from '../../simulators/variants/payload.ts'
import { searchVariants } from '../../simulators/variants/searches.ts'
import { statementVariants } from '../../simulators/variants/statements.ts'
import { transportVariants } from '../../simulators/variants/transport.ts'
import { together, type Variant } from '../../simulators/variants/variant.ts'
import { versionVariants } from '../../simulators/variants/versions.ts'
import { openCommunity } from '../stages/community.ts'

export interface Terms {
  /** Number of the member in the population. */
  readonly member: number
  readonly editions: Editions
  readonly policy: ConsentPolicy
  /** Days from today to the first day of the consent, and from there to its last. */
  readonly starts: number
  readonly lasts: number
  readonly segmentation: PayerSettings['segmentation']
  /** The member told the payer not to share with the one who asks. */
  readonly blocked: boolean
  readonly claims: boolean
  readonly priorAuthorizations: boolean
  readonly method: RetrievalMethod
  readonly settings: Partial<PayerSettings>
  readonly choices: readonly Variant[]
}

/** One choice of a topic, or none; what is written last is nearest to the wire. */
const topics = [
  statementVariants,
  matchVariants,
  [...payloadVariants, ...versionVariants],
  searchVariants,
  [...exportVariants, ...exportFileVariants],
  authorizationVariants,
  transportVariants,
].map((variants) => variants.filter(({ host, settings }) => !host && !settings))

/** Anything that may be. */
export const anyTerms: fc.Arbitrary<Terms> = fc.record({
  member: fc.nat(50_000),
  editions: fc.constantFrom(...editionSets),
  policy: fc.constantFrom<ConsentPolicy[]>('regular', 'sensitive'),
  // Mostly in force, often at the very edge, sometimes not.
  starts: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -300, max: 0 }) }, fc.integer({ min: -3, max: 3 })),
  lasts: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 300, max: 700 }) }, fc.integer({ min: 0, max: 4 })),
  segmentation: fc.constantFrom<PayerSettings['segmentation'][]>('excludes', 'excludes', 'tags', 'cannot'),
  blocked: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  claims: fc.boolean(),
  priorAuthorizations: fc.boolean(),
  method: fc.constantFrom(...retrievalMethods),
  settings: fc.record({
    memberId: fc.boolean(),
    foreign: fc.constantFrom<PayerSettings['foreign'][]>(403, 404, 'empty'),
    pageSize: fc.integer({ min: 3, max: 400 }),
    tokenSeconds: fc.integer({ min: 60, max: 300 }),
    tokenFormat: fc.constantFrom<('jwt' | 'opaque')[]>('jwt', 'opaque'),
    fileLines: fc.integer({ min: 1, max: 200 }),
    exportsShared: fc.boolean(),
  }),
  choices: fc
    .tuple(...topics.map((variants) => fc.option(fc.constantFrom(...variants), { nil: undefined, freq: 2 })))
    .map((chosen) => chosen.filter((variant) => variant !== undefined)),
})

/** What must come of it, from the consent and the rights alone. */
export interface Expected {
  readonly matched: boolean
  /** Keys of what must never come. */
  readonly hidden: ReadonlySet<string>
  /** Keys of what must come whatever the method. */
  readonly shown: ReadonlySet<string>
}

/** Clinical data that hangs on nothing else: neither on claims nor on what is kept back with them. */
const plain = new Set([
  'AllergyIntolerance',
  'Condition',
  'Encounter',
  'Immunization',
  'Procedure',
  'MedicationRequest',
])

export function expectedOf(terms: Terms, person: Person, today: Date): Expected {
  const first = day(daysLater(today, terms.starts))
  const last = day(daysLater(today, terms.starts + terms.lasts))
  const inForce = first <= day(today) && day(today) <= last
  const cannot = terms.policy === 'regular' && terms.segmentation === 'cannot'
  const sensitive = new Set(terms.policy === 'regular' ? person.sensitive : [])
  const hidden = new Set(sensitive)
  const shown = new Set<string>()
  for (const resource of person.record ?? []) {
    const key = `${resource.resourceType}/${resource.id}`
    const use = resource.resourceType === 'ExplanationOfBenefit' ? resource.use : undefined
    if ((use === 'claim' && !terms.claims) || (use === 'preauthorization' && !terms.priorAuthorizations))
      hidden.add(key)
    if (plain.has(resource.resourceType) && !sensitive.has(key)) shown.add(key)
  }
  return { matched: inForce && !cannot && !terms.blocked, hidden, shown }
}

export interface Conversation {
  readonly transcript: Transcript
  readonly scene: Scene
  readonly expected: Expected
  /** Advice that the choices do not follow. */
  readonly mayWarn: ReadonlySet<string>
}

export interface Table {
  hold(terms: Terms): Promise<Conversation>
  close(): Promise<void>
}

/** Hosts and authorities, opened once for many conversations. */
export async function openTable(certs: string): Promise<Table> {
  const community = await openCommunity({ certs })
  const { identities, trusted } = community
  const hosts = await startPayerHosts({
    identity: identities['responding payer'],
    trusted,
    fetch: fetchTrusting(trusted),
    seed: defaults.seed,
    udap: community.udap,
  })
  const wire = new Wire()
  let count = 0
  return {
    async hold(terms) {
      const name = `g${++count}`
      const { editions } = terms
      const clock = new VirtualClock(new Date(defaults.virtualStart))
      const transcript = new Transcript()
      const [member] = [
        ...population({
          editions,
          now: clock.now(),
          seed: defaults.seed,
          responder: identities['responding payer'],
          requester: identities['requesting payer'],
          from: terms.member,
          count: 1,
        }),
      ] as [Person]
      const trust = await community.open(name, clock)
      const variant = together(name, [
        ...terms.choices,
        { id: 'settings', title: '', source: '', settings: terms.settings, touches: [] },
      ])
      const tenant = hosts.open(name, { clock, editions, trust: trust.base, variant })
      const company: Company = { person: () => member, payer: (payer) => identities[payer as ActorName] }
      const actor = (who: 'requesting payer' | 'responding payer', places: Places): Actor =>
        new Actor({ name: who, identity: identities[who], places, clock, transcript, wire, ca: trusted })
      const payer = actor('responding payer', { ...tenant.places, trust: trust.base })
      const client = actor('requesting payer', { trust: trust.base, jwks: trust.keySet('requesting payer') })
      const expected = expectedOf(terms, member, clock.now())
      const { claims, priorAuthorizations, segmentation, policy } = terms
      try {
        for (const fixture of [
          { is: 'trusted', payer: client.name, standing: 'member' },
          { is: 'insures', person: member.name },
          { is: 'segmentation', way: segmentation },
          { is: 'permissions', payer: client.name, claims, priorAuthorizations },
          ...(terms.blocked ? [{ is: 'blocked-by-member', person: member.name, payer: client.name } as const] : []),
        ] as const)
          await applyFixture(fixture, tenant.state, company)
        await client.performs(register(payer))
        await client.performs(requestMatchToken(payer))
        const start = day(daysLater(clock.now(), terms.starts))
        const end = day(daysLater(clock.now(), terms.starts + terms.lasts))
        await client.performs(matchMember(payer, member, { policy, start, end }))
        const granted = await client.performs(requestMemberToken(payer, member))
        if (granted.response?.status === 200) await client.performs(retrieve(payer, terms.method, editions))
      } finally {
        tenant.close()
        trust.close()
      }
      const scene: Scene = {
        editions,
        now: clock.now().toISOString(),
        person: member,
        policy,
        permissions: { claims, priorAuthorizations },
        facts: {},
        requester: client.name,
        responder: payer.name,
        people: [member],
        happened: [],
      }
      return {
        transcript,
        scene,
        expected,
        mayWarn: new Set([...(variant.mayWarn ?? []), ...(terms.settings.memberId ? [] : ['PDEX-108'])]),
      }
    },
    async close() {
      wire.close()
      await Promise.all([hosts.stop(), community.stop()])
    },
  }
}
