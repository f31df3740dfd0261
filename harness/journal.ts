/** What a run tells while it happens, line by line. The record is these lines; every report is a function of them. */
import type { Editions } from './edition.ts'
import type { Exchange } from './transcript.ts'
import type { Verdict, VerdictCode } from './verdict.ts'

export interface RunLine {
  readonly line: 'run'
  readonly format: 1
  readonly id: string
  readonly startedAt: string
  readonly version: string
  readonly title: string
  readonly editions: readonly Editions[]
  readonly seats: readonly {
    readonly actor: string
    readonly played: 'simulated' | 'under test'
    readonly base?: string
  }[]
  readonly plan?: string
  readonly seed: string
  readonly platform: string
  readonly scenarios: number
  /** False: bodies may hold real people's data, so shareable reports mask demographics. */
  readonly synthetic: boolean
}
export interface ScenarioLine {
  readonly line: 'scenario'
  /** `s1` ... unique in the run. */
  readonly id: string
  readonly feature: string
  readonly uri: string
  readonly rule?: string
  readonly name: string
  /** The Examples row of an outline, as `mistake: expired`. */
  readonly example?: string
  readonly tags: readonly string[]
  readonly editions: Editions
  readonly at: string
}
export interface ExchangeLine {
  readonly line: 'exchange'
  readonly scenario: string
  readonly step: number
  readonly exchange: Exchange
}
export interface VerdictLine {
  readonly line: 'verdict'
  readonly scenario: string
  readonly step: number
  readonly verdict: Verdict
}
export interface StepLine {
  readonly line: 'step'
  readonly scenario: string
  /** 1, 2 ... in the scenario, background included. */
  readonly step: number
  readonly keyword: string
  readonly text: string
  readonly status: 'passed' | 'failed' | 'skipped' | 'error'
  readonly message?: string
  /** What was made true in it off the wire, in words. */
  readonly setUp?: readonly string[]
  readonly milliseconds: number
}
export interface EndLine {
  readonly line: 'end'
  readonly scenario: string
  /** The worst of its verdicts, or `error` when we could not play it, or `skip` with a reason. */
  readonly code: VerdictCode
  readonly reason?: string
  readonly milliseconds: number
}
export interface CompleteLine {
  readonly line: 'complete'
  readonly finishedAt: string
  readonly milliseconds: number
  readonly scenarios: Readonly<Record<VerdictCode, number>>
  readonly verdicts: Readonly<Record<VerdictCode, number>>
  /** Why the run ended before its last scenario. */
  readonly interrupted?: string
}
export type JournalLine = RunLine | ScenarioLine | ExchangeLine | VerdictLine | StepLine | EndLine | CompleteLine

/** Takes the lines as they come: the record's writer, the console's progress. */
export type Journal = (line: JournalLine) => void
