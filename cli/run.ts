/** `run`: plays the scenarios, writes the record and the reports, and says what was found. */
import { rmSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Command } from 'commander'
import { defaults } from '../harness/config.ts'
import { type Editions, editionsText } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import type { CompleteLine, Journal, JournalLine, RunLine } from '../harness/journal.ts'
import type { VerdictCode } from '../harness/verdict.ts'
import type { Stage } from '../steps/run.ts'
import { interruption } from './interruption.ts'
import type { LiveReports } from './live-reports.ts'
import { type PlayerProcess, startPlayerProcess } from './player-process.ts'
import { trouble } from './program.ts'
import { quoted } from './quoted.ts'
import { runFolder, runId } from './run-folder.ts'
import { coloured } from './terminal.ts'

interface Options {
  readonly plan?: string
  readonly tags?: string
  readonly name?: string
  readonly edition?: readonly string[]
  readonly fault?: string
  readonly variant?: string
  readonly out: string
  readonly seed: string
  readonly json?: boolean
  readonly reports: boolean
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export function runCommand(ended: (code: number) => void): Command {
  return new Command('run')
    .description('play the scenarios and report what was found')
    .option('--plan <file>', 'plan with a system under test in a seat (YAML)')
    .option('--tags <expression>', 'only scenarios with these tags, e.g. "@PDEX-109 and not @HREX-009"')
    .option('--name <text>', 'only scenarios with this in their name')
    .option('--edition <guide@version>', 'judge by this edition (repeat for several); default: both of PDex', collect)
    .option('--fault <id>', 'spoil the simulated responding payer or trust manager with this fault')
    .option('--variant <id>', 'let the simulated responding payer or trust manager make this legal choice')
    .option('--seed <text>', 'seed of the population', defaults.seed)
    .option('--out <folder>', 'where runs are kept', join('reports', 'out'))
    .option('--no-reports', 'write the record alone')
    .option('--json', 'print the totals as JSON on standard output')
    .action(async (options: Options) => ended(await run(options)))
}

/** What must not outlive a run that goes wrong. */
interface Begun {
  readonly beside: PlayerProcess[]
  reports?: LiveReports
}

async function run(options: Options): Promise<number> {
  const started = performance.now()
  const begun: Begun = { beside: [] }
  try {
    return await runWith(options, started, begun)
  } catch (error) {
    // They draw into the same folder.
    await Promise.all(begun.beside.map(({ stop }) => stop()))
    begun.reports?.abandon()
    if (!isHarnessError(error, 'interrupted')) throw error
    process.stderr.write(`\n${trouble(error)}\n`)
    // The scenario that is going on would be played to its end, and all that follow.
    return process.exit(2)
  } finally {
    for (const { stop } of begun.beside) void stop()
  }
}

async function runWith(options: Options, started: number, begun: Begun): Promise<number> {
  const [{ play, home }, { consoleReport }, { openRecord }, { requirementsById }, { editionSets, parseEditions }] =
    await Promise.all([
      import('../steps/play.ts'),
      import('../reports/formats/console.ts'),
      import('../reports/record.ts'),
      import('../guides/catalogue.ts'),
      import('../guides/editions.ts'),
    ])
  const [{ stageOf }, { playApart }, drawing] = await Promise.all([
    import('./stage.ts'),
    import('./play-apart.ts'),
    options.reports ? import('./live-reports.ts') : undefined,
  ])
  const chosen = options.edition?.map(parseEditions)
  const id = runId(new Date())
  const catalogue = [...requirementsById.values()]
  const screen = consoleReport({
    quiet: options.json === true,
    requirements: catalogue,
    colours: coloured(process.stdout),
  })
  const { stage, plan } = await stageOf({
    seed: options.seed,
    waits: screen.waits,
    ...(options.plan ? { plan: options.plan } : {}),
    ...(options.fault ? { fault: options.fault } : {}),
    ...(options.variant ? { variant: options.variant } : {}),
  })
  // With every seat simulated each edition but the first is played by a process of its own. It loads when the stage is open
  // here, whose keys it finds made, and not before: the first verdict would wait for both.
  if (!options.plan && !options.edition) begun.beside.push(startPlayerProcess())
  const editions = distinct(chosen ?? plan?.editions ?? editionSets)
  const folder = await opened(() => runFolder(options.out, id), stage)
  const recordPath = join(folder, 'record.ndjson')
  const record = await opened(() => openRecord(recordPath), stage)
  const tally = tallied()
  const reports = drawing?.liveReports(folder, recordPath, catalogue)
  if (reports) begun.reports = reports
  const show: Journal = (line) => {
    tally.count(line)
    screen.take(line)
  }
  // Screen and reports are given what is recorded: masked.
  const journal: Journal = (line) => {
    const recorded = record.write(line)
    show(recorded)
    reports?.take(recorded)
  }
  const opening: RunLine = {
    line: 'run',
    format: 1,
    id,
    startedAt: new Date().toISOString(),
    version: await ownVersion(home),
    title: plan?.title ?? titleOf(options),
    editions,
    seats: stage.seats,
    ...(options.plan ? { plan: relative(process.cwd(), resolve(options.plan)).replaceAll('\\', '/') } : {}),
    seed: options.seed,
    platform: `node ${process.version}, ${process.platform} ${process.arch}`,
    scenarios: 0,
    synthetic: plan?.synthetic ?? true,
  }
  journal(opening)
  const tags = options.tags ?? plan?.tags
  const wanted = { ...(tags ? { tags } : {}), ...(options.name ? { name: options.name } : {}) }
  const draw = reports?.shareOrder()
  const { comes: stopped, forget } = interruption()
  let interrupted: string | undefined
  let isRun = true
  try {
    // Every seat simulated: the editions have nothing to do with each other, and each is played by a process of its own.
    interrupted =
      plan || editions.length === 1
        ? await Promise.race([play({ stage, editions, requirements: requirementsById, journal, ...wanted }), stopped])
        : await playApart({
            stage,
            editions,
            requirements: requirementsById,
            journal,
            told: (line) => {
              show(line)
              reports?.told(line)
            },
            ended: ({ drawn }) => {
              if (drawn) reports?.join(drawn)
            },
            record,
            folder,
            processes: begun.beside,
            stopped,
            order: {
              seed: options.seed,
              ...wanted,
              ...(options.fault ? { fault: options.fault } : {}),
              ...(options.variant ? { variant: options.variant } : {}),
              ...(draw ? { draw } : {}),
            },
          })
  } catch (error) {
    interrupted = error instanceof Error ? error.message : String(error)
    isRun = !isHarnessError(error, 'bad-input')
    if (!isHarnessError(error, 'interrupted')) throw error
    throw new HarnessError('interrupted', error.message, {
      remedy: `what was played is recorded: npx vitruvian report ${quoted(relative(process.cwd(), folder) || '.')} draws the reports`,
    })
  } finally {
    forget()
    await stage.close()
    try {
      journal({
        line: 'complete',
        finishedAt: new Date().toISOString(),
        milliseconds: Math.round(performance.now() - started),
        ...tally.totals(),
        ...(interrupted ? { interrupted } : {}),
      })
    } finally {
      record.close()
      // Tags that nobody has are no run: the next report must not be about it.
      if (!isRun) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
  const written = await reports?.finish()
  screen.end({
    folder: relative(process.cwd(), folder) || '.',
    ...(written ? { written } : {}),
    ...(options.plan ? { plan: quoted(options.plan) } : {}),
    checkout: isCheckout(home, process.cwd()),
  })
  const totals = tally.totals()
  if (options.json)
    process.stdout.write(`${JSON.stringify({ run: id, folder, ...totals, ...(interrupted ? { interrupted } : {}) })}\n`)
  return exitCode(totals, interrupted)
}

/** A report says when what it judged had been made wrong, or other, on purpose. */
const titleOf = ({ fault, variant }: Options): string =>
  [
    'Payer-to-payer exchange of one member, every seat simulated',
    ...(fault ? [`with the fault ${fault}`] : []),
    ...(variant ? [`with the legal choice ${variant}`] : []),
  ].join(', ')

/** What cannot be opened must not leave a stage behind that keeps us alive. */
async function opened<T>(open: () => T, stage: Stage): Promise<T> {
  try {
    return open()
  } catch (error) {
    await stage.close()
    throw error
  }
}

/** Twice the same would be played twice. */
const distinct = (sets: readonly Editions[]): readonly Editions[] => [
  ...new Map(sets.map((set) => [editionsText(set), set])).values(),
]

/** 0 judged and nothing failed; 1 judged and something failed; 2 could not judge. */
export const exitCode = (
  totals: Pick<CompleteLine, 'scenarios' | 'verdicts'>,
  interrupted: string | undefined,
): number => {
  const { verdicts, scenarios } = totals
  if (interrupted || scenarios.error > 0 || verdicts.error > 0) return 2
  if (verdicts.fail > 0) return 1
  return verdicts.pass + verdicts.warning > 0 ? 0 : 2
}

const none = (): Record<VerdictCode, number> => ({ pass: 0, fail: 0, warning: 0, skip: 0, error: 0 })

function tallied(): { count(line: JournalLine): void; totals(): Pick<CompleteLine, 'scenarios' | 'verdicts'> } {
  const scenarios = none()
  const verdicts = none()
  return {
    count(line) {
      if (line.line === 'verdict') verdicts[line.verdict.code] += 1
      if (line.line === 'end') scenarios[line.code] += 1
    },
    totals: () => ({ scenarios: { ...scenarios }, verdicts: { ...verdicts } }),
  }
}

/** Does somebody stand in the project itself? Of another drive Windows tells the whole way. */
function isCheckout(home: string, here: string): boolean {
  const way = relative(home, here)
  return !isAbsolute(way) && way.split(sep)[0] !== '..' && !/[\\/]node_modules[\\/]/.test(home)
}

const ownVersion = async (home: string): Promise<string> => {
  const { readFile } = await import('node:fs/promises')
  return (JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string }).version
}
