/** JUnit XML: a suite for each file, a case for each resource; an error is a failure, what could not be judged an error. */
import type { Report } from '../input/report.ts'
import { nameOf, type Output } from './output.ts'

interface Suite {
  readonly source: string
  /** Number of this stretch of the source, from 1. */
  readonly part: number
  cases: string[]
  failures: number
  errors: number
}

/** So many cases are held at most; then they are written, and a long source goes on in a further suite. */
const most = 10_000

/**
 * The format. A suite says first how many cases it has, so its cases are held until it ends; the sum over all suites is given where all
 * of them could be held.
 */
export function junitOutput(held = most): Output {
  let suites: Suite[] = []
  let count = 0
  let opened = false
  const suiteOf = (source: string): Suite => {
    const last = suites.at(-1)
    if (last?.source === source && last.cases.length < held) return last
    const part = last?.source === source ? last.part + 1 : 1
    const next: Suite = { source, part, cases: [], failures: 0, errors: 0 }
    suites.push(next)
    return next
  }
  const written = (done: readonly Suite[]): string => {
    const text = `${opened ? '' : opening('')}${done.map(suiteText).join('')}`
    opened = true
    return text
  }
  return {
    take(reports) {
      let text = ''
      for (const report of reports) {
        const suite = suiteOf(report.source)
        suite.cases.push(caseText(report, suite))
        if (++count < held) continue
        text += written(suites)
        // The last one is kept, empty, so that its source goes on with the next number.
        const { source, part } = suite
        suites = [{ source, part: part + 1, cases: [], failures: 0, errors: 0 }]
        count = 0
      }
      return text
    },
    end({ milliseconds }) {
      const rest = suites.filter(({ cases }) => cases.length > 0)
      const sum = (of: (suite: Suite) => number): number => rest.reduce((total, suite) => total + of(suite), 0)
      const sums = `${counts(
        sum(({ cases }) => cases.length),
        sum(({ failures }) => failures),
        sum(({ errors }) => errors),
      )} time="${(milliseconds / 1000).toFixed(3)}"`
      return `${opened ? '' : opening(sums)}${rest.map(suiteText).join('')}</testsuites>\n`
    },
  }
}

const opening = (sums: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="vitruvian validate"${sums}>\n`
const counts = (tests: number, failures: number, errors: number): string =>
  ` tests="${tests}" failures="${failures}" errors="${errors}"`
const suiteText = ({ source, part, cases, failures, errors }: Suite): string =>
  `  <testsuite name="${attribute(part === 1 ? source : `${source}, part ${part}`)}"${counts(cases.length, failures, errors)}>\n${cases.join('')}  </testsuite>\n`

function caseText(report: Report, suite: Suite): string {
  const name = [nameOf(report), report.line === undefined ? '' : `line ${report.line}`]
    .filter((part) => part !== '')
    .join(', ')
  const open = `    <testcase classname="${attribute(report.source)}" name="${attribute(name || report.source)}"`
  const unjudged = report.troubles.find(({ code }) => code === 'engine-trouble' || code === 'input-unreadable')
  if (unjudged) {
    suite.errors++
    return `${open}>\n      <error type="${unjudged.code}" message="${attribute(unjudged.message)}"/>\n    </testcase>\n`
  }
  const lines = [
    ...report.troubles.map(({ severity, code, message, line, column }) => ({
      severity,
      code,
      text: `${report.source}:${line}:${column}: ${message}`,
    })),
    ...report.findings.map(({ severity, code, message, expression, profile }) => ({
      severity,
      code,
      text: `${expression}: ${message} [${profile}]`,
    })),
  ]
  const failures = lines.filter(({ severity }) => severity === 'error')
  const rest = lines.filter(({ severity }) => severity !== 'error')
  if (failures.length > 0) suite.failures++
  if (lines.length === 0) return `${open}/>\n`
  const [first] = failures
  const failed = first
    ? `      <failure type="${first.code}" message="${attribute(first.text)}">${content(failures.map(({ code, text }) => `${code} ${text}`).join('\n'))}</failure>\n`
    : ''
  const said =
    rest.length > 0
      ? `      <system-out>${content(rest.map(({ severity, code, text }) => `${severity} ${code} ${text}`).join('\n'))}</system-out>\n`
      : ''
  return `${open}>\n${failed}${said}    </testcase>\n`
}

/** Characters that XML 1.0 has no way to write become the sign for what is not a character. */
const forbidden = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu
const content = (text: string): string =>
  text.replace(forbidden, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const attribute = (text: string): string =>
  content(text)
    .replaceAll('"', '&quot;')
    .replace(/[\n\r\t]/g, ' ')
