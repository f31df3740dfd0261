/** The words that sentences have in common: actors, people, policies, resource types. */
import { defineParameterType } from '@cucumber/cucumber'
import type { ActorName } from '../harness/actor.ts'
import { type HarnessError, isHarnessError } from '../harness/errors.ts'
import type { ConsentPolicy, Person } from '../harness/person.ts'
import { world } from './world.ts'

defineParameterType({
  name: 'actor',
  regexp: /the (?:requesting payer|responding payer|trust manager)|another payer|a stranger/,
  transformer: (text: string) => world.actor(text.replace(/^the /, '') as ActorName),
})

defineParameterType({
  name: 'person',
  regexp: /[A-Z][a-z]+ [A-Z][a-z]+/,
  // Made out before the sentence begins: whom nobody has is told within it, where it is a reason to skip (steps/hooks.ts).
  transformer: (name: string): Person | HarnessError => {
    try {
      return world.person(name)
    } catch (error) {
      if (isHarnessError(error, 'cannot-set-up')) return error
      throw error
    }
  },
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
