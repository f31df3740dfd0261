/** Where a run leaves what it has to say: a folder of its own, named by the time. */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { HarnessError } from '../harness/errors.ts'

/** `2026-11-21T22-40-05`: sorts by time and is a legal file name everywhere. */
export const runId = (now: Date): string => now.toISOString().slice(0, 19).replaceAll(':', '-')

/** Makes that folder inside `out`. Throws `file-trouble`, with what to do. */
export const runFolder = (out: string, name: string): string => makeFolder(resolve(out, name))

/** Makes a folder that `option` names, with those above it. Throws `file-trouble`, with what to do. */
export function makeFolder(folder: string, option = '--out'): string {
  try {
    mkdirSync(folder, { recursive: true })
    return folder
  } catch (cause) {
    throw new HarnessError('file-trouble', `${folder} cannot be made: ${(cause as Error).message}`, {
      remedy: `name a folder that can be written with ${option}`,
      cause,
    })
  }
}
