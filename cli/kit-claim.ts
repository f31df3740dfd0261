/**
 * Whose kit a folder holds: a file that names the process that stands behind it and a port of its own. Who died without a word
 * has neither any more, so that no claim outlives its owner.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { HarnessError } from '../harness/errors.ts'
import { makeFolder } from './run-folder.ts'

/** A process and where it listens. */
interface Owner {
  readonly pid: number
  readonly host: string
  readonly port: number
}

/** Milliseconds that a neighbour on this machine may take to say that it is there, or to finish a line. */
const patience = 1000

/**
 * Claims the folder for this process, which listens at `url`; gives back what ends the claim. Throws `file-trouble` where somebody
 * who is still there has it.
 */
export async function claimKit(folder: string, url: string): Promise<() => void> {
  const path = join(makeFolder(folder, '--kit'), 'in-use.json')
  const { hostname: host, port } = new URL(url)
  const own = JSON.stringify({
    pid: process.pid,
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
  } satisfies Owner)
  for (const begun = performance.now(); ; ) {
    try {
      // Made only where it is not there: of two that come at once one is the first.
      writeFileSync(path, own, { flag: 'wx' })
      return () => {
        if (textIn(path) === own) rmSync(path, { force: true })
      }
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new HarnessError('file-trouble', `${path} cannot be written: ${(cause as Error).message}`, {
          remedy: 'name a folder that can be written with --kit',
          cause,
        })
    }
    const owner = ownerIn(textIn(path))
    if (owner && (await isThere(owner)))
      throw new HarnessError(
        'file-trouble',
        `another simulate (process ${owner.pid}, port ${owner.port}) uses the kit in ${folder}`,
        { remedy: 'end it, or give this one a folder of its own: --kit <folder>' },
      )
    // Somebody may have begun to write this moment.
    if (!owner && performance.now() - begun < patience) await new Promise((resolve) => setTimeout(resolve, 50))
    else rmSync(path, { force: true })
  }
}

function textIn(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function ownerIn(text: string): Owner | undefined {
  try {
    const { pid, host, port } = JSON.parse(text) as Partial<Owner>
    const within = (value: unknown, most: number): value is number =>
      Number.isInteger(value) && (value as number) > 0 && (value as number) <= most
    return within(pid, 2 ** 31) && within(port, 65_535) && typeof host === 'string' ? { pid, host, port } : undefined
  } catch {
    return undefined
  }
}

/** The process is alive, and somebody listens there: a number alone is soon given to another. */
async function isThere({ pid, host, port }: Owner): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience })
    const done = (there: boolean) => (): void => {
      socket.destroy()
      resolve(there)
    }
    socket.once('connect', done(true)).once('error', done(false)).once('timeout', done(false))
  })
}
