/** The processes that play for a proof, as many as there are cores: each takes the next task when it has done its last. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { HarnessError } from '../harness/errors.ts'
import { home } from '../steps/play.ts'
import type { Fact } from './facts.ts'
import type { Order, Reply, Result, Task } from './orders.ts'

export interface Company {
  /** Before the first trial. */
  teach(facts: readonly Fact[]): void
  /** Has every task done; results in the order of the tasks. Rejects with what went wrong in any of them. */
  perform(tasks: readonly Task[], told?: (result: Result) => void): Promise<Result[]>
  close(): void
}

export interface CompanyOptions {
  readonly certs: string
  readonly seed: string
  readonly jobs: number
}

/** Starts them. */
export function openCompany({ certs, seed, jobs }: CompanyOptions): Company {
  const players = Array.from({ length: jobs }, () => startPlayer({ is: 'open', certs, seed }))
  return {
    teach: (facts) => {
      for (const player of players) player.say({ is: 'facts', facts })
    },
    async perform(tasks, told) {
      const results: Result[] = []
      let next = 0
      const work = async (player: Player): Promise<void> => {
        for (let i = next++; i < tasks.length; i = next++) {
          const result = await player.perform(tasks[i] as Task)
          results[i] = result
          told?.(result)
        }
      }
      await Promise.all(players.map(work))
      return results
    },
    close: () => {
      for (const player of players) player.close()
    },
  }
}

interface Player {
  say(order: Order): void
  perform(task: Task): Promise<Result>
  close(): void
}

function startPlayer(opening: Order): Player {
  const child: ChildProcess = fork(join(home, 'proof', 'worker.mjs'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
    execArgv: ['--max-semi-space-size=64'],
  })
  let waiting: { resolve(result: Result): void; reject(error: Error): void } | undefined
  let over: HarnessError | undefined
  const fail = (error: HarnessError): void => {
    over ??= error
    waiting?.reject(error)
    waiting = undefined
  }
  child.on('message', (reply: Reply) => {
    if (reply.is === 'trouble')
      fail(new HarnessError(reply.code, reply.message, reply.remedy ? { remedy: reply.remedy } : {}))
    else if (reply.is === 'result') {
      waiting?.resolve(reply.result)
      waiting = undefined
    }
  })
  child.on('error', (cause) =>
    fail(new HarnessError('internal', 'a process for the proof cannot be started', { cause })),
  )
  child.on('exit', (code, signal) =>
    fail(new HarnessError('internal', `a process that plays trials ended (${signal ?? code}) before its last`)),
  )
  child.send(opening)
  return {
    say: (order) => void child.send(order),
    perform: (task) =>
      new Promise((resolve, reject) => {
        if (over) return reject(over)
        waiting = { resolve, reject }
        child.send({ is: 'task', task } satisfies Order)
      }),
    // One that is in trouble, or still busy when the others are, is not waited for.
    close: () => void (over || waiting ? child.kill() : child.send({ is: 'close' } satisfies Order)),
  }
}
