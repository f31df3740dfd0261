/** A scenario as Allure's result of a test: labels, links, steps with the verdicts that were given there, why it ended so. */
import { hash } from 'node:crypto'
import { basename } from 'node:path'
import {
  LabelName,
  type Link,
  Severity,
  Stage,
  Status,
  type StatusDetails,
  type StepResult,
  type TestResult,
} from 'allure-js-commons'
import { type Editions, editionsText } from '../../harness/edition.ts'
import type { RunLine } from '../../harness/journal.ts'
import type { Verb, Verdict, VerdictCode } from '../../harness/verdict.ts'
import { safe } from '../diagram.ts'
import { whyOf } from '../findings.ts'
import { codes, type PlayedScenario } from '../run.ts'
import { scenarioTitle, shortEdition, signs, valueText } from '../wording.ts'

/** Allure knows no warning: it passes, and carries a tag, a category and its message. */
const statusOf: Readonly<Record<VerdictCode, Status>> = {
  pass: Status.PASSED,
  warning: Status.PASSED,
  fail: Status.FAILED,
  skip: Status.SKIPPED,
  error: Status.BROKEN,
}
const severityOf: Readonly<Record<Verb, Severity>> = {
  SHALL: Severity.CRITICAL,
  'SHALL NOT': Severity.CRITICAL,
  SHOULD: Severity.NORMAL,
  'SHOULD NOT': Severity.NORMAL,
  IMPLIED: Severity.MINOR,
  DESC: Severity.MINOR,
  MAY: Severity.TRIVIAL,
}
const gravity = [Severity.CRITICAL, Severity.NORMAL, Severity.MINOR, Severity.TRIVIAL]

