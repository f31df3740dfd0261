/** Threads that share the work. Outcomes come in the order of the work, whoever was quicker; no more is read than can be judged. */
import type { Worker } from 'node:worker_threads'
import { HarnessError } from '../../harness/errors.ts'
import { type CoverageCount, mergeCoverage } from '../must-support/coverage.ts'
import { createJudge, type Setup, type Work } from './judge.ts'
import type { Outcome } from './report.ts'
import type { Answer, Order } from './worker.ts'

export interface Judging {
  /** Outcomes, one for each piece of work, in its order. */
  readonly outcomes: AsyncIterable<Outcome>
  /** What was counted; ask when the outcomes are at their end. */
  coverage(): Promise<readonly CoverageCount[]>
}

/** Judges with one thread (this one) or several. The outcomes are the same. The memory of what has been judged goes to `spare`. */
export function judgeAll(work: AsyncIterable<Work>, setup: Setup, threads: number, spare: ArrayBuffer[] = []): Judging {
  if (threads > 1) return inThreads(work, setup, threads, spare)
  const judge = createJudge(setup)
  return {
    outcomes: (async function* () {
      for await (const piece of work) {
        const outcome = setup.terminology ? await judge.judgeAsking(piece) : judge.judge(piece)
        if (piece.kind === 'lines') spare.push(piece.batch.bytes.buffer)
        yield outcome
      }
    })(),
    coverage: async () => judge.coverage(),
  }
}

/** Pieces that wait at one thread while it judges another. */
const ahead = 2

/** Megabytes for short-lived objects in each thread: more would be filled before it is cleared, and saves nothing. */
const nursery = 12

function inThreads(work: AsyncIterable<Work>, setup: Setup, threads: number, spare: ArrayBuffer[]): Judging {
  let coverage: readonly CoverageCount[] = []
  return {
    outcomes: (async function* () {
      const crew = await crewOf(threads, setup, spare)
      try {
        const pieces = work[Symbol.asyncIterator]()
        const waiting: Promise<Outcome>[] = []
        for (let more = true; more || waiting.length > 0; ) {
          while (more && waiting.length < threads * ahead) {
            const next = await pieces.next()
            if (next.done) more = false
            else {
              const outcome = leastBusy(crew).judge(next.value)
              // One that nobody waits for any more, because an earlier one failed, must not end the process.
              outcome.catch(() => undefined)
              waiting.push(outcome)
            }
          }
          const first = waiting.shift()
          if (first) yield await first
        }
        if (setup.mustSupport) coverage = mergeCoverage(await Promise.all(crew.map((member) => member.coverage())))
      } finally {
        await Promise.all(crew.map((member) => member.end()))
      }
    })(),
    coverage: async () => coverage,
  }
}

/** The threads; what they are made with is loaded only here, as most calls need none. */
async function crewOf(threads: number, setup: Setup, spare: ArrayBuffer[]): Promise<Member[]> {
  const { Worker } = await import('node:worker_threads')
  return Array.from({ length: threads }, () => {
    const options = { workerData: setup, resourceLimits: { maxYoungGenerationSizeMb: nursery } }
    return new Member(new Worker(new URL('./worker.mjs', import.meta.url), options), spare)
  })
}

const leastBusy = (crew: readonly Member[]): Member =>
  crew.reduce((best, each) => (each.waiting < best.waiting ? each : best))

class Member {
  readonly #worker: Worker
  readonly #spare: ArrayBuffer[]
  readonly #asked: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = []
  #ended = false

  constructor(worker: Worker, spare: ArrayBuffer[]) {
    this.#worker = worker
    this.#spare = spare
    this.#worker.on('message', (answer: Answer) => this.#asked.shift()?.resolve(answer))
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#worker.on('exit', () => {
      if (!this.#ended) this.#fail(new HarnessError('internal', 'a validating thread ended before its work was done'))
    })
  }

  get waiting(): number {
    return this.#asked.length
  }

  async judge(work: Work): Promise<Outcome> {
    const bytes = work.kind === 'lines' ? work.batch.bytes : work.kind === 'document' ? work.bytes : undefined
    const answer = await this.#ask({ work }, bytes ? [bytes.buffer] : [])
    const { outcome, memory } = answer as Extract<Answer, { outcome: Outcome }>
    if (memory) this.#spare.push(memory)
    return outcome
  }

  async coverage(): Promise<readonly CoverageCount[]> {
    return ((await this.#ask({ coverage: true }, [])) as { coverage: readonly CoverageCount[] }).coverage
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.#worker.terminate()
  }

  #ask(order: Order, handed: ArrayBuffer[]): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      this.#asked.push({ resolve, reject })
      this.#worker.postMessage(order, handed)
    })
  }

  #fail(error: Error): void {
    for (const { reject } of this.#asked.splice(0)) reject(error)
  }
}
