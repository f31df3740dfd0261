/** The run on a terminal: scenario by scenario while it happens, then tables by flow and level, failures, and what to do next. */
import pc from 'picocolors'
import type { JournalLine, ScenarioLine } from '../../harness/journal.ts'
import type { Requirement } from '../../harness/requirement.ts'
import type { Verdict, VerdictCode } from '../../harness/verdict.ts'
import { type FindingGroup, findingGroups, placeId } from '../findings.ts'
import { flowName } from '../flow-names.ts'
import { runBuilder } from '../read-run.ts'
import type { Rendered } from '../render.ts'
import { codes, type RollUp, type Run, rollUp, type Tally } from '../run.ts'
import { callText, count, duration, headline, scenarioTitle, shortEdition, signs, tame, valueText } from '../wording.ts'
import { narrow, wrapped } from '../wrapped.ts'
import { type Colours, type Sheet, table, tone, totals } from './console-tables.ts'

export interface Screen {
  readonly write: (text: string) => unknown
  readonly isTTY?: boolean
  readonly columns?: number
}
export interface ConsoleOptions {
  /** Say nothing at all. */
  readonly quiet?: boolean
  readonly screen?: Screen
  readonly colours?: boolean
  /** For the table by flow; without it the requirements have no flow. */
  readonly requirements?: readonly Requirement[]
}
export interface Ending {
  /** The folder of the run, as the tester would type it. */
  readonly folder: string
  readonly written?: Rendered
  /** The plan of a run with a system under test, as the tester would type it. */
  readonly plan?: string
  /** Where `npm run report:allure` is at hand: in a checkout, not in an installed package. */
  readonly checkout?: boolean
}
export interface ConsoleReport {
  /** Shows what a line tells. Lines are to be masked. */
  readonly take: (line: JournalLine) => void
  /** Shows that the run waits so long before it goes on. */
  readonly waits: (seconds: number) => void
  /** The summary. */
  readonly end: (ending: Ending) => void
}

export function consoleReport(options: ConsoleOptions = {}): ConsoleReport {
  const screen: Screen = options.screen ?? process.stdout
  const live = screen.isTTY === true
  const paint = pc.createColors(options.colours ?? false)
  const builder = runBuilder()
  /** `s6-x3` -> `POST https://…/$member-match  200` */
  const said = new Map<string, string>()
  const scenarios = new Map<string, ScenarioLine>()
  const verdicts = new Map<string, Verdict[]>()
  const counts: Record<VerdictCode, number> = { pass: 0, warning: 0, fail: 0, skip: 0, error: 0 }
  let heading = ''
  let status = ''
  let playing = ''
  const started = performance.now()

  const width = (): number => Math.max(40, Math.min(screen.columns || 80, 140))
  const print = (text: string): void => {
    clear()
    screen.write(`${fitting(text, width())}\n`)
  }
  const clear = (): void => {
    if (status) screen.write('\r\u001b[K')
    status = ''
  }
  const show = (text: string): void => {
    if (!live) return
    clear()
    status = cut(text, width() - 1)
    screen.write(paint.dim(status))
  }

  const take = (line: JournalLine): void => {
    if (options.quiet) return
    if (line.line === 'exchange') {
      said.set(`${line.scenario}-${line.exchange.id}`, callText(line.exchange))
      return
    }
    builder.add(line)
    if (line.line === 'run') {
      print(`${paint.bold(`Vitruvian ${line.version}`)}  ${line.title}`)
      const judged = line.editions.map((editions) =>
        Object.entries(editions)
          .map((pair) => pair.join(' '))
          .join(', '),
      )
      for (const [index, text] of judged.entries()) print(`  ${index === 0 ? 'judged by ' : '      and '}  ${text}`)
      for (const { actor, played, base } of line.seats)
        if (played === 'under test') print(`  under test  the ${actor}${base ? `, ${base}` : ''}`)
    }
    if (line.line === 'scenario') {
      scenarios.set(line.id, line)
      playing = scenarioTitle(line)
      show(`${Object.values(counts).reduce((a, b) => a + b, 0)} played, ${bySign(counts)}  ${playing}`)
    }
    if (line.line === 'verdict') {
      const here = verdicts.get(line.scenario) ?? []
      here.push(line.verdict)
      verdicts.set(line.scenario, here)
    }
    if (line.line === 'end') {
      const scenario = scenarios.get(line.scenario)
      if (!scenario) return
      counts[line.code]++
      const under = `${scenario.feature}  ${shortEdition(scenario.editions)}`
      if (under !== heading) {
        heading = under
        print(`\n${paint.bold(scenario.feature)}  ${paint.dim(shortEdition(scenario.editions))}`)
      }
      const found = verdicts.get(line.scenario) ?? []
      const took = paint.dim(`${count(found.length, 'verdict')}, ${duration(line.milliseconds)}`)
      print(`  ${word(line.code, paint)} ${scenarioTitle(scenario)}  ${took}`)
      if (line.reason && (line.code === 'error' || line.code === 'skip'))
        print(indented(line.reason, 12, width(), paint.dim))
      for (const verdict of found)
        if (verdict.code === 'fail' || verdict.code === 'error')
          for (const finding of verdict.findings.filter(({ severity }) => severity === 'error').slice(0, 1))
            print(indented(`${verdict.requirement} ${verdict.verb}: ${finding.message}`, 12, width()))
    }
  }

  const waits = (seconds: number): void => {
    if (options.quiet) return
    const words = `waits ${count(Math.ceil(seconds), 'second')}, as the system or the scenario wants it`
    if (live) show(`${words}: ${playing}`)
    else print(`  ${words}`)
  }

  const end = (ending: Ending): void => {
    clear()
    if (options.quiet) return
    const run = builder.run()
    const sums = ending.written?.sums ?? rollUp(run, options.requirements ?? [])
    for (const line of summary(run, sums, { paint, width: width(), said })) print(line)
    for (const line of nextSteps(
      run,
      ending,
      duration(run.complete?.milliseconds ?? performance.now() - started),
      paint,
    ))
      print(line)
  }
  return { take, waits, end }
}

