/** What a format is: a function of the run and its sums to files in the folder of the run. */
import type { RunLine } from '../../harness/journal.ts'
import type { Requirement } from '../../harness/requirement.ts'
import type { RollUp, Run, WholeScenario } from '../run.ts'

export interface Material {
  /** As it may be shared: secrets masked, and people too when they may be real. */
  readonly run: Run
  readonly sums: RollUp
  readonly requirements: readonly Requirement[]
  /** The people of a run that is not synthetic were left in, for the tester's own screen. */
  readonly peopleShown?: boolean
}

export interface Format {
  /** As `--format` names it. */
  readonly name: string
  /** What it writes, relative to the folder of the run. */
  readonly path: string
  readonly about: string
  /** Begins to write into a folder that is there. */
  readonly begin: (folder: string, requirements: readonly Requirement[]) => Writing
  /** Begins a share of it beside the process that began it, for other scenarios; absent where nobody needs what was said. */
  readonly share?: (folder: string, requirements: readonly Requirement[]) => Sharing
}

/** A report that is being written. */
export interface Writing {
  /** Is given every scenario in order, as it may be shared; absent where nobody needs what was said. */
  readonly take?: (scenario: WholeScenario, run: RunLine) => void
  /** Takes over what a share of this format made of the scenarios that come next. */
  readonly join?: (share: unknown) => void
  /** Writes what is left, when there is no further scenario. */
  readonly end: (material: Material) => Promise<void>
  /** Leaves nothing that looks like a report, when the record turns out to be damaged. */
  readonly abandon?: () => void
}

/** A share of a report, made where its scenarios are played. */
export interface Sharing {
  readonly take: (scenario: WholeScenario, run: RunLine) => void
  /** What `join` of the report takes over, as plain data that can be sent; nothing where it lies in the folder already. */
  readonly end: () => Promise<unknown>
}
