/** What a format is: a function of the run and its sums to files in the folder of the run. */
import type { Requirement } from '../../harness/requirement.ts'
import type { RollUp, Run } from '../run.ts'

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
  readonly write: (material: Material, folder: string) => Promise<void>
}
