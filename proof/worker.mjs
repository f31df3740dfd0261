/** Starts a process that plays trials. */
import { load } from '../sources.mjs'

await load('proof/worker.ts')
