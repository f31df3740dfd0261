/**
 * junit.xml: a suite for each feature and edition, a test case for each scenario, for that is what a CI server counts,
 * reruns and keeps the history of. fail is <failure>, our own trouble <error>, an undecided scenario <skipped>; a warning
 * passes and says so in its output. The verdicts behind them are the properties of the suites.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Verdict } from '../../harness/verdict.ts'
import { whyOf } from '../findings.ts'
import { codes, type PlayedScenario, tally } from '../run.ts'
import { scenarioTitle, shortEdition, valueText } from '../wording.ts'
import type { Format, Material } from './format.ts'

export const junit: Format = {
  name: 'junit',
  path: 'junit.xml',
  about: 'JUnit XML for CI servers, a test case for each scenario and edition',
  begin: (folder) => ({ end: (material) => writeFile(join(folder, 'junit.xml'), junitXml(material)) }),
}

/** The file as text. */
export function junitXml({ run, sums }: Material): string {
  const suites = new Map<string, PlayedScenario[]>()
  for (const scenario of run.scenarios) {
    const name = `${scenario.line.feature} (${shortEdition(scenario.line.editions)})`
    suites.set(name, [...(suites.get(name) ?? []), scenario])
  }
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)
  const totals = (scenarios: readonly PlayedScenario[]): string => {
    const counts = tally(scenarios.map(({ code }) => code))
    const time = seconds(scenarios.reduce((sum, { milliseconds }) => sum + milliseconds, 0))
    return `tests="${scenarios.length}" failures="${counts.fail}" errors="${counts.error}" skipped="${counts.skip}" time="${time}"`
  }
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${attribute(`Vitruvian: ${run.line.title}`)} ${totals(run.scenarios)}>`,
  ]
  for (const [name, scenarios] of suites) {
    const [first] = scenarios as [PlayedScenario]
    const verdicts = tally(scenarios.flatMap((scenario) => scenario.verdicts.map(({ verdict }) => verdict.code)))
    const properties: [string, string][] = [
      ...Object.entries(first.line.editions).map(([guide, version]): [string, string] => [`edition.${guide}`, version]),
      ...codes.map((code): [string, string] => [`verdicts.${code}`, String(verdicts[code])]),
      ['scenarios.warning', String(scenarios.filter(({ code }) => code === 'warning').length)],
      ...(run.incomplete ? [['incomplete', run.incomplete] as [string, string]] : []),
    ]
    lines.push(
      `  <testsuite name=${attribute(name)} ${totals(scenarios)} timestamp=${attribute(run.line.startedAt.replace(/\.\d+Z$/, ''))} file=${attribute(first.line.uri)}>`,
      '    <properties>',
      ...properties.map(([key, value]) => `      <property name=${attribute(key)} value=${attribute(value)}/>`),
      '    </properties>',
      ...scenarios.map((scenario) => testCase(scenario, seconds(scenario.milliseconds))),
      '  </testsuite>',
    )
  }
  lines.push(
    '</testsuites>',
    `<!-- scenarios: ${codes.map((code) => `${code} ${sums.scenarios[code]}`).join(', ')}; verdicts: ${codes.map((code) => `${code} ${sums.verdicts[code]}`).join(', ')} -->`,
  )
  return `${lines.join('\n')}\n`
}

function testCase(scenario: PlayedScenario, time: string): string {
  const { line, code, reason } = scenario
  const place = `${line.uri.replace(/\.feature$/, '').replaceAll('/', '.')} (${shortEdition(line.editions)})`
  const open = `    <testcase classname=${attribute(place)} name=${attribute(scenarioTitle(line))} time="${time}" file=${attribute(line.uri)}`
  const body: string[] = []
  const worst = scenario.verdicts.filter(({ verdict }) => verdict.code === code).map(({ verdict }) => verdict)
  const message = reason && (code === 'error' || code === 'skip') ? reason : messageOf(worst[0])
  if (code === 'fail' || code === 'error') {
    const tag = code === 'fail' ? 'failure' : 'error'
    const trouble = scenario.steps.find(({ status }) => status === 'error')?.message
    const said = [...(trouble ? [trouble, ''] : []), ...worst.map((verdict) => told(verdict, scenario.id))].join('\n')
    body.push(
      `      <${tag} message=${attribute(message)} type=${attribute(worst[0]?.requirement ?? code)}>${text(said)}</${tag}>`,
    )
  }
  if (code === 'skip') body.push(`      <skipped message=${attribute(message)}/>`)
  const others = scenario.verdicts
    .map(({ verdict }) => verdict)
    .filter((verdict) => verdict.code !== 'pass' && !worst.includes(verdict))
  const aside = code === 'warning' || code === 'skip' ? [...worst, ...others] : others
  if (aside.length > 0)
    body.push(`      <system-out>${text(aside.map((verdict) => told(verdict, scenario.id)).join('\n'))}</system-out>`)
  return body.length === 0 ? `${open}/>` : [`${open}>`, ...body, '    </testcase>'].join('\n')
}

const messageOf = (verdict: Verdict | undefined): string =>
  verdict ? `${verdict.requirement}: ${whyOf(verdict)?.message ?? verdict.title}` : 'nothing was judged'

/** A verdict with everything that a developer needs without opening the report. */
function told(verdict: Verdict, scenario: string): string {
  const lines = [`${verdict.code.toUpperCase()} ${verdict.requirement} ${verdict.verb}: ${verdict.title}`]
  for (const finding of verdict.findings) {
    lines.push(`  ${finding.message}`)
    if (finding.expected !== undefined) lines.push(`    expected: ${valueText(finding.expected)}`)
    if (finding.actual !== undefined) lines.push(`    found:    ${valueText(finding.actual)}`)
    if (finding.expression) lines.push(`    at:       ${finding.expression}`)
    if (finding.exchange) lines.push(`    seen in:  report.html#${scenario}-${finding.exchange}`)
  }
  return lines.join('\n')
}

/** XML 1.0 has no place for most control characters and lone surrogates, not even escaped: they are spelled out. */
const legal = (value: string): string =>
  value.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is spelled out
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
const text = (value: string): string =>
  legal(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const attribute = (value: string): string =>
  `"${text(value).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\r', '&#13;').replaceAll('\t', '&#9;')}"`
