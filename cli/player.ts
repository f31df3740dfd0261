/**
 * The process that works beside `run`: takes its orders over IPC, plays one edition and tells the lines, or draws a report, and
 * ends when it is let go.
 */
import { requirementsById } from '../guides/catalogue.ts'
import type { Editions } from '../harness/edition.ts'
import { type HarnessErrorCode, troubleOf } from '../harness/errors.ts'
import type { JournalLine } from '../harness/journal.ts'
import { openRecord } from '../reports/record.ts'
import { play } from '../steps/play.ts'
import { stageOf } from './stage.ts'

export interface PlayOrder {
  readonly is: 'play'
  /** File that takes the lines, masked. */
  readonly part: string
  readonly seed: string
  readonly editions: Editions
  readonly prefix: string
  readonly tags?: string
  readonly name?: string
  readonly fault?: string
  readonly variant?: string
}

export interface DrawOrder {
  readonly is: 'draw'
  /** File of the record. */
  readonly record: string
  /** Folder that the reports go to. */
  readonly folder: string
  readonly formats: readonly string[]
}

export type Order = PlayOrder | DrawOrder

/** What it tells: lines for the screen and the counts while it plays, without the bodies that are in its file; how an order ended. */
export type Told =
  | { readonly is: 'lines'; readonly lines: readonly JournalLine[] }
  | { readonly is: 'done'; readonly interrupted?: string }
  | { readonly is: 'trouble'; readonly code: HarnessErrorCode; readonly message: string; readonly remedy?: string }

const tell = (told: Told): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(told, undefined, undefined, () => resolve())
    else resolve()
  })

async function playOne({ is: _is, part, seed, editions, fault, variant, ...wanted }: PlayOrder): Promise<void> {
  const record = openRecord(part)
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
        lines.push(slim(record.write(line)))
        if (line.line === 'end') flush()
      },
      ...wanted,
    })
    flush()
    record.close()
    await tell({ is: 'done', ...(interrupted ? { interrupted } : {}) })
  } finally {
    await stage.close()
  }
}

async function draw({ record, folder, formats }: DrawOrder): Promise<void> {
  const { renderAll } = await import('../reports/render.ts')
  await renderAll(record, folder, { requirements: [...requirementsById.values()], formats })
  await tell({ is: 'done' })
}

/** The screen names an exchange; it does not show it. */
const slim = (line: JournalLine): JournalLine => {
  if (line.line !== 'exchange') return line
  const { tls: _tls, request, response, ...rest } = line.exchange
  return {
    ...line,
    exchange: {
      ...rest,
      request: { ...request, headers: [], body: '' },
      ...(response ? { response: { ...response, headers: [], body: '' } } : {}),
    },
  }
}

// Who ordered it may be gone before the last scenario: nobody would hear what it tells.
process.once('disconnect', () => process.exit())
process.on('message', (order: Order) => {
  const obeyed = order.is === 'play' ? playOne(order) : draw(order)
  obeyed.catch((error: unknown) => tell({ is: 'trouble', ...troubleOf(error) }))
})
