/** What the process that leads a proof and those that play for it say to each other. */
import type { HarnessErrorCode } from '../harness/errors.ts'
import type { Alarm, Fact } from './facts.ts'
import type { Outcome, Trial } from './trial.ts'

/** Scenarios of one feature, to be played without any fault. */
export interface HonestTask {
  readonly is: 'honest'
  readonly uri: string
  readonly lines: readonly number[]
  readonly edition: number
}

export interface TrialTask {
  readonly is: 'trial'
  readonly trial: Trial
}

export type Task = HonestTask | TrialTask

export type Order =
  | { readonly is: 'open'; readonly certs: string; readonly seed: string }
  /** What the honest run taught: before the first trial. */
  | { readonly is: 'facts'; readonly facts: readonly Fact[] }
  | { readonly is: 'task'; readonly task: Task }
  | { readonly is: 'close' }

export interface HonestResult {
  readonly is: 'honest'
  readonly facts: readonly Fact[]
  readonly alarms: readonly Alarm[]
  /** CPU time of the process. */
  readonly milliseconds: number
}

export interface TrialResult {
  readonly is: 'trial'
  readonly outcome: Outcome
  /** CPU time of the process. */
  readonly milliseconds: number
}

export type Result = HonestResult | TrialResult

export type Reply =
  | { readonly is: 'ready' }
  | { readonly is: 'result'; readonly result: Result }
  | { readonly is: 'trouble'; readonly code: HarnessErrorCode; readonly message: string; readonly remedy?: string }
