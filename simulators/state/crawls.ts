/**
 * Answers that take several pages: what was found, kept as keys, and cursors into it. A cursor says nothing, belongs to
 * the client and member that it was made for, and ends after a while.
 */
import type { Clock } from '../../harness/clock.ts'
import type { Random } from '../../harness/random.ts'
import type { Grant } from './grant.ts'
import type { Packed } from './packed.ts'

export interface Crawl<Rest> {
  readonly clientId: string
  readonly patientId: string
  /** `Type/id` of what was found: the resources are read when their page is asked for. */
  readonly found: Packed
  /** Entries of a page. */
  readonly count: number
  readonly total: number
  /** What else the kind of answer needs to write a page. */
  readonly rest: Rest
}

interface Cursor<Rest> {
  readonly crawl: Crawl<Rest>
  readonly offset: number
  readonly expires: number
}

/** Seconds that a page can be asked for. */
const lifetime = 900
const kept = 2000

export class Crawls<Rest> {
  readonly #clock: Clock
  readonly #random: Random
  readonly #cursors = new Map<string, Cursor<Rest>>()

  constructor(clock: Clock, random: Random) {
    this.#clock = clock
    this.#random = random
  }

  /** A new cursor to the entries from that number on. */
  cursor(crawl: Crawl<Rest>, offset: number): string {
    const id = this.#random.uuid()
    this.#cursors.set(id, { crawl, offset, expires: this.#clock.now().getTime() + lifetime * 1000 })
    if (this.#cursors.size > kept) {
      const oldest = this.#cursors.keys().next().value
      if (oldest !== undefined) this.#cursors.delete(oldest)
    }
    return id
  }

  /** What a cursor points at; undefined when it is unknown, over, or somebody else's. */
  find(id: string, grant: Grant | undefined): { crawl: Crawl<Rest>; offset: number } | undefined {
    const cursor = this.#cursors.get(id)
    if (!cursor || cursor.expires <= this.#clock.now().getTime()) return undefined
    const { clientId, patientId } = cursor.crawl
    return grant?.clientId === clientId && grant.patientId === patientId ? cursor : undefined
  }
}
