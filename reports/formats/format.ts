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
}

/** A report that is being written. */
export interface Writing {
  /** Is given every scenario in order, as it may be shared; absent where nobody needs what was said. */
  readonly take?: (scenario: WholeScenario, run: RunLine) => void
  /** Writes what is left, when there is no further scenario. */
  readonly end: (material: Material) => Promise<void>
  /** Leaves nothing that looks like a report, when the record turns out to be damaged. */
  readonly abandon?: () => void
}
