/** The process that plays one edition for `run`: takes its order over IPC, plays, tells the lines, and ends. */
import { requirementsById } from '../guides/catalogue.ts'
import type { Editions } from '../harness/edition.ts'
import { type HarnessErrorCode, isHarnessError } from '../harness/errors.ts'
import type { JournalLine } from '../harness/journal.ts'
import { play } from './play.ts'
import { stageOf } from './stage.ts'

export interface Order {
  readonly seed: string
  readonly editions: Editions
  readonly prefix: string
  readonly tags?: string
  readonly name?: string
  readonly fault?: string
}

export type Told =
  | { readonly is: 'lines'; readonly lines: readonly JournalLine[] }
  | { readonly is: 'end'; readonly interrupted?: string }
  | { readonly is: 'trouble'; readonly code: HarnessErrorCode; readonly message: string; readonly remedy?: string }

const tell = (told: Told): Promise<void> =>
  new Promise((resolve) => {
    if (process.send) process.send(told, undefined, undefined, () => resolve())
    else resolve()
  })

async function obey({ seed, editions, fault, ...wanted }: Order): Promise<void> {
  const { stage } = await stageOf({ seed, ...(fault ? { fault } : {}) })
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
        lines.push(line)
        if (line.line === 'end') flush()
      },
      ...wanted,
    })
    flush()
    await tell({ is: 'end', ...(interrupted ? { interrupted } : {}) })
  } finally {
    await stage.close()
  }
}

process.once('message', (order: Order) => {
  obey(order)
    .catch((error: unknown) =>
      tell(
        isHarnessError(error)
          ? {
              is: 'trouble',
              code: error.code,
              message: error.message,
              ...(error.remedy ? { remedy: error.remedy } : {}),
            }
          : {
              is: 'trouble',
              code: 'internal',
              message: error instanceof Error ? (error.stack ?? error.message) : String(error),
            },
      ),
    )
    .finally(() => process.disconnect())
})
