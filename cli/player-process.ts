/** Processes that play an edition each. They are started before anything is known, to load while the first process loads. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** One that waits for its order. It loads its modules, and does nothing until it is told. */
export const startPlayerProcess = (): ChildProcess =>
  fork(fileURLToPath(new URL('./player.mjs', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
