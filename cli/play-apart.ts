/**
 * Plays several editions at once, the first in this process and each other in one of its own, and tells their lines one
 * edition after the other: the record is the same as if they had been played in turn.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Editions } from '../harness/edition.ts'
import type { Journal } from '../harness/journal.ts'
import type { Requirement } from '../harness/requirement.ts'
import type { RecordWriter } from '../reports/record.ts'
import { play } from '../steps/play.ts'
import type { Stage } from '../steps/run.ts'
import type { Played, PlayOrder } from './player.ts'
import { type PlayerProcess, startPlayerProcess } from './player-process.ts'

export interface PlayedApart {
  readonly stage: Stage
  readonly editions: readonly Editions[]
  readonly requirements: ReadonlyMap<string, Requirement>
  readonly journal: Journal
  /** What the other processes play: as here, but for the edition. */
  readonly order: Omit<PlayOrder, 'editions' | 'prefix' | 'part'>
  /** Told the lines that another process has recorded already, for the screen and the sums. */
  readonly told: Journal
  /** Told how one of them ended, after its lines. */
  readonly ended: (played: Played) => void
  readonly record: RecordWriter
  /** Folder of the run: the other processes write beside the record. */
  readonly folder: string
  /** Rejects when nothing more is to be played. */
  readonly stopped: Promise<never>
  /** Processes that wait for orders; where they are too few, others are put beside them. Whoever gave them stops them. */
  readonly processes: PlayerProcess[]
}

/** Returns why it was interrupted, if it was. Throws what `play` throws, here or there; what was played is in the record. */
export async function playApart(apart: PlayedApart): Promise<string | undefined> {
  const { stage, editions, requirements, journal, order, told, ended, record, folder, processes, stopped } = apart
  const [first, ...others] = editions
  const { seed: _seed, fault: _fault, variant: _variant, draw: _draw, ...wanted } = order
  while (processes.length < others.length) processes.push(startPlayerProcess())
  const playing = others.map((edition, i) => {
    const prefix = prefixOf(i + 1)
    const part = join(folder, `record-${prefix}.part`)
    const beside = processes[i] as PlayerProcess
    return { ...beside.play({ ...order, editions: edition, prefix, part }), stop: beside.stop }
  })
  try {
    const here = play({
      stage,
      editions: first ? [first] : [],
      requirements,
      journal,
      ...wanted,
      prefix: prefixOf(0),
    })
    let interrupted = await Promise.race([here, stopped])
    for (let next = playing[0]; next; next = playing[0]) {
      const played = await Promise.race([next.tell(told), stopped])
      ended(played)
      interrupted = played.interrupted ?? interrupted
      await record.adopt(next.part)
      playing.shift()
    }
    return interrupted
  } catch (error) {
    for (const { stop, part } of playing) {
      await stop()
      if (existsSync(part)) await record.adopt(part)
    }
    throw error
  }
}

/** `a`, `b` ... so that ids say whose they are and never meet. */
const prefixOf = (i: number): string => String.fromCharCode('a'.charCodeAt(0) + i)
