/** Sentences about the trust community: applying, endorsing, publishing, revoking, connecting. */
import { Given, Then, When } from '@cucumber/cucumber'
import { discoverSmart, discoverUdap } from '../flows/discover.ts'
import { borrowClientId, useToken } from '../flows/token-theft.ts'
import {
  becomeEndorsed,
  endorseApplication,
  endorseItself,
  revokeMembership,
  verifyApplication,
} from '../flows/trust-application.ts'
import { approveBundle, type Proposal, proposeBundle, pushToMain, rejectBundle } from '../flows/trust-repository.ts'
import { offersUdap } from '../guides/ndh/checks/trust.ts'
import type { Actor } from '../harness/actor.ts'
import type { Check } from '../harness/check.ts'
import { definePhrases } from './phrases.ts'
import type { ToPayer, ToTrust } from './trust-phrases.ts'
import * as phrases from './trust-phrases.ts'
import { world } from './world.ts'

const manager = (): Actor => world.actor('trust manager')
const proposal = (): Proposal => ({ editions: world.scene.editions })

definePhrases('application', phrases.applications)
definePhrases('publication', phrases.publications)
definePhrases('trustDocument', phrases.documents)
definePhrases('connection', phrases.connections)
definePhrases('trustDuty', phrases.duties)
definePhrases('bundleQuality', phrases.qualities)
definePhrases('tlsEffect', phrases.effects)
definePhrases('memberHabit', phrases.habits)
definePhrases('endorsement', { 'a new certificate': 'reissue', 'a signature around it': 'detached' })
definePhrases('standing', { 'endorsed and not published': 'endorsed-only', 'removed from the community': 'removed' })

// Becoming a member
Given('{actor} is endorsed by the trust manager', (payer: Actor) => payer.performs(becomeEndorsed(manager())))
Given('{actor} is {standing}', (payer: Actor, standing: 'endorsed-only' | 'removed') =>
  world.setUp(world.actor('responding payer'), { is: 'trusted', payer: payer.name, standing }),
)
When('{actor} applies {application}', (payer: Actor, make: ToTrust) => payer.performs(make(manager(), proposal())))
When('the trust manager verifies the application of {actor}', (payer: Actor) =>
  manager().performs(verifyApplication(payer)),
)
When('the trust manager endorses {actor} with {endorsement}', (payer: Actor, form: 'reissue' | 'detached') =>
  manager().performs(endorseApplication(payer, form)),
)
When('{actor} tries to endorse itself', (payer: Actor) => payer.performs(endorseItself(manager())))
When('the trust manager revokes the membership of {actor}', (payer: Actor) =>
  manager().performs(revokeMembership(payer)),
)

// The repository
When('{actor} publishes {publication}', (payer: Actor, make: ToTrust) => payer.performs(make(manager(), proposal())))
When('{actor} proposes its endpoint bundle', (payer: Actor) => payer.performs(proposeBundle(manager(), proposal())))
When('{actor} pushes its endpoint bundle to main', (payer: Actor) => payer.performs(pushToMain(manager(), proposal())))
When('{actor} approves the bundle of {actor}', (reviewer: Actor, payer: Actor) =>
  reviewer.performs(approveBundle(manager(), payer)),
)
When('the trust manager rejects the bundle of {actor}', (payer: Actor) =>
  manager().performs(rejectBundle(manager(), payer, 'the review found something')),
)
When('{actor} reads {trustDocument}', (reader: Actor, make: ToTrust) => reader.performs(make(manager(), proposal())))

// Connections
When('{actor} connects to {actor} {connection}', (client: Actor, payer: Actor, make: ToPayer) =>
  client.performs(make(payer, manager())),
)
When('{actor} uses the token of {actor} with {actor}', (thief: Actor, owner: Actor, payer: Actor) =>
  thief.performs(useToken(payer, owner)),
)
When('{actor} uses its token with {actor} over its connection and over a bare one', (client: Actor, payer: Actor) =>
  client.performs(useToken(payer, client)).then(() => client.performs(useToken(payer, client, true))),
)
When('{actor} asks {actor} for a token as {actor}', (thief: Actor, payer: Actor, owner: Actor) =>
  thief.performs(borrowClientId(payer, owner)),
)
When('{actor} discovers {actor}', (client: Actor, payer: Actor) =>
  client.performs(discoverSmart(payer)).then(() => client.performs(discoverUdap(payer))),
)

Then('the trust manager {trustDuty}', (checks: readonly Check[]) => world.judge(...checks))
Then('the published bundle {bundleQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('mutual TLS {tlsEffect}', (checks: readonly Check[]) => world.judge(...checks))
Then('the members {memberHabit}', (checks: readonly Check[]) => world.judge(...checks))
Then('UDAP is offered beside mutual TLS', () => world.judge(offersUdap))
