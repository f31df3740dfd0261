/** After the last sentence of a scenario the oracles look at all that was said in it, for what no sentence asked about. */
import { oracles } from '../guides/oracles/index.ts'
import { verdictsOf } from '../guides/oracles/oracle.ts'
import type { Verdict } from '../harness/verdict.ts'
import { theRun } from './run.ts'
import type { HarnessWorld } from './world.ts'

/** What they found, each statement that was broken once; nothing where they found nothing. */
export const askOracles = ({ transcript, scene }: HarnessWorld): readonly Verdict[] =>
  transcript.length > 0 ? verdictsOf(oracles, transcript, scene, theRun().requirements) : []
