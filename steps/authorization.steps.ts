/** Sentences on the way to a token and with it: discovery, registration, token requests, tokens presented and asked about. */
import { Then, When } from '@cucumber/cucumber'
import { discoverEverything, fetchKeySet } from '../flows/discover.ts'
import { introspect, revokeToken } from '../flows/introspect.ts'
import { manageRegistration } from '../flows/manage-registration.ts'
import { callMatchWith, presentations, readPatientWith, readTypeWith, tryDoors } from '../flows/present-token.ts'
import { withdrawKey } from '../flows/publish-keys.ts'
import { register } from '../flows/register.ts'
import { registrationMistakes, registrationVariations } from '../flows/registration-mistakes.ts'
import { requestEveryScope, requestMatchToken, requestMemberToken } from '../flows/request-token.ts'
import { tokenMistakes, tokenVariations } from '../flows/token-mistakes.ts'
import type { Actor } from '../harness/actor.ts'
import type { Check } from '../harness/check.ts'
import type { Person } from '../harness/person.ts'
import {
  type Asking,
  askings,
  clientHabits,
  type Naming,
  namings,
  refusals,
  serverHabits,
} from './authorization-phrases.ts'
import { definePhrases } from './phrases.ts'
import { world } from './world.ts'

/** Words that stand for themselves. */
const spelled = (phrases: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(phrases.map((phrase) => [phrase, phrase]))

definePhrases(
  'registrationManner',
  spelled([...Object.keys(registrationMistakes), ...Object.keys(registrationVariations)]),
)
definePhrases('tokenManner', spelled([...Object.keys(tokenMistakes), ...Object.keys(tokenVariations)]))
definePhrases('presentation', spelled(Object.keys(presentations)))
definePhrases<Naming>('naming', namings)
definePhrases<Asking>('asking', askings)
definePhrases<readonly Check[]>('refusedRequest', refusals)
definePhrases<readonly Check[]>('serverHabit', serverHabits)
definePhrases<readonly Check[]>('clientHabit', clientHabits)

// Discovery

When('{actor} reads every discovery document of {actor}', (client: Actor, payer: Actor) =>
  client.performs(discoverEverything(payer)),
)

When('{actor} fetches the JWK set of {actor}', (somebody: Actor, client: Actor) =>
  somebody.performs(fetchKeySet(client)),
)

When('{actor} withdraws its key', (client: Actor) => client.performs(withdrawKey()))

// Registration

When('{actor} registers with {actor}', (client: Actor, payer: Actor) => client.performs(register(payer)))

When('{actor} registers with {actor} {registrationManner}', (client: Actor, payer: Actor, manner: string) =>
  client.performs(register(payer, manner)),
)

When('{actor} registers in the UDAP way with {actor}', (client: Actor, payer: Actor) =>
  client.performs(register(payer, undefined, { udap: true })),
)

When(
  '{actor} registers in the UDAP way with {actor} {registrationManner}',
  (client: Actor, payer: Actor, manner: string) => client.performs(register(payer, manner, { udap: true })),
)

When('{actor} reads, changes and deletes its registration with {actor}', (client: Actor, payer: Actor) =>
  client.performs(manageRegistration(payer)),
)

// Tokens

When('{actor} asks {actor} for a token to match members', (client: Actor, payer: Actor) =>
  client.performs(requestMatchToken(payer)),
)

When('{actor} asks {actor} for a token to match members {tokenManner}', (client: Actor, payer: Actor, manner: string) =>
  client.performs(requestMatchToken(payer, manner)),
)

When('{actor} asks {actor} for a token for the data of {person}', (client: Actor, payer: Actor, person: Person) =>
  client.performs(requestMemberToken(payer, person)),
)

When(
  '{actor} asks {actor} for a token for the data of {person}, named {naming}',
  (client: Actor, payer: Actor, person: Person, naming: Naming) =>
    client.performs(requestMemberToken(payer, person, naming)),
)

When(
  '{actor} asks {actor} for a token for the data of {person} {tokenManner}',
  (client: Actor, payer: Actor, person: Person, manner: string) =>
    client.performs(requestMemberToken(payer, person, { manner })),
)

When('{actor} asks {actor} for each scope on offer, for {person}', (client: Actor, payer: Actor, person: Person) =>
  client.performs(requestEveryScope(payer, person)),
)

When('{actor} gives its token for the data back to {actor}', (client: Actor, payer: Actor) =>
  client.performs(revokeToken(payer, 'member')),
)

When('{actor} asks {actor} what {asking}', (client: Actor, payer: Actor, { kind, ...options }: Asking) =>
  client.performs(introspect(payer, kind, options)),
)

// Using them

When(
  '{actor} tries every door of {actor} for {person} with {presentation}',
  (client: Actor, payer: Actor, person: Person, phrase: string) => client.performs(tryDoors(payer, person, phrase)),
)

When(
  '{actor} reads the Patient of {person} at {actor} with {presentation}',
  (client: Actor, person: Person, payer: Actor, phrase: string) =>
    client.performs(readPatientWith(payer, person, phrase)),
)

When(
  '{actor} searches {type} at {actor} with {presentation}',
  (client: Actor, type: string, payer: Actor, phrase: string) => client.performs(readTypeWith(payer, type, phrase)),
)

When(
  '{actor} calls the match operation of {actor} with {presentation}',
  (client: Actor, payer: Actor, phrase: string) => client.performs(callMatchWith(payer, phrase)),
)

When('the consent of {person} for {actor} is revoked', (person: Person, client: Actor) =>
  world.setUp(world.actor('responding payer'), { is: 'consent-revoked', person: person.name, payer: client.name }),
)

// Judging

Then('the request is refused because {refusedRequest}', (checks: readonly Check[]) => world.judge(...checks))

Then('the server {serverHabit}', (checks: readonly Check[]) => world.judge(...checks))

Then('the client {clientHabit}', (checks: readonly Check[]) => world.judge(...checks))
