/** JUnit XML: a suite for each file, a case for each resource; an error is a failure, what could not be judged an error. */
import type { Report } from '../input/judge.ts'
import { nameOf, type Output } from './output.ts'

interface Suite {
  cases: string[]
  failures: number
  errors: number
}

/** The format. Cases are kept until the end, because a suite says first how many it has. */
export function junitOutput(): Output {
  const suites = new Map<string, Suite>()
  return {
    take(reports) {
      for (const report of reports) {
        const suite = suites.get(report.source) ?? { cases: [], failures: 0, errors: 0 }
        suites.set(report.source, suite)
        suite.cases.push(caseText(report, suite))
      }
      return ''
    },
    end({ milliseconds }) {
      const body = [...suites].map(
        ([source, { cases, failures, errors }]) =>
          `  <testsuite name="${attribute(source)}" tests="${cases.length}" failures="${failures}" errors="${errors}">\n${cases.join('')}  </testsuite>\n`,
      )
      const sum = (of: (suite: Suite) => number): number =>
        [...suites.values()].reduce((total, suite) => total + of(suite), 0)
      return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="vitruvian validate" tests="${sum(({ cases }) => cases.length)}" failures="${sum(({ failures }) => failures)}" errors="${sum(({ errors }) => errors)}" time="${(milliseconds / 1000).toFixed(3)}">\n${body.join('')}</testsuites>\n`
    },
  }
}

function caseText(report: Report, suite: Suite): string {
  const name = [nameOf(report), report.line === undefined ? '' : `line ${report.line}`]
    .filter((part) => part !== '')
    .join(', ')
  const open = `    <testcase classname="${attribute(report.source)}" name="${attribute(name || report.source)}"`
  const unjudged = report.troubles.find(({ code }) => code === 'engine-trouble')
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
