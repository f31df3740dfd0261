/** The sentences that scenarios open with: who is insured, who is trusted, how far the exchange has come. */
import { Given, When } from '@cucumber/cucumber'
import { matchMember } from '../flows/match-member.ts'
import { register } from '../flows/register.ts'
import { metadataOf } from '../flows/registration-request.ts'
import { requestMatchToken, requestMemberToken } from '../flows/request-token.ts'
import { knowPatient } from '../flows/retrieve.ts'
import { clientIdOf, latest } from '../flows/tokens.ts'
import type { Actor } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { ConsentPolicy, Person } from '../harness/person.ts'
import type { Exchange } from '../harness/transcript.ts'
import { world } from './world.ts'

const trusted = (...payers: Actor[]): Promise<'skipped' | undefined> =>
  world.setUp(
    world.actor('responding payer'),
    ...payers.map((payer) => ({ is: 'trusted', payer: payer.name, standing: 'member' }) as const),
  )

Given('the payers belong to the trust community', () =>
  trusted(world.actor('requesting payer'), world.actor('another payer')),
)

Given('{actor} insures {person}', (payer: Actor, person: Person) => {
  world.establish(person.name === 'Iris Ito' ? { bystander: person } : { person })
  return world.setUp(payer, { is: 'insures', person: person.name })
})

Given('{actor} is registered with {actor}', (client: Actor, payer: Actor) => beRegistered(client, payer))

Given('{actor} holds a token to match members of {actor}', (client: Actor, payer: Actor) =>
  holdMatchToken(client, payer),
)

Given(
  '{actor} has matched {person} with {actor} and may see {policy}',
  (client: Actor, person: Person, payer: Actor, policy: ConsentPolicy) => match(client, payer, person, policy),
)

Given('{actor} has matched {person} with {actor} before', (client: Actor, person: Person, payer: Actor) =>
  beIntroduced(client, payer, person, 'sensitive'),
)

Given('{actor} holds a token for the data of {person}', (client: Actor, person: Person) =>
  holdMemberToken(client, person, 'sensitive'),
)

Given('{actor} holds a token for the non-sensitive data of {person}', (client: Actor, person: Person) =>
  holdMemberToken(client, person, 'regular'),
)

When('{int} second(s) pass', (seconds: number) => world.pass(seconds))
When('{int} minute(s) pass', (minutes: number) => world.pass(minutes * 60))
When('{int} day(s) pass', (days: number) => world.pass(days * 86_400))

/** By hand where that can be done: whoever wants to see a registration says that somebody "registers". */
async function beRegistered(client: Actor, payer: Actor): Promise<void> {
  if (client.clientIdAt(payer.name) || latest(client, payer, 'register')) return
  if (await world.enrols(client, payer, metadataOf(client))) return
  await client.performs(register(payer))
}

async function holdMatchToken(client: Actor, payer: Actor): Promise<void> {
  await beRegistered(client, payer)
  await client.performs(requestMatchToken(payer))
}

async function match(client: Actor, payer: Actor, person: Person, policy: ConsentPolicy): Promise<void> {
  world.establish({ person, policy })
  await holdMatchToken(client, payer)
  await client.performs(matchMember(payer, person, { policy }))
}

/**
 * By hand where that can be done: whoever wants to see a match says that it was made. What lets a part of the data go is always
 * brought on the wire, since a payer may be unable to honour it.
 */
async function beIntroduced(client: Actor, payer: Actor, person: Person, policy: ConsentPolicy): Promise<void> {
  world.establish({ person, policy })
  const isTheirs = ({ intent, response }: Exchange): boolean =>
    intent.person === person.name && intent.policy === policy && response?.status === 200
  if (latest(client, payer, 'member-match', isTheirs)) return
  await beRegistered(client, payer)
  if (policy === 'sensitive' && (await world.introduces(payer, client, clientIdOf(client, payer), person))) return
  await match(client, payer, person, policy)
}

async function holdMemberToken(client: Actor, person: Person, policy: ConsentPolicy): Promise<void> {
  const payer = world.actor('responding payer')
  await beIntroduced(client, payer, person, policy)
  refuseToGoOn(client, payer, policy)
  const { response } = await client.performs(requestMemberToken(payer, person))
  if (response?.status === 200) await client.performs(knowPatient(payer, { person }))
}

/** A payer that cannot tell sensitive data apart must refuse such a consent: what comes after it is then about another one. */
function refuseToGoOn(client: Actor, payer: Actor, policy: ConsentPolicy): void {
  if (policy !== 'regular') return
  if (world.transcript.last('member-match', { from: client.name, to: payer.name }).response?.status === 422)
    throw new HarnessError('cannot-set-up', `the ${payer.name} honours no consent for non-sensitive data alone`)
}
