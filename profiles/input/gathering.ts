/** Sums up what is found in a piece of work: reports where there is something to say, counts of what is alike. */
import type { Finding } from '../finding.ts'
import { type Alike, noTotals, type Outcome, placeOf, type Report } from './report.ts'

/** What makes two counted findings alike. */
export const alikeKey = ({
  code,
  profile,
  element,
  expected,
}: Pick<Alike, 'code' | 'profile' | 'element' | 'expected'>): string => `${code}\n${profile}\n${element}\n${expected}`

/** What one piece of work brings, as it is gathered. */
export class Gathering {
  readonly totals = noTotals()
  /** Resources whose must-support elements are to be counted. */
  readonly seen: Record<string, unknown>[] = []
  readonly #reports: Report[] = []
  readonly #alike = new Map<string, Alike>()
  readonly #everything: boolean

  constructor(everything: boolean) {
    this.#everything = everything
  }

  add(report: Report): void {
    const { totals } = this
    if (report.type !== undefined) totals.resources++
    let errors = 0
    let plain = 0
    for (const { severity } of report.troubles) {
      if (severity === 'error') errors++
      else totals.warnings++
    }
    for (const finding of report.findings) {
      if (finding.severity === 'error') errors++
      else if (finding.severity === 'warning') totals.warnings++
      else {
        totals.information++
        plain++
        this.#count(finding, report)
      }
    }
    totals.errors += errors
    if (errors > 0) totals.refused++
    if (this.#everything) this.#reports.push(report)
    else if (report.troubles.length > 0 || report.findings.length > plain) {
      const findings =
        plain === 0 ? report.findings : report.findings.filter(({ severity }) => severity !== 'information')
      this.#reports.push({ ...report, findings })
    }
  }

  #count({ code, profile, element, message, expression, expected }: Finding, report: Report): void {
    const what = typeof expected === 'string' ? expected : ''
    const kind = { code, profile, element, expected: what }
    const key = alikeKey(kind)
    const known = this.#alike.get(key)
    if (known) known.count++
    else this.#alike.set(key, { ...kind, message, first: `${placeOf(report)} ${expression}`, count: 1 })
  }

  outcome(): Outcome {
    return { reports: this.#reports, alike: [...this.#alike.values()], totals: this.totals }
  }
}
