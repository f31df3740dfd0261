/** Sentences about a member's data: what a client may see, how it asks, and what is judged of the answers. */
import { Given, Then, When } from '@cucumber/cucumber'
import { readMetadata } from '../flows/discover.ts'
import { fetchTypes } from '../flows/everything.ts'
import { inTurn } from '../flows/in-turn.ts'
import { tryType } from '../flows/try-searches.ts'
import type { Resource } from '../guides/core/received.ts'
import { seedOf } from '../guides/core/search-answers.ts'
import { searchesOf } from '../guides/pdex/capability-table.ts'
import { capabilityChecksOf } from '../guides/pdex/checks/capability-rows.ts'
import type { Actor } from '../harness/actor.ts'
import type { Check } from '../harness/check.ts'
import type { Fixture } from '../harness/fixture.ts'
import type { FhirResource, Person } from '../harness/person.ts'
import type { Scene } from '../harness/scene.ts'
import { exportQualities } from './export-judgements.ts'
import * as exporting from './export-phrases.ts'
import { definePhrases } from './phrases.ts'
import * as reading from './read-phrases.ts'
import * as judged from './retrieval-judgements.ts'
import * as asked from './retrieval-phrases.ts'
import * as searching from './search-phrases.ts'
import { world } from './world.ts'

definePhrases('retrievalWay', asked.ways)
definePhrases('searching', searching.searches)
definePhrases('everythingManner', asked.everythingManners)
definePhrases('reading', reading.readings)
definePhrases('exportManner', exporting.exportManners)
definePhrases('kickOffManner', exporting.kickOffManners)
definePhrases('exportStep', exporting.exportSteps)
definePhrases('exportWay', exporting.exportWays)
definePhrases('typeGroup', asked.typeGroups)
definePhrases('permitted', asked.permissions)
definePhrases('fate', { updated: 'updated', deleted: 'deleted' } as const)
definePhrases('dataQuality', judged.dataQualities)
definePhrases('searchQuality', judged.searchQualities)
definePhrases('everythingQuality', judged.everythingQualities)
definePhrases('exportQuality', exportQualities)
definePhrases('answerQuality', judged.answerQualities)
definePhrases('provenanceQuality', judged.provenanceQualities)
definePhrases('statementQuality', judged.statementQualities)
definePhrases('retrievalHabit', judged.retrievalHabits)

const responder = (): Actor => world.actor('responding payer')

Given('{actor} may see {permitted}', (client: Actor, permitted: Scene['permissions'] & object) => {
  if (client.name === world.scene.requester) world.establish({ permissions: permitted })
  return world.setUp(responder(), { is: 'permissions', payer: client.name, ...permitted })
})

Given('the next export of {actor} {exportWay}', (payer: Actor, way: Extract<Fixture, { is: 'export' }>['way']) =>
  world.setUp(payer, { is: 'export', way }),
)

When('a {type} of {person} is {fate}', (type: string, person: Person, fate: 'updated' | 'deleted') =>
  world.setUp(responder(), { is: fate, person: person.name, type }),
)

When('{actor} retrieves the member from {actor} by {retrievalWay}', (client: Actor, payer: Actor, way: asked.Act) =>
  client.performs(way(payer, world.scene, client)),
)

When('{actor} searches {searching} at {actor}', (client: Actor, search: asked.Act, payer: Actor) =>
  client.performs(search(payer, world.scene, client)),
)

When('{actor} asks {actor} for everything {everythingManner}', (client: Actor, payer: Actor, manner: asked.Act) =>
  client.performs(manner(payer, world.scene, client)),
)

When('{actor} reads {reading} at {actor}', (client: Actor, reading: asked.Act, payer: Actor) =>
  client.performs(reading(payer, world.scene, client)),
)

When('{actor} exports the member from {actor} {exportManner}', (client: Actor, payer: Actor, manner: asked.Act) =>
  client.performs(manner(payer, world.scene, client)),
)

When('{actor} begins an export at {actor} {kickOffManner}', (client: Actor, payer: Actor, manner: asked.Act) =>
  client.performs(manner(payer, world.scene, client)),
)

When('{actor} {exportStep}', (client: Actor, step: asked.Act) =>
  client.performs(step(responder(), world.scene, world.actor('requesting payer'))),
)

When('{actor} tries what {actor} offers for {typeGroup}', (client: Actor, payer: Actor, types: readonly string[]) => {
  const { editions } = world.scene
  const seed = (resource: FhirResource, name: string): string | undefined =>
    seedOf(resource as unknown as Resource, name)
  return client.performs(
    inTurn(
      'try these types',
      readMetadata(payer),
      fetchTypes(payer, types),
      ...types.map((type) => tryType(payer, type, searchesOf(type, editions), seed)),
    ),
  )
})

Then('the data {dataQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('the search {searchQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('$everything {everythingQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('the export {exportQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('the answers {answerQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('the Provenance {provenanceQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('the CapabilityStatement {statementQuality}', (checks: readonly Check[]) => world.judge(...checks))
Then('the client {retrievalHabit}', (checks: readonly Check[]) => world.judge(...checks))
Then('{typeGroup} are offered as the CapabilityStatements of PDex say', (types: readonly string[]) =>
  world.judge(...types.flatMap(capabilityChecksOf)),
)
