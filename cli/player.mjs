/** Starts the process that plays one edition for `run`. */
import { register } from 'tsx/esm/api'

register()
await import('./player.ts')
