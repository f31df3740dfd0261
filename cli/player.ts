/**
 * The process that works beside `run`: takes its orders over IPC, plays one edition, records and draws it, tells the lines, and
 * ends when it is let go.
 */
import { requirementsById } from '../guides/catalogue.ts'
import type { Editions } from '../harness/edition.ts'
import { type HarnessErrorCode, troubleOf } from '../harness/errors.ts'
import type { JournalLine } from '../harness/journal.ts'
import { openRecord } from '../reports/record.ts'
import { slim } from '../reports/slim-line.ts'
import { play } from '../steps/play.ts'
import type { DrawnShare, ShareOrder } from './live-reports.ts'
import { stageOf } from './stage.ts'

export interface PlayOrder {
  /** File that takes the lines, masked. */
  readonly part: string
  readonly seed: string
  readonly editions: Editions
  readonly prefix: string
  readonly tags?: string
  readonly name?: string
  readonly fault?: string
  readonly variant?: string
  /** Absent: nothing is drawn. */
  readonly draw?: ShareOrder
}

/** How an order ended. */
export interface Played {
  /** Why no further scenario was played, if there was a reason. */
  readonly interrupted?: string
  /** Absent when nothing was to be drawn. */
  readonly drawn?: DrawnShare
}

/** What it tells: lines for the screen and the sums while it plays, without the bodies that are in its file; how an order ended. */
export type Told =
  | { readonly is: 'lines'; readonly lines: readonly JournalLine[] }
  | ({ readonly is: 'done' } & Played)
  | { readonly is: 'trouble'; readonly code: HarnessErrorCode; readonly message: string; readonly remedy?: string }

const tell = (told: Told): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(told, undefined, undefined, () => resolve())
    else resolve()
  })

async function playOne({ part, seed, editions, fault, variant, draw, ...wanted }: PlayOrder): Promise<void> {
  const record = openRecord(part)
  const drawing = draw && (await import('./live-reports.ts')).liveShare(draw, [...requirementsById.values()])
  const { stage } = await stageOf({ seed, ...(fault ? { fault } : {}), ...(variant ? { variant } : {}) })
  let lines: JournalLine[] = []
  const flush = (): void => {
    void tell({ is: 'lines', lines })
    lines = []
  }
  try {
    const interrupted = await play({
      stage,
      editions: [editions],
      requirements: requirementsById,
      journal: (line) => {
        const recorded = record.write(line)
        lines.push(slim(recorded))
        if (line.line === 'end') flush()
        drawing?.take(recorded)
      },
      ...wanted,
    })
    flush()
    record.close()
    const drawn = await drawing?.end()
    await tell({ is: 'done', ...(interrupted ? { interrupted } : {}), ...(drawn ? { drawn } : {}) })
  } finally {
    await stage.close()
  }
}

// A terminal tells the whole group of Ctrl-C; whoever ordered this process ends it when it has heard what was played.
process.on('SIGINT', () => undefined)
// Who ordered it may be gone before the last scenario: nobody would hear what it tells.
process.once('disconnect', () => process.exit())
process.on('message', (order: PlayOrder) => {
  playOne(order).catch((error: unknown) => tell({ is: 'trouble', ...troubleOf(error) }))
})
