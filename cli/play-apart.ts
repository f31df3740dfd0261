/**
 * Plays several editions at once, the first in this process and each other in one of its own, and tells their lines one
 * edition after the other: the record is the same as if they had been played in turn.
 */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Editions } from '../harness/edition.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Journal, JournalLine } from '../harness/journal.ts'
import type { Requirement } from '../harness/requirement.ts'
import type { RecordWriter } from '../reports/record.ts'
import { play } from '../steps/play.ts'
import type { Stage } from '../steps/run.ts'
import type { Order, Told } from './player.ts'
import { startPlayerProcess } from './player-process.ts'

export interface PlayedApart {
  readonly stage: Stage
  readonly editions: readonly Editions[]
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly journal: Journal
  /** What the other processes play: as here, but for the edition. */
  readonly order: Omit<Order, 'editions' | 'prefix' | 'part'>
  /** Told the lines that another process has recorded already, for the screen and the counts. */
  readonly told: Journal
  readonly record: RecordWriter
  /** Folder of the run: the other processes write beside the record. */
  readonly folder: string
  /** Processes that were started already and wait for their order. */
  readonly waiting?: readonly ChildProcess[]
}

/** Returns why it was interrupted, if it was. Throws what `play` throws, here or there. */
export async function playApart(apart: PlayedApart): Promise<string | undefined> {
  const { stage, editions, requirements, journal, order, told, record, folder } = apart
  const [first, ...others] = editions
  const { seed: _seed, fault: _fault, variant: _variant, ...wanted } = order
  const players = others.map((edition, i) => {
    const prefix = prefixOf(i + 1)
    return startPlayer(apart.waiting?.[i] ?? startPlayerProcess(), {
      ...order,
      editions: edition,
      prefix,
      part: join(folder, `record-${prefix}.part`),
    })
  })
  try {
    let interrupted = await play({
      stage,
      editions: first ? [first] : [],
      requirements,
      journal,
      ...wanted,
      prefix: prefixOf(0),
    })
    for (const player of players) {
      interrupted = (await player.tell(told)) ?? interrupted
      await record.adopt(player.part)
    }
    return interrupted
  } finally {
    for (const { child } of players) child.kill()
  }
}

/** `a`, `b` ... so that ids say whose they are and never meet. */
const prefixOf = (i: number): string => String.fromCharCode('a'.charCodeAt(0) + i)

interface Player {
  readonly child: ChildProcess
  /** File with its lines; whole when `tell` has ended. */
  readonly part: string
  /** Hands on what was told so far and what comes, until the end. */
  tell(journal: Journal): Promise<string | undefined>
}

function startPlayer(child: ChildProcess, order: Order): Player {
  const early: JournalLine[] = []
  let journal: Journal = (line) => void early.push(line)
  const ended = new Promise<string | undefined>((resolve, reject) => {
    child.on('message', (told: Told) => {
      if (told.is === 'lines') for (const line of told.lines) journal(line)
      else if (told.is === 'end') resolve(told.interrupted)
      else reject(new HarnessError(told.code, told.message, told.remedy ? { remedy: told.remedy } : {}))
    })
    child.on('error', (cause) => reject(new HarnessError('internal', 'a second process cannot be started', { cause })))
    child.on('exit', (code, signal) =>
      reject(
        new HarnessError(
          'internal',
          `the process that plays an edition ended (${signal ?? code}) before its last scenario`,
        ),
      ),
    )
  })
  // Whoever awaits it is told; until then nobody needs to be.
  ended.catch(() => undefined)
  child.send(order)
  return {
    child,
    part: order.part,
    tell: (listener) => {
      for (const line of early.splice(0)) listener(line)
      journal = listener
      return ended
    },
  }
}
