/** The oracles, in the order in which they look. */
import { leakOracle } from './leak.ts'
import type { Oracle } from './oracle.ts'
import { triangulationOracle } from './triangulation.ts'

export const oracles: readonly Oracle[] = [leakOracle, triangulationOracle]
