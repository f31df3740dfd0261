/** A thread that judges what it is handed, piece by piece. */
import { parentPort, workerData } from 'node:worker_threads'
import type { CoverageCount } from '../must-support/coverage.ts'
import { createJudge, type Setup, type Work } from './judge.ts'
import type { Outcome } from './report.ts'

/** What is sent to a thread: a piece of work, or the question what it has counted. */
export type Order = { readonly work: Work } | { readonly coverage: true }
/** Answers come in the order of the orders. */
export type Answer =
  | {
      readonly outcome: Outcome
      /** The memory of the lines that were judged, handed back. */
      readonly memory?: ArrayBuffer
    }
  | { readonly coverage: readonly CoverageCount[] }

const judge = createJudge(workerData as Setup)

let before: Promise<unknown> = Promise.resolve()

// One after the other: an order may wait for a terminology server, and its answer must not be overtaken.
parentPort?.on('message', (order: Order) => {
  before = before.then(async () => {
    if (!('work' in order)) {
      parentPort?.postMessage({ coverage: judge.coverage() } satisfies Answer)
      return
    }
    const { work } = order
    const outcome = await judge.judgeAsking(work)
    const memory = work.kind === 'lines' ? work.batch.bytes.buffer : undefined
    parentPort?.postMessage({ outcome, ...(memory && { memory }) } satisfies Answer, memory ? [memory] : [])
  })
})
