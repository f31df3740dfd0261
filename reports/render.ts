/** Every report from the record alone. */
import { mkdirSync } from 'node:fs'
import { HarnessError } from '../harness/errors.ts'
import type { Requirement } from '../harness/requirement.ts'
import { withoutDemographics } from './demographics.ts'
import { formats } from './formats/index.ts'
import { readRun } from './read-run.ts'
import { type RollUp, type Run, rollUp, type TakeScenario, type WholeScenario } from './run.ts'
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

/** Renders a record into a folder. Throws HarnessError `file-trouble` on a damaged record, `bad-input` on an unknown format. */
export async function renderAll(recordPath: string, folder: string, options: RenderOptions = {}): Promise<Rendered> {
  const wanted = options.formats ?? formats.map(({ name }) => name)
  const chosen = wanted.map((name) => {
    const format = formats.find((one) => one.name === name)
    if (!format)
      throw new HarnessError('bad-input', `there is no format "${name}"`, {
        remedy: `one of: ${formats.map((one) => one.name).join(', ')}`,
      })
    return format
  })
  mkdirSync(folder, { recursive: true })
  const requirements = options.requirements ?? []
  const writings = chosen.map((format) => format.begin(folder, requirements))
  const takers = writings.flatMap(({ take }) => take ?? [])
  const said = new Map<string, string>()
  let run: Run
  try {
    run = sharedRun(recordPath, options.showPeople === true, (scenario, line) => {
      for (const { exchange } of scenario.exchanges) said.set(`${scenario.id}-${exchange.id}`, callText(exchange))
      for (const take of takers) take(scenario, line)
    })
  } catch (error) {
    for (const { abandon } of writings) abandon?.()
    throw error
  }
  const sums = rollUp(run, requirements)
  const material = { run, sums, requirements, peopleShown: options.showPeople === true }
  for (const { end } of writings) await end(material)
  return { files: chosen.map(({ name, path }) => ({ format: name, path })), run, sums, said }
}

/** The run as it may be shared, its scenarios one by one; only where people are to be masked all of them have to be there first. */
function sharedRun(path: string, showPeople: boolean, take: TakeScenario): Run {
  const kept: WholeScenario[] = []
  const read = readRun(path, (scenario, line) => {
    if (showPeople || line.synthetic) take(scenario, line)
    else kept.push(scenario)
  })
  if (kept.length === 0) return read
  const run = withoutDemographics({ ...read, scenarios: kept })
  for (const scenario of run.scenarios) take(scenario, run.line)
  return run
}
