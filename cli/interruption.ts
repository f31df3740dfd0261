/** Ctrl-C, and what else asks a process to end: told to whoever has something to tidy first. */
import { HarnessError } from '../harness/errors.ts'

export interface Interruption {
  /** Rejects with `interrupted` when it comes. A second one ends the process on the spot. */
  readonly comes: Promise<never>
  /** Leaves the signals alone again. */
  readonly forget: () => void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens from now on. */
export function interruption(): Interruption {
  let stop: (signal: NodeJS.Signals) => void = () => undefined
  const forget = (): void => {
    for (const signal of signals) process.off(signal, stop)
  }
  const comes = new Promise<never>((_resolve, reject) => {
    stop = (signal) => {
      forget()
      reject(new HarnessError('interrupted', `interrupted (${signal === 'SIGINT' ? 'Ctrl-C' : signal})`))
    }
  })
  for (const signal of signals) process.on(signal, stop)
  // Whoever awaits it is told.
  comes.catch(() => undefined)
  return { comes, forget }
}
