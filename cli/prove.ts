/**
 * `prove`: shows that the checks can fail. The honest simulators must pass; then each fault makes one of them wrong in one
 * way, the scenarios that judge what it breaks are played, and every requirement that it names must be found unmet.
 */
import { join } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { defaults } from '../harness/config.ts'
import { type Editions, holdsAt } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import type { JournalLine, ScenarioLine } from '../harness/journal.ts'
import type { Requirement } from '../harness/requirement.ts'
import type { Verdict } from '../harness/verdict.ts'
import type { Fault } from '../simulators/faults/fault.ts'

interface Options {
  readonly fault?: readonly string[]
  readonly seed: string
  readonly json?: boolean
}

/** One requirement found unmet, in one scenario. */
interface Catch {
  readonly requirement: string
  readonly check: string
  readonly code: Verdict['code']
  readonly scenario: string
  readonly edition: string
}

export interface Trial {
  readonly fault: string
  readonly title: string
  readonly breaks: readonly string[]
  readonly caught: readonly Catch[]
  /** Requirements that the fault names and that no check found unmet. */
  readonly missed: readonly string[]
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export function proveCommand(ended: (code: number) => void): Command {
  return new Command('prove')
    .description('show that the checks can fail: spoil the simulators in one way after another')
    .option('--fault <id>', 'only this fault (repeat for several)', collect)
    .option('--seed <text>', 'seed of the population', defaults.seed)
    .option('--json', 'as JSON')
    .action(async (options: Options) => ended(await prove(options)))
}

async function prove(options: Options): Promise<number> {
  const [{ play }, { selfPlay }, { faults }, { requirementsById }, { editionSets }] = await Promise.all([
    import('../steps/play.ts'),
    import('../steps/stages/self-play.ts'),
    import('../simulators/faults/index.ts'),
    import('../guides/catalogue.ts'),
    import('../guides/editions.ts'),
  ])
  const chosen = options.fault ? faults.filter(({ id }) => options.fault?.includes(id)) : faults
  const unknown = options.fault?.filter((id) => !faults.some((fault) => fault.id === id)) ?? []
  if (unknown.length > 0)
    throw new HarnessError('bad-input', `there is no fault ${unknown.join(', ')}`, {
      remedy: `one of: ${faults.map(({ id }) => id).join(', ')}`,
    })
  const say = (text: string): void => void (options.json || process.stdout.write(`${text}\n`))
  const stage = await selfPlay({ certs: join('certs', 'issued'), seed: options.seed })
  const trials: Trial[] = []
  const honest = new Map<string, Verdict['code']>()
  const alarms: string[] = []
  try {
    const { take, now } = watched()
    await play({
      stage,
      editions: editionSets,
      requirements: requirementsById,
      journal: (line) => {
        take(line)
        if (line.line !== 'verdict') return
        const { code, check } = line.verdict
        honest.set(`${now().key} ${check}`, code)
        if (unmetCodes.includes(code)) alarms.push(`${now().text}: ${check} ${code}`)
      },
    })
    for (const alarm of alarms) say(`${pc.red('ALARM   ')} without any fault: ${alarm}`)
    for (const fault of chosen) {
      const trial = await tryFault(
        fault,
        honest,
        stage.spoil,
        async (editions, tags, journal) => {
          await play({ stage, editions: [editions], requirements: requirementsById, journal, tags })
        },
        requirementsById,
        editionSets,
      )
      trials.push(trial)
      const good = trial.missed.length === 0
      say(
        `${good ? pc.green('caught  ') : pc.red('SURVIVED')} ${trial.fault}: ${trial.title}${
          good
            ? ` (${[...new Set(trial.caught.map(({ requirement }) => requirement))].join(', ')})`
            : `\n         not found unmet: ${trial.missed.join(', ')}`
        }`,
      )
    }
  } finally {
    await stage.close()
  }
  const survivors = trials.filter(({ missed }) => missed.length > 0)
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ faults: trials.length, survivors: survivors.length, alarms, trials }, null, 2)}\n`,
    )
  say(`\n${trials.length - survivors.length} of ${trials.length} faults caught by every requirement that they name`)
  return survivors.length + alarms.length > 0 ? 1 : 0
}

const unmetCodes: readonly Verdict['code'][] = ['fail', 'warning', 'error']

/** Which scenario is going on, by a key that is the same in every run and by a text to read. */
function watched(): { take(line: JournalLine): void; now(): { key: string; text: string; editions: Editions } } {
  let scenario: ScenarioLine | undefined
  return {
    take(line) {
      if (line.line === 'scenario') scenario = line
    },
    now: () => {
      const { uri = '', name = '', example = '', editions = {} } = scenario ?? {}
      const text = `${uri}: ${name}${example ? ` (${example})` : ''}, PDex ${editions.pdex ?? ''}`
      return { key: text, text, editions }
    },
  }
}

/** Plays, edition by edition, what judges the requirements that the fault breaks, until all of them were found unmet. */
async function tryFault(
  fault: Fault,
  honest: ReadonlyMap<string, Verdict['code']>,
  spoil: (spoiling: { faults?: readonly Fault[] }) => void,
  play: (editions: Editions, tags: string, journal: (line: JournalLine) => void) => Promise<void>,
  requirements: ReadonlyMap<string, Requirement>,
  sets: readonly Editions[],
): Promise<Trial> {
  const caught: Catch[] = []
  const missed = (): string[] => fault.breaks.filter((id) => !caught.some(({ requirement }) => requirement === id))
  const { take, now } = watched()
  spoil({ faults: [fault] })
  try {
    for (const editions of sets) {
      const here = missed().filter((id) => {
        const requirement = requirements.get(id)
        const version = requirement && editions[requirement.guide]
        return requirement && (version === undefined || holdsAt(requirement.versions, version))
      })
      if (here.length === 0) continue
      await play(editions, here.map((id) => `@${id}`).join(' or '), (line) => {
        take(line)
        if (line.line !== 'verdict') return
        const { requirement, check, code, findings } = line.verdict
        // What the honest system is told as well was not found because of the fault; our own trouble finds nothing.
        if (code !== 'fail' && code !== 'warning') return
        if (honest.get(`${now().key} ${check}`) === code || findings.length === 0) return
        caught.push({ requirement, check, code, scenario: now().text, edition: editions.pdex ?? '' })
      }).catch((error: unknown) => {
        // Nobody plays what the fault breaks: then nothing was found, and the trial says so.
        if (!isHarnessError(error, 'bad-input')) throw error
      })
    }
  } finally {
    spoil({})
  }
  return { fault: fault.id, title: fault.title, breaks: fault.breaks, caught, missed: missed() }
}
