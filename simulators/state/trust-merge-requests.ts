/** Requests to merge a branch of the repository into main, and what became of them. */
import type { Random } from '../../harness/random.ts'

export type MergeStatus = 'open' | 'merged' | 'rejected'
export type MergeEvent = 'merge' | 'reject'

/** What is decided stays decided: a new request is made for a new try. */
const transitions: Readonly<Record<MergeStatus, Readonly<Partial<Record<MergeEvent, MergeStatus>>>>> = {
  open: { merge: 'merged', reject: 'rejected' },
  merged: {},
  rejected: {},
}

export interface MergeRequest {
  readonly id: string
  readonly branch: string
  readonly title: string
  readonly createdAt: string
  readonly status: MergeStatus
  /** Commit on main. */
  readonly revision?: string
  /** Why it was rejected. */
  readonly reason?: string
}

export class MergeRequests {
  readonly #random: Random
  readonly #all = new Map<string, MergeRequest>()

  constructor(random: Random) {
    this.#random = random
  }

  /** Opens one; undefined when the branch has an open one already. */
  open(request: Pick<MergeRequest, 'branch' | 'title' | 'createdAt'>): MergeRequest | undefined {
    if (this.all.some(({ branch, status }) => branch === request.branch && status === 'open')) return undefined
    const opened: MergeRequest = { ...request, id: this.#random.uuid(), status: 'open' }
    this.#all.set(opened.id, opened)
    return opened
  }

  get all(): MergeRequest[] {
    return [...this.#all.values()]
  }

  get(id: string): MergeRequest | undefined {
    return this.#all.get(id)
  }

  /** Where the event leads; undefined when it cannot happen now. */
  after(request: MergeRequest, event: MergeEvent): MergeStatus | undefined {
    return transitions[request.status][event]
  }

  /** Moves it on. Throws RangeError when that cannot happen now: ask `after` first. */
  move(request: MergeRequest, event: MergeEvent, more: Pick<MergeRequest, 'revision' | 'reason'> = {}): MergeRequest {
    const status = this.after(request, event)
    if (!status) throw new RangeError(`a merge request that is ${request.status} cannot ${event}`)
    const moved: MergeRequest = { ...request, ...more, status }
    this.#all.set(moved.id, moved)
    return moved
  }
}
