/** Entry of a thread: TypeScript is read as it is, as in the main thread. */
import { register } from 'tsx/esm/api'

register()
await import('./worker.ts')
