/** The nouns of a validation's result: what was found about a resource, what is alike, the totals. */
import type { Finding } from '../finding.ts'
import type { Trouble } from './trouble.ts'

/** What was found about one resource, or about the place where one should be. */
export interface Report {
  readonly source: string
  /** Line of an NDJSON file. */
  readonly line?: number
  readonly type?: string
  readonly id?: string
  readonly troubles: readonly Trouble[]
  readonly findings: readonly Finding[]
}

/** Findings of one demand about many resources, counted; there are as many kinds as demands, however many resources there are. */
export interface Alike {
  readonly code: Finding['code']
  readonly profile: string
  readonly element: string
  /** The value set, where the demand is a binding. */
  readonly expected: string
  /** The message and the place of the first. */
  readonly message: string
  readonly first: string
  count: number
}

export interface Totals {
  resources: number
  /** Resources (or places where one should be) with an error. */
  refused: number
  errors: number
  warnings: number
  information: number
  /** Inputs about which nothing can be said, because the engine itself failed. */
  unjudged: number
  /** JSON files in folders that hold no resource. */
  passedOver: number
  bytes: number
}

export const noTotals = (): Totals => ({
  resources: 0,
  refused: 0,
  errors: 0,
  warnings: 0,
  information: 0,
  unjudged: 0,
  passedOver: 0,
  bytes: 0,
})

export interface Outcome {
  readonly reports: readonly Report[]
  readonly alike: readonly Alike[]
  readonly totals: Totals
}

/** `file.ndjson:12` or `file.json` */
export const placeOf = ({ source, line }: Pick<Report, 'source' | 'line'>): string =>
  line === undefined ? source : `${source}:${line}`
