/** Every report from the record alone. */
import { mkdir } from 'node:fs/promises'
import { HarnessError } from '../harness/errors.ts'
import type { Requirement } from '../harness/requirement.ts'
import { withoutDemographics } from './demographics.ts'
import { formats } from './formats/index.ts'
import { type RollUp, type Run, readRun, rollUp } from './run.ts'

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
  const read = await readRun(recordPath)
  const run = options.showPeople ? read : withoutDemographics(read)
  const requirements = options.requirements ?? []
  const sums = rollUp(run, requirements)
  await mkdir(folder, { recursive: true })
  for (const format of chosen)
    await format.write({ run, sums, requirements, peopleShown: options.showPeople === true }, folder)
  return { files: chosen.map(({ name, path }) => ({ format: name, path })), run, sums }
}
