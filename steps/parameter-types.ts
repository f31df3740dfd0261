/** The words that sentences have in common: actors, people, policies, resource types. */
import { defineParameterType } from '@cucumber/cucumber'
import type { ActorName } from '../harness/actor.ts'
import type { ConsentPolicy } from '../harness/person.ts'
import { world } from './world.ts'

defineParameterType({
  name: 'actor',
  regexp: /the (?:requesting payer|responding payer|trust manager)|another payer|a stranger/,
  transformer: (text: string) => world.actor(text.replace(/^the /, '') as ActorName),
})

defineParameterType({
  name: 'person',
  regexp: /[A-Z][a-z]+ [A-Z][a-z]+/,
  transformer: (name: string) => world.person(name),
})

defineParameterType({
  name: 'policy',
  regexp: /everything|non-sensitive data/,
  transformer: (text: string): ConsentPolicy => (text === 'everything' ? 'sensitive' : 'regular'),
})

defineParameterType({
  name: 'type',
  regexp: /[A-Z][A-Za-z]+/,
  useForSnippets: false,
  transformer: (text: string) => text,
})
