/** The process that plays one edition for `run`: takes its order over IPC, plays, tells the lines, and ends. */
import { requirementsById } from '../guides/catalogue.ts'
import type { Editions } from '../harness/edition.ts'
import { type HarnessErrorCode, troubleOf } from '../harness/errors.ts'
import type { JournalLine } from '../harness/journal.ts'
import { openRecord } from '../reports/record.ts'
import { play } from '../steps/play.ts'
import { stageOf } from './stage.ts'

export interface Order {
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

/** What a player tells while it plays: lines for the screen and the counts, without the bodies that are in its file. */
export type Told =
  | { readonly is: 'lines'; readonly lines: readonly JournalLine[] }
  | { readonly is: 'end'; readonly interrupted?: string }
  | { readonly is: 'trouble'; readonly code: HarnessErrorCode; readonly message: string; readonly remedy?: string }

const tell = (told: Told): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(told, undefined, undefined, () => resolve())
    else resolve()
  })

async function obey({ part, seed, editions, fault, variant, ...wanted }: Order): Promise<void> {
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
    await record.close()
    await tell({ is: 'end', ...(interrupted ? { interrupted } : {}) })
  } finally {
    await stage.close()
  }
}

/** The screen names an exchange; it does not show it. */
const slim = (line: JournalLine): JournalLine => {
  if (line.line !== 'exchange') return line
  const { tls: _tls, request, response, ...rest } = line.exchange
  return {
    ...line,
    exchange: {
      ...rest,
      request: { ...request, body: '' },
      ...(response ? { response: { ...response, body: '' } } : {}),
    },
  }
}

// Who ordered it may be gone before the last scenario: nobody would hear what it tells.
process.once('disconnect', () => process.exit())
process.once('message', (order: Order) => {
  obey(order)
    .catch((error: unknown) => tell({ is: 'trouble', ...troubleOf(error) }))
    .finally(() => process.disconnect())
})
