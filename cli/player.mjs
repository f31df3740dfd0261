/** Starts the process that plays one edition for `run`. */
import './optimise-late.mjs'
import { load } from '../sources.mjs'

await load('cli/player.ts')
