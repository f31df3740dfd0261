/**
 * Every report from the lines of a run: from its record, or while it is played, from what the record is given. What another
 * process plays it may draw as well, as a share that the drawing takes over.
 */
import { mkdirSync } from 'node:fs'
import { HarnessError } from '../harness/errors.ts'
import type { JournalLine, RunLine } from '../harness/journal.ts'
import type { Requirement } from '../harness/requirement.ts'
import { withoutDemographics } from './demographics.ts'
import type { Format } from './formats/format.ts'
import { formats } from './formats/index.ts'
import { eachLine, runBuilder } from './read-run.ts'
import { type RollUp, type Run, rollUp, type WholeScenario } from './run.ts'
import { callText } from './wording.ts'

export interface RenderOptions {
  /** The catalogue of the guides; without it requirements have neither statement nor flow. */
  readonly requirements?: readonly Requirement[]
  /** Names of formats; absent: all. */
  readonly formats?: readonly string[]
  /** Show the people of a run that is not synthetic: for the tester's own screen, not for sharing. */
  readonly showPeople?: boolean
}

export interface Rendered {
  /** Format and its file or folder, relative to the folder that was written to. */
  readonly files: readonly { readonly format: string; readonly path: string }[]
  readonly run: Run
  readonly sums: RollUp
  /** `s6-x3` -> `POST https://…/$member-match  200` */
  readonly said: ReadonlyMap<string, string>
}

/** Reports that are being drawn. Only lines that were masked may come here. */
export interface Drawing {
  /** Takes the next line of the run; `place` says where it was read, should it be no such line. */
  readonly take: (line: JournalLine, place?: string) => void
  /** Takes a line of a scenario that a share has drawn or will draw: nobody looks at messages but for their first line. */
  readonly told: (line: JournalLine) => void
  /** Takes over the share of the scenarios that were told. */
  readonly join: (share: Share) => void
  /** Writes what is left, when there is no further line. */
  readonly finish: () => Promise<Rendered>
  /** Leaves nothing that looks like a report. */
  readonly abandon: () => void
}

/** What a process has drawn: plain data. */
export interface Share {
  /** Ids of the scenarios. */
  readonly scenarios: readonly string[]
  /** What their reports are joined from, by format. */
  readonly made: Readonly<Record<string, unknown>>
}

export interface DrawingShare {
  /** Takes the next line, masked, of the scenarios that are played here. */
  readonly take: (line: JournalLine) => void
  readonly end: () => Promise<Share>
}

/** Begins to draw into a folder. Throws HarnessError `bad-input` on an unknown format. */
export function openDrawing(folder: string, options: RenderOptions = {}): Drawing {
  const chosen = chosenFormats(options)
  mkdirSync(folder, { recursive: true })
  const requirements = options.requirements ?? []
  const peopleShown = options.showPeople === true
  const writings = chosen.map((format) => ({ name: format.name, ...format.begin(folder, requirements) }))
  const said = new Map<string, string>()
  /** Ids of the scenarios that are drawn elsewhere, and of those whose share is here. */
  const apart = new Set<string>()
  const joined = new Set<string>()
  /** Only where people are to be masked all scenarios have to be there first. */
  const kept: WholeScenario[] = []
  const draw = (scenario: WholeScenario, run: RunLine): void => {
    for (const { exchange } of scenario.exchanges) said.set(`${scenario.id}-${exchange.id}`, callText(exchange))
    if (!apart.has(scenario.id)) for (const { take } of writings) take?.(scenario, run)
  }
  const builder = runBuilder((scenario, run) => {
    if (peopleShown || run.synthetic) draw(scenario, run)
    else kept.push(scenario)
  })
  const take = (line: JournalLine, place?: string): void => {
    builder.add(asRecorded(line), place)
    builder.give()
  }
  const shared = (): Run => {
    const whole = builder.run()
    if (kept.length === 0) return whole
    const run = withoutDemographics({ ...whole, scenarios: kept })
    for (const scenario of run.scenarios) draw(scenario, run.line)
    return run
  }
  return {
    take,
    told: (line) => {
      if (line.line === 'scenario') apart.add(line.id)
      take(line)
    },
    join: (share) => {
      for (const { name, join } of writings) join?.(share.made[name])
      for (const id of share.scenarios) joined.add(id)
    },
    finish: async () => {
      const run = shared()
      const missing = [...apart].find((id) => !joined.has(id))
      if (missing !== undefined) throw new HarnessError('internal', `nobody has drawn scenario ${missing}`)
      const sums = rollUp(run, requirements)
      const material = { run, sums, requirements, peopleShown }
      for (const { end } of writings) await end(material)
      return { files: chosen.map(({ name, path }) => ({ format: name, path })), run, sums, said }
    },
    abandon: () => {
      for (const { abandon } of writings) abandon?.()
    },
  }
}

/** Begins to draw a share of what was begun in this folder. The run must be one whose people may be shown. */
export function openShare(folder: string, run: RunLine, options: RenderOptions = {}): DrawingShare {
  if (!run.synthetic) throw new HarnessError('internal', 'people can be masked only by who has all scenarios')
  const requirements = options.requirements ?? []
  const sharings = chosenFormats(options).flatMap(({ name, share }) =>
    share ? [{ name, ...share(folder, requirements) }] : [],
  )
  const scenarios: string[] = []
  const builder = runBuilder((scenario, line) => {
    for (const { take } of sharings) take(scenario, line)
    scenarios.push(scenario.id)
  })
  builder.add(run)
  return {
    take: (line) => {
      builder.add(asRecorded(line))
      builder.give()
    },
    end: async () => {
      builder.run()
      const made = await Promise.all(sharings.map(async ({ name, end }) => [name, await end()] as const))
      return { scenarios, made: Object.fromEntries(made) }
    },
  }
}

/** What checks found may be values that a record knows another way, such as no number: reports show what it knows. */
const asRecorded = (line: JournalLine): JournalLine =>
  line.line === 'verdict' && line.verdict.findings.length > 0 ? (JSON.parse(JSON.stringify(line)) as JournalLine) : line

function chosenFormats({ formats: wanted }: RenderOptions): readonly Format[] {
  return (wanted ?? formats.map(({ name }) => name)).map((name) => {
    const format = formats.find((one) => one.name === name)
    if (!format)
      throw new HarnessError('bad-input', `there is no format "${name}"`, {
        remedy: `one of: ${formats.map((one) => one.name).join(', ')}`,
      })
    return format
  })
}

/** Renders a record into a folder. Throws HarnessError `file-trouble` on a damaged record, `bad-input` on an unknown format. */
export async function renderAll(recordPath: string, folder: string, options: RenderOptions = {}): Promise<Rendered> {
  const { take, finish, abandon } = openDrawing(folder, options)
  try {
    eachLine(recordPath, take)
    return await finish()
  } catch (error) {
    abandon()
    throw error
  }
}
