/** One validation under way: where we are, what was found, and what may be asked of the surroundings. */
import type { Variant } from '../compile/types.ts'
import type { Finding, FindingCode, Severity } from '../finding.ts'
import type { Scope } from './scope.ts'

export type { Json } from './scope.ts'

/** What demands: the profile and the element id. */
export interface Demand {
  readonly profile: string
  readonly element: string
}
export interface Detail {
  readonly key?: string
  readonly expected?: unknown
  readonly actual?: unknown
  readonly nearest?: readonly string[]
  /** Appended to the expression of the element at hand. */
  readonly below?: string
}

/** The state of one run. The path is kept as two stacks, so that no text is made until something is found. */
export class Visit {
  readonly findings: Finding[] = []
  scope: Scope
  depth = 0
  /** Steps of the path: the root's type name, then one segment a level. */
  readonly steps: string[] = []
  /** Index in a list at that level, or -1. */
  readonly indexes: number[] = []
  /** The JSON property at that level, for extension contexts. */
  readonly variants: (Variant | undefined)[] = []
  /** The object at that level. */
  readonly values: unknown[] = []

  /** Answers already given about an object, by what was asked. */
  readonly #memory = new Map<object, Map<object, boolean>>()

  /** Set while something is only tried. */
  #trial: { failed: boolean } | undefined

  constructor(scope: Scope) {
    this.scope = scope
  }

  memory(value: object): Map<object, boolean> {
    let known = this.#memory.get(value)
    if (!known) {
      known = new Map()
      this.#memory.set(value, known)
    }
    return known
  }

  push(step: string, index: number, variant: Variant | undefined, value: unknown): void {
    const at = this.depth++
    this.steps[at] = step
    this.indexes[at] = index
    this.variants[at] = variant
    this.values[at] = value
  }

  pop(): void {
    this.depth--
  }

  get expression(): string {
    let text = ''
    for (let at = 0; at < this.depth; at++) {
      text += at === 0 ? this.steps[at] : `.${this.steps[at]}`
      const index = this.indexes[at] as number
      if (index >= 0) text += `[${index}]`
    }
    return text
  }

  report(severity: Severity, code: FindingCode, message: string, demand: Demand, detail: Detail = {}): void {
    if (this.#trial) {
      if (severity === 'error') this.#trial.failed = true
      return
    }
    const { below, ...rest } = detail
    const expression =
      below === undefined ? this.expression : `${this.expression}${below.startsWith('[') ? '' : '.'}${below}`
    this.findings.push({
      severity,
      code,
      message,
      expression,
      profile: demand.profile,
      element: demand.element,
      ...rest,
    })
  }

  /** Does `judge` find no error? What it finds is not reported. */
  passes(judge: () => void): boolean {
    const before = this.#trial
    const depth = this.depth
    const trial = { failed: false }
    this.#trial = trial
    try {
      judge()
      return !trial.failed
    } finally {
      this.#trial = before
      this.depth = depth
    }
  }
}
