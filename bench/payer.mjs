/** Starts the payer of the benchmarks from the same bundle as `vitruvian simulate` does. */
import { load } from '../sources.mjs'

const { main } = await load('bench/payer-process.ts')
await main()
