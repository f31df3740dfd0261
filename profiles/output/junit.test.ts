/** JUnit of any size: what is held is bounded, and every suite counts its cases rightly. */
import { DOMParser } from '@xmldom/xmldom'
import { describe, expect, it } from 'vitest'
import { noTotals, type Report } from '../input/report.ts'
import { junitOutput } from './junit.ts'

const ending = { totals: noTotals(), alike: [], coverage: [], milliseconds: 1500 }
const report = (source: string, line: number, failed = false): Report => ({
  source,
  line,
  type: 'Patient',
  troubles: failed ? [{ severity: 'error', code: 'json-syntax', message: 'a <b> & "c" \u0001', line, column: 1 }] : [],
  findings: [],
})

/** Suites of a document, which must be well-formed: name, tests as said, cases as counted, failures as said. */
function suitesOf(text: string) {
  const document = new DOMParser({
    // What cannot be written in XML is replaced by U+FFFD, which the parser remarks on.
    onError: (level, message) => {
      if (level !== 'warning') throw new Error(message)
    },
  }).parseFromString(text, 'text/xml')
  const suites = document.getElementsByTagName('testsuite')
  return Array.from({ length: suites.length }, (_, at) => suites.item(at)).map((suite) => [
    suite?.getAttribute('name'),
    Number(suite?.getAttribute('tests')),
    suite?.getElementsByTagName('testcase').length,
    Number(suite?.getAttribute('failures')),
  ])
}

describe('JUnit', () => {
  it('gives sums where everything can be held', () => {
    const output = junitOutput()
    const text = output.take([report('a', 1), report('a', 2, true), report('b', 1)]) + output.end(ending)
    expect(text).toContain('<testsuites name="vitruvian validate" tests="3" failures="1" errors="0" time="1.500">')
    expect(suitesOf(text)).toEqual([
      ['a', 2, 2, 1],
      ['b', 1, 1, 0],
    ])
  })

  it('writes as it goes, and a long source in parts', () => {
    const output = junitOutput(3)
    const pieces = [1, 2, 3, 4, 5, 6, 7].map((line) => output.take([report('a', line, line === 4)]))
    expect(pieces.map((each) => each.length > 0)).toEqual([false, false, true, false, false, true, false])
    const text = `${pieces.join('')}${output.take([report('b', 1)])}${output.end(ending)}`
    expect(suitesOf(text)).toEqual([
      ['a', 3, 3, 0],
      ['a, part 2', 3, 3, 1],
      ['a, part 3', 1, 1, 0],
      ['b', 1, 1, 0],
    ])
  })

  it('is a document without any case too', () => {
    expect(suitesOf(junitOutput().end(ending))).toEqual([])
  })
})
