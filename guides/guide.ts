/** A guide: what it is called, at which versions we know it, what it demands, and how to open the page that says so. */
import type { Check } from '../harness/check.ts'
import type { GuideKey } from '../harness/edition.ts'
import type { Requirement } from '../harness/requirement.ts'

export interface Guide {
  readonly key: GuideKey
  readonly title: string
  readonly packageId: string
  readonly canonical: string
  /** Versions that a run may name, oldest first. */
  readonly versions: readonly string[]
  readonly requirements: readonly Requirement[]
  readonly checks: readonly Check[]
  /** Requirement id -> why an automatic requirement of the flows that exist has no check. */
  readonly untested: Readonly<Record<string, string>>
}

/** A row of requirements.json: a Requirement without what the guide itself knows. */
export type LedgerRow = Omit<Requirement, 'guide' | 'url' | 'untested'>

/** Rows made whole. `pageOf` turns the row's `where` into the address of the page. */
export const ledger = (
  guide: GuideKey,
  rows: readonly LedgerRow[],
  pageOf: (where: string) => string,
  untested: Readonly<Record<string, string>>,
): readonly Requirement[] =>
  rows.map((row) => {
    const reason = untested[row.id]
    return { ...row, guide, url: pageOf(row.where), ...(reason ? { untested: reason } : {}) }
  })
