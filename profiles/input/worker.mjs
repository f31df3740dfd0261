/** Entry of a thread. */
import { load } from '../../sources.mjs'

await load('profiles/input/worker.ts')
