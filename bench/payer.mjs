/** Starts the payer of the benchmarks from the same bundle as `vitruvian simulate` does. */
import { load } from '../sources.mjs'

await load('bench/payer-process.ts')
