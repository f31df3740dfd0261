/** What a report of a validation is: text that grows while outcomes come, and an end. */
import { alikeKey } from '../input/gathering.ts'
import type { Alike, Outcome, Report, Totals } from '../input/report.ts'
import type { CoverageCount } from '../must-support/coverage.ts'

export interface Ending {
  readonly totals: Totals
  /** Findings of severity information, counted over all resources. */
  readonly alike: readonly Alike[]
  readonly coverage: readonly CoverageCount[]
  readonly milliseconds: number
}
/** A format: each call gives the text that is to be written next. */
export interface Output {
  take(reports: readonly Report[]): string
  end(ending: Ending): string
}

/** Adds outcomes up, in their order. */
export class Sum {
  readonly totals: Totals
  readonly #alike = new Map<string, Alike>()

  constructor(start: Totals) {
    this.totals = start
  }

  add({ totals, alike }: Outcome): void {
    for (const key of Object.keys(totals) as (keyof Totals)[]) this.totals[key] += totals[key]
    for (const each of alike) {
      const key = alikeKey(each)
      const known = this.#alike.get(key)
      if (known) known.count += each.count
      else this.#alike.set(key, { ...each })
    }
  }

  /** The most frequent first; of equals the one that came first. */
  get alike(): readonly Alike[] {
    return [...this.#alike.values()].sort((a, b) => b.count - a.count)
  }
}

/** `Patient/1`, or what is known of it. */
export const nameOf = ({ type, id }: Pick<Report, 'type' | 'id'>): string =>
  type === undefined ? '' : id === undefined ? type : `${type}/${id}`