/** The summary alone, for a run that is over: what `report --format console` prints. */
export function consoleSummary(
  { run, sums, said }: Pick<Rendered, 'run' | 'sums' | 'said'>,
  options: { colours?: boolean; width?: number } = {},
): string {
  const paint = pc.createColors(options.colours ?? false)
  return summary(run, sums, { paint, width: options.width ?? 80, said }).join('\n')
}

interface Look extends Sheet {
  readonly said: ReadonlyMap<string, string>
}

function summary(run: Run, sums: RollUp, look: Look): string[] {
  const { paint, width } = look
  const lines = [
    '',
    ...findingLines('What is not met', findingGroups(sums, ['fail']), look),
    ...findingLines('Our own trouble, counted against nobody', findingGroups(sums, ['error']), look),
    ...warnings(sums, paint),
    ...table('By flow', sums.byFlow, flowName, look),
    ...table('By level', sums.byLevel, (name) => name, look),
    ...(sums.byEdition.length > 1 ? table('By edition', sums.byEdition, (name) => name, look) : []),
    ...totals(sums, look),
    '',
    paint.bold(headline(sums, run.incomplete)),
    ...(run.incomplete ? [paint.yellow(`  ${run.incomplete}`)] : []),
  ]
  return lines.map((line) => fitting(line, width))
}

function findingLines(title: string, groups: readonly FindingGroup[], { paint, width, said }: Look): string[] {
  if (groups.length === 0) return []
  const shown = groups.slice(0, 12)
  const lines = [paint.bold(title)]
  for (const { verdict, finding, places } of shown) {
    lines.push(`  ${word(verdict.code, paint)} ${paint.bold(verdict.requirement)} ${verdict.verb}  ${verdict.title}`)
    if (finding) {
      lines.push(indented(finding.message, 12, width))
      if (finding.expected !== undefined) lines.push(cut(`            expected  ${valueText(finding.expected)}`, width))
      if (finding.actual !== undefined) lines.push(cut(`            found     ${valueText(finding.actual)}`, width))
      if (finding.expression) lines.push(cut(`            at        ${finding.expression}`, width))
    }
    const [first] = places
    const more = places.length > 1 ? `, and ${places.length - 1} more` : ''
    const id = first ? placeId(first) : ''
    lines.push(paint.dim(cut(`            seen in   report.html#${id}${more}  ${said.get(id) ?? ''}`, width)))
  }
  if (groups.length > shown.length)
    lines.push(`  ... and ${count(groups.length - shown.length, 'more finding')} in the report`)
  return [...lines, '']
}

