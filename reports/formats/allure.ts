/**
 * allure-results/: a test result for each scenario and edition, written with allure-js-commons. One transcript for each
 * scenario, kept once when two are the same; history ids stay the same from run to run, so that Allure draws trends.
 */
import { hash } from 'node:crypto'
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  ContentType,
  LabelName,
  type Link,
  Severity,
  Stage,
  Status,
  type StatusDetails,
  type StepResult,
  type TestResult,
} from 'allure-js-commons'
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter'
import { type Editions, editionsText } from '../../harness/edition.ts'
import type { RunLine } from '../../harness/journal.ts'
import type { Requirement } from '../../harness/requirement.ts'
import type { Verb, Verdict, VerdictCode } from '../../harness/verdict.ts'
import { safe } from '../diagram.ts'
import { whyOf } from '../findings.ts'
import { codes, type PlayedScenario } from '../run.ts'
import { transcriptPage } from '../transcript-page.ts'
import { headline, scenarioTitle, shortEdition, signs, valueText } from '../wording.ts'
import type { Format, Material, Sharing, Writing } from './format.ts'

const name = 'allure-results'

export const allure: Format = {
  name: 'allure',
  path: name,
  about: 'results for Allure 2 and 3; npm run report:allure draws them',
  begin: beginAllure,
  share: shareOf,
}

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

function beginAllure(folder: string, requirements: readonly Requirement[]): Writing {
  const resultsDir = join(folder, name)
  const begun = partOf(folder)
  const clear = (): void => rmSync(begun, { recursive: true, force: true })
  rmSync(resultsDir, { recursive: true, force: true })
  clear()
  const { take } = shareOf(folder, requirements)
  return {
    take,
    // A share lies in the folder already.
    join: () => undefined,
    end: async (material) => {
      writeAbout(material, new FileSystemWriter({ resultsDir: begun }))
      const { line } = material.run
      const executor = {
        name: `Vitruvian ${line.version}`,
        type: 'vitruvian',
        buildName: line.id,
        reportName: line.title,
      }
      writeFileSync(join(begun, 'executor.json'), JSON.stringify(executor))
      moved(begun, resultsDir)
    },
    abandon: clear,
  }
}

/** Results and transcripts of scenarios, which lie in one folder whoever writes them; it is there from here on. */
function shareOf(folder: string, requirements: readonly Requirement[]): Sharing {
  const begun = partOf(folder)
  mkdirSync(begun, { recursive: true })
  // Allure's own writer flushes the disk for each file, which takes longer than the run: it is left the few that it has a form for.
  const write = (file: string, content: string | Uint8Array): void => writeFileSync(join(begun, file), content)
  const urls = new Map(requirements.map(({ id, url }) => [id, url]))
  const transcripts = new Set<string>()
  const seen = new Map<string, number>()
  /** Sets of editions are played side by side: for each time begins with the run. */
  const clocks = new Map<string, number>()
  return {
    take: (scenario, run) => {
      const editions = editionsText(scenario.line.editions)
      const at = clocks.get(editions) ?? Date.parse(run.startedAt)
      clocks.set(editions, at + Math.max(1, scenario.milliseconds))
      const result = resultOf(run, scenario, at, urls)
      // Allure takes two results of one history for tries of the same test and shows the last alone.
      const twin = seen.get(result.historyId as string) ?? 0
      seen.set(result.historyId as string, twin + 1)
      if (twin > 0) {
        result.historyId = digest(`${result.historyId}\0${twin + 1}`).slice(0, 32)
        result.parameters.push({ name: 'played again', value: String(twin + 1) })
      }
      if (scenario.exchanges.length > 0) {
        const page = Buffer.from(transcriptPage(scenario))
        const source = `${digest(page).slice(0, 32)}-attachment.html`
        if (!transcripts.has(source)) write(source, page)
        transcripts.add(source)
        result.attachments.push({ name: 'Transcript', type: ContentType.HTML, source })
      }
      write(`${result.uuid}-result.json`, JSON.stringify(result))
    },
    end: async () => undefined,
  }
}

/** Some of the results might pass for all of them: the folder gets its name when they are written. */
const partOf = (folder: string): string => join(folder, `${name}.part`)

function moved(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch {
    // Where somebody looks into the files just now, as a scanner does, a folder cannot get another name.
    cpSync(from, to, { recursive: true })
    rmSync(from, { recursive: true, force: true })
  }
}

/** What Allure shows beside the results: how they are sorted, and what was judged. */
function writeAbout({ run, sums }: Material, writer: FileSystemWriter): void {
  writer.writeCategoriesDefinitions([
    { name: 'A requirement is not met', matchedStatuses: [Status.FAILED] },
    { name: 'Our own trouble, not counted against the system', matchedStatuses: [Status.BROKEN] },
    { name: 'Not decided', matchedStatuses: [Status.SKIPPED] },
    { name: 'Should be better', matchedStatuses: [Status.PASSED], messageRegex: 'Should be better[\\s\\S]*' },
  ])
  writer.writeEnvironmentInfo({
    Result: headline(sums.scenarios, run.incomplete),
    Editions: run.line.editions.map(editionsText).join('; '),
    ...Object.fromEntries(
      run.line.seats.map(({ actor, played, base }) => [`Seat of the ${actor}`, base ? `${played}, ${base}` : played]),
    ),
    Scenarios: codes.map((code) => `${sums.scenarios[code]} ${code}`).join(', '),
    Verdicts: codes.map((code) => `${sums.verdicts[code]} ${code}`).join(', '),
    Run: run.line.id,
    Seed: run.line.seed,
    Version: run.line.version,
    Platform: run.line.platform,
    ...(run.incomplete ? { Incomplete: run.incomplete } : {}),
  })
}

function resultOf(
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
      parameters: [],
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

const digest = (content: string | Uint8Array): string => hash('sha256', content, 'hex')
const uuidOf = (text: string): string =>
  digest(text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5')
