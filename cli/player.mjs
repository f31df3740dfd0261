/** Starts the process that plays one edition for `run`. */
import { load } from '../sources.mjs'

await load('cli/player.ts')
