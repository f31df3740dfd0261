/** Sentences about matching a member: who is insured, how they are asked for, why not, and what the asking payer does about it. */
import { defineParameterType, Given, Then, When } from '@cucumber/cucumber'
import { discoverEndpoints, findAgain } from '../flows/discover-endpoints.ts'
import { guessCards, manners, matchMember } from '../flows/match-member.ts'
import { moments } from '../flows/moments.ts'
import * as consent from '../guides/hrex/checks/consent.ts'
import * as coverage from '../guides/hrex/checks/coverage.ts'
import * as discovery from '../guides/hrex/checks/discovery.ts'
import * as request from '../guides/hrex/checks/match-request.ts'
import * as match from '../guides/hrex/checks/member-match.ts'
import * as client from '../guides/pdex/checks/match-client.ts'
import * as evaluation from '../guides/pdex/checks/match-consent.ts'
import * as pdex from '../guides/pdex/checks/member-match.ts'
import type { Actor } from '../harness/actor.ts'
import type { Check } from '../harness/check.ts'
import type { Fixture } from '../harness/fixture.ts'
import type { ConsentPolicy, Person } from '../harness/person.ts'
import { world } from './world.ts'

/** A parameter type whose words are the keys of a table. Longer phrases first: one may begin like another. */
const words = <T>(name: string, table: Readonly<Record<string, T>>): void =>
  defineParameterType({
    name,
    regexp: Object.keys(table)
      .sort((a, b) => b.length - a.length)
      .map((phrase) => phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('|'),
    useForSnippets: false,
    transformer: (phrase: string) => table[phrase] as T,
  })

words('moment', moments)
words('matchManner', Object.fromEntries(Object.keys(manners).map((phrase) => [phrase, phrase])))
words<Extract<Fixture, { is: 'segmentation' }>['way']>('segmentation', {
  'leaves sensitive records out': 'excludes',
  'labels sensitive records': 'tags',
  'can neither leave out nor label sensitive records': 'cannot',
})

/** Why a match is refused, and what must hold of such a refusal. */
words<readonly Check[]>('refusal', {
  'nobody fits': [match.refusesNobody, match.namesTheFailure, pdex.refusesAllButOne],
  'more than one member fits': [match.refusesSeveral, match.namesTheFailure, pdex.refusesAllButOne],
  'the request is badly formed': [pdex.refusesMalformed],
  'the consent is unsound': [pdex.refusesMalformed, evaluation.evaluatesConsent],
  'the consent cannot be honoured': [
    consent.refusesConsent,
    match.namesTheFailure,
    evaluation.disclosesNothing,
    evaluation.saysConsentIsWhy,
    evaluation.evaluatesConsent,
  ],
  'the operation is for POST': [match.postOnly],
  'somebody is guessing': [match.stopsGuessing],
})

/** What may differ without harm. */
words<Check>('difference', {
  'an unknown extension': match.toleratesExtensions,
  'a further actor': consent.acceptsMoreActors,
  'a document that nobody can fetch': evaluation.ignoresTheDocument,
  'the first or last day': consent.acceptsOnBothDays,
})

/** What a payer that asks does, and the checks of it. */
words<readonly Check[]>('habit', {
  'sent a sound request': [
    consent.namesBothPayers,
    coverage.tellsAllItKnows,
    coverage.linksLittle,
    request.refersLocally,
    request.asksAsIn10,
    request.asksAsIn11,
    request.requestConforms,
    request.sendsCoverageToLink,
    request.tellsDemographics,
    coverage.tellsMemberNumber,
    coverage.tellsPayorAndRelationship,
    coverage.coverageConforms,
    coverage.tellsClasses,
    consent.saysWhatItMust,
    consent.consentConforms,
    consent.saysOnePolicy,
    consent.saysNothingElse,
    consent.identifiesOrganizations,
    client.suggestsAPeriod,
  ],
  'named the representative in the consent': [client.containsTheRepresentative, client.namesTheRepresentative],
  'went on without a MemberId': [client.copesWithIdentifierAlone],
  'asked for data after the match alone': [client.matchesFirst],
  'named the member by the identifier of the match': [request.goesOnByUniqueIdentifier],
  'used the endpoint that was offered': [discovery.acceptsNewerCodes],
  'looked the endpoint up again': [discovery.looksUpAgain],
})

/** How a consent came to its end. */
words<Check>('ending', { 'has ended': consent.keepsConsent, 'is revoked': evaluation.heedsRevocation })

Given('{actor} insures two people called {person}', (payer: Actor, person: Person) =>
  world.setUp(payer, { is: 'insures-twins', person: person.name }),
)

Given('{actor} insures nobody like {person}', (payer: Actor, person: Person) =>
  world.setUp(payer, { is: 'insures-nobody-like', person: person.name }),
)

Given('{actor} {segmentation}', (payer: Actor, way: 'excludes' | 'tags' | 'cannot') =>
  world.setUp(payer, { is: 'segmentation', way }),
)

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
  '{actor} asks {actor} to match {person} {matchManner}',
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

Then('the match is refused because {refusal}', (checks: readonly Check[]) => world.judge(...checks))

Then('{difference} is no reason to refuse', (check: Check) => world.judge(check))

Then('at least one policy is recognised', () => world.judge(consent.knowsOnePolicy))

Then('it is refused because the consent {ending}', (check: Check) => world.judge(check))

Then('the requesting payer {habit}', (checks: readonly Check[]) => world.judge(...checks))

Then('the endpoints are there for everybody to find', () =>
  world.judge(discovery.servesOverOrdinaryTls, discovery.saysWhoAndWhere, pdex.publishesItsBases),
)