function warnings(sums: RollUp, paint: Colours): string[] {
  const warned = sums.judged.filter(({ code }) => code === 'warning')
  if (warned.length === 0) return []
  const lines = warned.slice(0, 12).map(({ id, level, verdicts }) => {
    const seen = verdicts.filter(({ verdict }) => verdict.code === 'warning')
    return `  ${word('warning', paint)} ${id} ${level}  ${seen[0]?.verdict.title ?? ''}${seen.length > 1 ? paint.dim(`  ${seen.length} times`) : ''}`
  })
  if (warned.length > 12) lines.push(`  ... and ${warned.length - 12} more in the report`)
  return [paint.bold('What should be better'), ...lines, '']
}

function nextSteps(run: Run, ending: Ending, took: string, paint: Colours): string[] {
  const lines = [paint.dim(`  ${count(run.scenarios.length, 'scenario')} in ${took}`), '']
  const slashed = ending.folder.replaceAll('\\', '/')
  const rows: [string, string][] = [['record', `${slashed}/record.ndjson`]]
  for (const { format, path } of ending.written?.files ?? []) rows.push([format, `${slashed}/${path}`])
  lines.push(paint.bold('Reports'), ...rows.map(([name, path]) => `  ${name.padEnd(9)} ${paint.cyan(path)}`))
  if (ending.checkout && ending.written?.files.some(({ format }) => format === 'allure'))
    lines.push(`  ${''.padEnd(9)} npm run report:allure ${paint.dim('draws the Allure report')}`)
  lines.push('', paint.bold('Next'))
  const steps: readonly (readonly [string, string])[] = ending.plan
    ? [
        [`doctor --plan ${ending.plan}`, 'what keeps the system from being judged'],
        ['requirements show PDEX-109', 'what a requirement wants, and how it is judged'],
        [`run --plan ${ending.plan} --tags @PDEX-109`, 'only the scenarios of one requirement'],
      ]
    : [
        ['simulate', 'leaves a payer up, and a plan in reports/out/kit/: put your own server into a copy'],
        ['doctor --plan plan.yaml', 'looks at plan and server before anything is played'],
        ['run --plan plan.yaml', 'the same scenarios against your server'],
      ]
  return [...lines, ...steps.flatMap(([verb, why]) => [`  npx vitruvian ${verb}`, paint.dim(`      ${why}`)])]
}

const word = (code: VerdictCode, paint: Colours): string => tone(code, paint)(`${signs[code]} ${code}`.padEnd(9))

const bySign = (counts: Tally): string =>
  codes
    .filter((code) => counts[code] > 0)
    .map((code) => `${signs[code]} ${counts[code]}`)
    .join('  ')

/** On a narrow terminal in several lines; any other wraps as it likes. */
const fitting = (text: string, width: number): string =>
  width < narrow
    ? text
        .split('\n')
        .map((line) => wrapped(line, width))
        .join('\n')
    : text

const cut = (text: string, width: number): string => {
  const plain = tame(text)
  return plain.length <= width ? plain : `${plain.slice(0, width - 1)}…`
}

function indented(text: string, by: number, width: number, paint: (text: string) => string = (same) => same): string {
  const lines: string[] = []
  let line = ''
  for (const part of tame(text).split(' ')) {
    if (line && line.length + part.length + 1 > width - by) {
      lines.push(line)
      line = part
    } else line = line ? `${line} ${part}` : part
  }
  lines.push(line)
  return lines.map((one) => paint(`${' '.repeat(by)}${one}`)).join('\n')
}
