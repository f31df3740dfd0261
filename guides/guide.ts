/** A guide: what it is called, at which versions we know it, what it demands, and how to open the page that says so. */
import type { Check } from '../harness/check.ts'
import { type GuideKey, holdsAt, majorMinor } from '../harness/edition.ts'
import { actorsOf, type Requirement, type Seat } from '../harness/requirement.ts'

export interface Guide {
  readonly key: GuideKey
  readonly title: string
  readonly packageId: string
  readonly canonical: string
  /** Versions that the ledger tells apart, oldest first; `editions.ts` says which of them can be played. */
  readonly versions: readonly string[]
  readonly requirements: readonly Requirement[]
  readonly checks: readonly Check[]
  /** Requirement id -> why an automatic requirement of the flows that exist has no check. */
  readonly untested: Readonly<Record<string, string>>
  /** The page that states it in an edition: the row's `where`, the version, and the guide's own key there if it has one. */
  readonly pageOf: PageOf
}

/** Turns the `where` of a row into an address. */
export type PageOf = (where: string, version: string, key?: string) => string

/** A row of requirements.json: a Requirement without what the guide itself knows. */
export type LedgerRow = Omit<Requirement, 'guide' | 'url' | 'untested' | 'seats'>

/** What the guide knows of all its rows. */
export interface LedgerFacts extends Pick<Guide, 'key' | 'versions' | 'untested' | 'pageOf'> {
  /** Which seats the actors of the rows take. */
  readonly seats: Readonly<Record<string, readonly Seat[]>>
}

/** Rows made whole; the address is that of the newest edition in which the statement holds. */
export const ledger = (facts: LedgerFacts, rows: readonly LedgerRow[]): readonly Requirement[] =>
  rows.map((row) => {
    const reason = facts.untested[row.id]
    const version = facts.versions.findLast((one) => holdsAt(row.versions, one)) ?? (facts.versions.at(-1) as string)
    const seats = [...new Set(actorsOf(row).flatMap((actor) => facts.seats[actor] ?? []))]
    const url = facts.pageOf(row.where, version, row.keys?.[majorMinor(version)]?.[0])
    return { ...row, guide: facts.key, seats, url, ...(reason ? { untested: reason } : {}) }
  })
