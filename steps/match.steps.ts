/** Sentences about matching a member: who is insured, how they are asked for, why not, and what the asking payer does about it. */
import { Given, Then, When } from '@cucumber/cucumber'
import { discoverEndpoints, findAgain } from '../flows/discover-endpoints.ts'
import { guessCards, matchMember } from '../flows/match-member.ts'
import { moments } from '../flows/moments.ts'
import { searchByMemberIdentifier } from '../flows/search.ts'
import { knowsOnePolicy } from '../guides/hrex/checks/consent.ts'
import * as discovery from '../guides/hrex/checks/discovery.ts'
import * as match from '../guides/hrex/checks/member-match.ts'
import * as pdex from '../guides/pdex/checks/member-match.ts'
import type { Actor } from '../harness/actor.ts'
import type { Check } from '../harness/check.ts'
import type { ConsentPolicy, Person } from '../harness/person.ts'
import type { Segmentation } from './match-phrases.ts'
import * as phrases from './match-phrases.ts'
import { definePhrases } from './phrases.ts'
import { world } from './world.ts'

definePhrases('moment', moments)
definePhrases('way to ask for a match', phrases.ways)
definePhrases('segmentation', phrases.segmentations)
definePhrases('match refusal', phrases.refusals)
definePhrases('match difference', phrases.differences)
definePhrases('match habit', phrases.habits)
definePhrases('end of a consent', phrases.endings)

Given('{actor} insures two people called {person}', (payer: Actor, person: Person) =>
  world.setUp(payer, { is: 'insures-twins', person: person.name }),
)

Given('{actor} insures nobody like {person}', (payer: Actor, person: Person) =>
  world.setUp(payer, { is: 'insures-nobody-like', person: person.name }),
)

Given('{actor} {segmentation}', (payer: Actor, way: Segmentation) => world.setUp(payer, { is: 'segmentation', way }))

Given('{person} has told {actor} not to share with {actor}', (person: Person, payer: Actor, asker: Actor) =>
  world.setUp(payer, { is: 'blocked-by-member', person: person.name, payer: asker.name }),
)

Given('{actor} names a matched member by identifier alone', (payer: Actor) =>
  world.setUp(payer, { is: 'identifier-only-match' }),
)

When(
  '{actor} asks {actor} to match {person} and share {policy}',
  (asker: Actor, payer: Actor, person: Person, policy: ConsentPolicy) => {
    world.establish({ person, policy })
    return asker.performs(matchMember(payer, person, { policy }))
  },
)

When(
  '{actor} asks {actor} to match {person} {way to ask for a match}',
  (asker: Actor, payer: Actor, person: Person, manner: string) => {
    world.establish({ person, policy: 'sensitive' })
    return asker.performs(matchMember(payer, person, { policy: 'sensitive', manner }))
  },
)

When(
  '{actor} asks {actor} to match {person} with a consent from {moment} to {moment}',
  (asker: Actor, payer: Actor, person: Person, start: Moment, end: Moment) => {
    world.establish({ person, policy: 'sensitive' })
    const now = world.clock.now()
    return asker.performs(matchMember(payer, person, { policy: 'sensitive', start: start(now), end: end(now) }))
  },
)
type Moment = (now: Date) => string

When('{actor} guesses the member number of {person} at {actor}', (asker: Actor, person: Person, payer: Actor) =>
  asker.performs(guessCards(payer, person)),
)

When('{actor} finds {person} at {actor} by the identifier of the match', (asker: Actor, person: Person, payer: Actor) =>
  asker.performs(searchByMemberIdentifier(payer, { person })),
)

When('{actor} looks up the endpoints of {actor}', (asker: Actor, payer: Actor) =>
  asker.performs(discoverEndpoints(payer)),
)

When('{actor} calls {actor} at an address that was given up', (asker: Actor, payer: Actor) =>
  asker.performs(findAgain(payer)),
)

Then('the match names {person}', (person: Person) => {
  world.establish({ person })
  world.judge(
    pdex.matchesMembers,
    pdex.givesMemberId,
    pdex.namesTheMember,
    match.returnsOne,
    match.answersAsIn10,
    match.answersAsIn11,
    match.answerConforms,
  )
})

Then('the match is accepted', () => world.judge(pdex.matchesMembers))

Then('the match is refused because {match refusal}', (checks: readonly Check[]) => world.judge(...checks))

Then('{match difference} is no reason to refuse', (check: Check) => world.judge(check))

Then('at least one policy is recognised', () => world.judge(knowsOnePolicy))

Then('it is refused because the consent {end of a consent}', (check: Check) => world.judge(check))

Then('the requesting payer {match habit}', (checks: readonly Check[]) => world.judge(...checks))

Then('the endpoints are there for everybody to find', () =>
  world.judge(discovery.servesOverOrdinaryTls, discovery.saysWhoAndWhere, pdex.publishesItsBases),
)