/** `urls` has the pages of requirements; times count from `start`. */
export function resultOf(
  run: RunLine,
  scenario: PlayedScenario,
  start: number,
  urls: ReadonlyMap<string, string>,
): TestResult {
  const { line, code, verdicts } = scenario
  const edition = shortEdition(line.editions)
  const path = line.uri
    .replace(/^features\//, '')
    .replace(/\.feature$/, '')
    .split('/')
  const epic = path.slice(0, -1).map(titled).join(' › ') || 'Scenarios'
  const fullName = `${line.uri}: ${line.rule ? `${line.rule} › ` : ''}${scenarioTitle(line)}`
  const ids = [...new Set(verdicts.map(({ verdict }) => verdict.requirement))]
  const severities = verdicts.map(({ verdict }) => severityOf[verdict.verb])
  const label = (name: string, value: string): { name: string; value: string } => ({ name, value })
  const links: Link[] = ids.flatMap((id) => {
    const url = urls.get(id)
    return url ? [{ name: id, url, type: 'requirement' }] : []
  })
  return {
    uuid: uuidOf(`${run.id}/${scenario.id}`),
    historyId: digest(`${fullName}\0${historyName(run, line.editions)}`).slice(0, 32),
    testCaseId: digest(fullName).slice(0, 32),
    fullName,
    titlePath: [...path.slice(0, -1).map(titled), line.feature, ...(line.rule ? [line.rule] : [])],
    name: scenarioTitle(line),
    description: descriptionOf(run, scenario),
    descriptionHtml: `<p>${safe(descriptionOf(run, scenario))}</p>`,
    status: statusOf[code],
    statusDetails: detailsOf(scenario),
    stage: Stage.FINISHED,
    start,
    stop: start + scenario.milliseconds,
    labels: [
      label(LabelName.EPIC, epic),
      label(LabelName.FEATURE, line.feature),
      label(LabelName.STORY, line.rule ?? line.name),
      label(LabelName.PARENT_SUITE, edition),
      label(LabelName.SUITE, line.feature),
      ...(line.rule ? [label(LabelName.SUB_SUITE, line.rule)] : []),
      label(LabelName.PACKAGE, path.join('.')),
      label(LabelName.SEVERITY, gravity.find((one) => severities.includes(one)) ?? Severity.NORMAL),
      label(LabelName.FRAMEWORK, 'vitruvian'),
      label(LabelName.LANGUAGE, 'gherkin'),
      label('verdict', code),
      ...ids.map((id) => label('requirement', id)),
      ...ids.map((id) => label(LabelName.TAG, id)),
      ...(code === 'warning' ? [label(LabelName.TAG, 'warning')] : []),
    ],
    links,
    parameters: [
      { name: 'edition', value: editionsText(line.editions) },
      ...(line.example ? [{ name: 'example', value: line.example }] : []),
    ],
    attachments: [],
    steps: stepsOf(scenario, start),
  }
}

/** The edition in a history id: short, so that it outlives other guides, unless the run has two that are called so. */
const historyName = (run: RunLine, editions: Editions): string => {
  const short = shortEdition(editions)
  return run.editions.filter((one) => shortEdition(one) === short).length > 1 ? editionsText(editions) : short
}

/** The steps as they were played; under each the verdicts that were given there. */
function stepsOf(scenario: PlayedScenario, start: number): StepResult[] {
  let at = start
  return scenario.steps.map((step) => {
    const began = at
    at += step.milliseconds
    const verdicts = scenario.verdicts.filter((one) => one.step === step.number).map(({ verdict }) => verdict)
    const code = verdicts
      .map((verdict) => verdict.code)
      .sort((a, b) => worstFirst.indexOf(a) - worstFirst.indexOf(b))[0]
    const own = step.status === 'error' ? Status.BROKEN : step.status === 'skipped' ? Status.SKIPPED : Status.PASSED
    return {
      name: `${step.keyword} ${step.text}`,
      status: own === Status.PASSED && code ? statusOf[code] : own,
      statusDetails: step.message ? { message: step.message } : {},
      stage: Stage.FINISHED,
      start: began,
      stop: at,
      parameters: step.setUp.map((value) => ({ name: 'set up off the wire', value })),
      attachments: [],
      steps: verdicts.map((verdict) => verdictStep(verdict, scenario.id, at)),
    }
  })
}
const worstFirst: readonly VerdictCode[] = ['error', 'fail', 'warning', 'skip', 'pass']

function verdictStep(verdict: Verdict, scenario: string, at: number): StepResult {
  const why = whyOf(verdict)
  const parameters =
    why && verdict.code !== 'pass' ? detailRows(why, scenario).map(([name, value]) => ({ name, value })) : []
  return {
    name: `${signs[verdict.code]} ${verdict.code}  ${verdict.requirement} ${verdict.verb}: ${verdict.title}`,
    status: statusOf[verdict.code],
    statusDetails: why ? { message: why.message } : {},
    stage: Stage.FINISHED,
    start: at,
    stop: at,
    parameters,
    attachments: [],
    steps: [],
  }
}

function detailRows(finding: Verdict['findings'][number], scenario: string): [string, string][] {
  return [
    ...(finding.expected === undefined ? [] : [['expected', valueText(finding.expected)] as [string, string]]),
    ...(finding.actual === undefined ? [] : [['found', valueText(finding.actual)] as [string, string]]),
    ...(finding.expression ? [['at', finding.expression] as [string, string]] : []),
    ...(finding.exchange ? [['seen in', `${scenario}-${finding.exchange}`] as [string, string]] : []),
  ]
}

function detailsOf(scenario: PlayedScenario): StatusDetails {
  const { code, reason, verdicts } = scenario
  if (code === 'pass') return {}
  const mine = verdicts.filter(({ verdict }) => verdict.code === code).map(({ verdict }) => verdict)
  const [first] = mine
  const why = first && whyOf(first)
  const said =
    reason ?? (first ? `${first.requirement} ${first.verb}: ${why?.message ?? first.title}` : 'nothing was judged')
  const trace = mine.flatMap((verdict) => [
    `${verdict.requirement} ${verdict.verb}: ${verdict.title}`,
    ...verdict.findings.flatMap((finding) => [
      `  ${finding.message}`,
      ...detailRows(finding, scenario.id).map(([name, value]) => `    ${name}: ${value}`),
    ]),
  ])
  return {
    message: code === 'warning' ? `Should be better. ${said}` : said,
    trace: trace.join('\n'),
    ...(why?.expected === undefined ? {} : { expected: valueText(why.expected, 2) }),
    ...(why?.actual === undefined ? {} : { actual: valueText(why.actual, 2) }),
  }
}

function descriptionOf(run: RunLine, { id, line, verdicts }: PlayedScenario): string {
  const counted = codes
    .map((code) => [code, verdicts.filter(({ verdict }) => verdict.code === code).length] as const)
    .filter(([, number]) => number > 0)
    .map(([code, number]) => `${number} ${code}`)
  return `Judged by ${editionsText(line.editions)}. Verdicts: ${counted.join(', ') || 'none'}. In the run's own report: report.html#${id} (run ${basename(run.id)}).`
}

const titled = (folder: string): string => {
  const text = folder.replaceAll('-', ' ')
  return ['pdex', 'cdex', 'hrex', 'smart', 'udap'].includes(text)
    ? ({ pdex: 'PDex', cdex: 'CDex', hrex: 'HRex', smart: 'SMART', udap: 'UDAP' }[text] as string)
    : `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

export const digest = (content: string | Uint8Array): string => hash('sha256', content, 'hex')
const uuidOf = (text: string): string =>
  digest(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5')
