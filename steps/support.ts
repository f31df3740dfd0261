/** All that Cucumber is to know: the world, the words, what happens around a scenario, the sentences. */
import './world.ts'
import './parameter-types.ts'
import './hooks.ts'
import './opening.steps.ts'
import './trust.steps.ts'
import './authorization.steps.ts'
import './match.steps.ts'
import './retrieval.steps.ts'
