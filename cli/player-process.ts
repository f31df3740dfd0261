/** Processes that work beside `run`: each plays an edition, and draws what it plays. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { HarnessError } from '../harness/errors.ts'
import type { Journal, JournalLine } from '../harness/journal.ts'
import type { Played, PlayOrder, Told } from './player.ts'

export interface PlayerProcess {
  /** Begins to play at once. */
  readonly play: (order: PlayOrder) => Playing
  /** Ends the process, whatever it does. Resolves when it has ended. */
  readonly stop: () => Promise<void>
}

export interface Playing {
  /** File with its lines; whole when `tell` has ended. */
  readonly part: string
  /** Hands on what was told so far and what comes, until the end. Throws the HarnessError that it ended with there. */
  readonly tell: (journal: Journal) => Promise<Played>
}

/** One that waits for its orders, of which it takes one after the other. It loads its modules, and does nothing until it is told. */
export function startPlayerProcess(): PlayerProcess {
  const child = fork(fileURLToPath(new URL('./player.mjs', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  let lines: Journal = () => undefined
  let settle: { readonly done: (played: Played) => void; readonly failed: (error: Error) => void } | undefined
  let broken: Error | undefined
  const failed = (error: Error): void => {
    broken = error
    settle?.failed(error)
  }
  const gone = new Promise<void>((resolve) => {
    child.on('error', (cause) => {
      failed(new HarnessError('internal', 'a second process cannot be started', { cause }))
      resolve()
    })
    child.on('exit', (code, signal) => {
      failed(
        new HarnessError('internal', `the process beside this one ended (${signal ?? code}) before it was done`, {
          remedy: 'what was played is recorded: "vitruvian report" draws the reports from the record',
        }),
      )
      resolve()
    })
  })
  child.on('message', (told: Told) => {
    if (told.is === 'lines') for (const line of told.lines) lines(line)
    else if (told.is === 'done') {
      const { is: _is, ...played } = told
      settle?.done(played)
    } else settle?.failed(new HarnessError(told.code, told.message, told.remedy ? { remedy: told.remedy } : {}))
  })
  return {
    play: (order) => {
      const early: JournalLine[] = []
      lines = (line) => void early.push(line)
      const ended = new Promise<Played>((done, stopped) => {
        settle = { done, failed: stopped }
        if (broken) stopped(broken)
        else child.send(order)
      })
      // Whoever awaits it is told; until then nobody needs to be.
      ended.catch(() => undefined)
      return {
        part: order.part,
        tell: (journal) => {
          for (const line of early.splice(0)) journal(line)
          lines = journal
          return ended
        },
      }
    },
    stop: () => {
      child.kill()
      return gone
    },
  }
}
