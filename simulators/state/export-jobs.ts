/**
 * Asynchronous exports and the states they go through (Bulk Data "Export", status). What a job holds is keys and counts:
 * the resources themselves are read when a file is.
 */
import type { Clock } from '../../harness/clock.ts'
import { defaults } from '../../harness/config.ts'
import type { Pair } from '../search/criteria.ts'
import type { Grant } from './grant.ts'
import type { Packed } from './packed.ts'

export type JobState = 'accepted' | 'running' | 'complete' | 'failed' | 'deleted' | 'expired'
export type JobEvent = 'start' | 'finish' | 'fail' | 'delete' | 'expire'

/** Read: in this state, that event leads there. What is not here cannot happen. */
export const transitions: Readonly<Record<JobState, Readonly<Partial<Record<JobEvent, JobState>>>>> = {
  accepted: { start: 'running', finish: 'complete', fail: 'failed', delete: 'deleted' },
  running: { finish: 'complete', fail: 'failed', delete: 'deleted' },
  complete: { expire: 'expired', delete: 'deleted' },
  failed: { delete: 'deleted' },
  expired: {},
  deleted: {},
}

/** How exports go: finished when first asked for, after some polls, or not at all. */
export interface ExportPlan {
  readonly way: 'ready-at-once' | 'slow' | 'fails'
  /** Polls that are answered "not yet" first. */
  readonly polls?: number
}

/** A filter on one type: a search's query. */
export interface TypeFilter {
  readonly type: string
  readonly pairs: readonly Pair[]
}

/** What was asked for, understood. */
export interface ExportOrder {
  readonly types?: ReadonlySet<string>
  /** Milliseconds since 1970. */
  readonly since?: number
  readonly until?: number
  readonly elements?: readonly string[]
  readonly filters: readonly TypeFilter[]
  readonly latestProvenance: boolean
  /** What could not be honoured and was passed over, in words without anybody's data. */
  readonly passedOver: readonly string[]
}

/** A file of the result: one type, the resources as `id/version`, or lines that exist nowhere else. */
export interface ExportFile {
  readonly name: string
  readonly type: string
  readonly section: 'output' | 'deleted' | 'error'
  readonly held: Packed
  /** Lines beside those of what is held. */
  readonly lines: readonly string[]
}

export interface ExportJob {
  readonly id: string
  readonly grant: Grant
  readonly patientId: string
  /** URL of the kick-off. */
  readonly request: string
  readonly order: ExportOrder
  /** Instant that the result is a picture of. */
  readonly transactionTime: string
  readonly state: JobState
  readonly files: readonly ExportFile[]
  /** Milliseconds since 1970: when the result goes. */
  readonly expires?: number
  /** Why it failed. */
  readonly reason?: string
  /** Polls that were answered, those that came too early not counted. */
  readonly polls: number
  /** Milliseconds since 1970: not to be asked before. */
  readonly askAgain?: number
  readonly plan: Required<ExportPlan>
}

/** Seconds between two polls. */
export const pollSeconds = 5

export class ExportJobs {
  readonly #clock: Clock
  readonly #jobs = new Map<string, ExportJob>()
  #next: ExportPlan | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** How the next export goes. */
  plan(plan: ExportPlan): void {
    this.#next = plan
  }

  /** Accepts an export. Unless planned otherwise it is running at the first poll and complete at the second. */
  open(part: Pick<ExportJob, 'id' | 'grant' | 'patientId' | 'request' | 'order'>): ExportJob {
    const plan = this.#next ?? { way: 'slow', polls: 1 }
    this.#next = undefined
    const job: ExportJob = {
      ...part,
      transactionTime: this.#clock.now().toISOString(),
      state: 'accepted',
      files: [],
      polls: 0,
      plan: { way: plan.way, polls: plan.polls ?? (plan.way === 'slow' ? 2 : 0) },
    }
    this.#jobs.set(job.id, job)
    return job
  }

  /** The job as it stands now; what has expired says so. */
  find(id: string): ExportJob | undefined {
    const job = this.#jobs.get(id)
    const over = job?.expires !== undefined && job.expires <= this.#clock.now().getTime()
    return job && over && job.state === 'complete' ? this.move(id, 'expire', { files: [] }) : job
  }

  /** A poll that came in time: counts it and says when the next is due. */
  polled(id: string): ExportJob {
    const job = this.#known(id)
    return this.#keep({
      ...job,
      polls: job.polls + 1,
      askAgain: this.#clock.now().getTime() + pollSeconds * 1000,
    })
  }

  /** Moves the job along the table. Throws RangeError for what the table does not know. */
  move(id: string, event: JobEvent, change: Partial<Pick<ExportJob, 'files' | 'reason'>> = {}): ExportJob {
    const { askAgain: _, ...job } = this.#known(id)
    const state = transitions[job.state][event]
    if (!state) throw new RangeError(`an export that is ${job.state} cannot ${event}`)
    const expires = this.#clock.now().getTime() + defaults.exportSeconds * 1000
    return this.#keep({ ...job, ...change, state, ...(state === 'complete' ? { expires } : {}) })
  }

  /** Every job, in the order of their kick-offs. */
  [Symbol.iterator](): Iterator<ExportJob> {
    return this.#jobs.values()
  }

  #known(id: string): ExportJob {
    const job = this.#jobs.get(id)
    if (!job) throw new RangeError('there is no such export')
    return job
  }

  #keep(job: ExportJob): ExportJob {
    this.#jobs.set(job.id, job)
    return job
  }
}
