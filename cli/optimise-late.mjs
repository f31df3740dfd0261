/**
 * A run is wide and short: most functions are called some hundred times, and what V8 spends on optimising them, beside the
 * players on the same cores, does not come back. It is told to wait until a function has run several times as long as usual.
 */
import { setFlagsFromString } from 'node:v8'

// Later versions of V8 have no such flag, and another compiler between that makes do without.
if (Number.parseInt(process.versions.v8, 10) < 12) setFlagsFromString('--interrupt-budget=400000')
