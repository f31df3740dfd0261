/**
 * A run is wide and short: most functions are called some hundred times, and what V8 spends on optimising them, beside the
 * players on the same cores, does not come back. It is told to wait until a function has run several times as long as usual.
 */
import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--interrupt-budget=400000')
