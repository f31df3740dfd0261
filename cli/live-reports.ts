/**
 * The reports of a run, drawn scenario by scenario while it is played, each by the process that plays it. Trouble with them
 * never ends a run: what cannot be drawn so, or only when all is there since people are to be masked, is drawn from the record.
 */
import { troubleOf } from '../harness/errors.ts'
import type { Journal, RunLine } from '../harness/journal.ts'
import type { Requirement } from '../harness/requirement.ts'
import { type Drawing, openDrawing, openShare, type Rendered, renderAll, type Share } from '../reports/render.ts'

/** What a process is told that shall draw what it plays. */
export interface ShareOrder {
  /** Folder that the reports go to, begun already. */
  readonly folder: string
  readonly run: RunLine
}

/** What it tells at the end: its share, or why there is none. */
export type DrawnShare = { readonly share: Share } | { readonly undrawn: string }

export interface LiveReports {
  /** Takes a line that was played here, as it was recorded. */
  readonly take: Journal
  /** Takes a line that was played and recorded beside this process. */
  readonly told: Journal
  /** What is drawn where it is played; undefined when nothing is. */
  readonly shareOrder: () => ShareOrder | undefined
  /** Takes over what was drawn of the lines that were told. */
  readonly join: (drawn: DrawnShare) => void
  /** Writes what is left. The record must be whole by now. */
  readonly finish: () => Promise<Rendered>
  /** Leaves nothing that looks like a report, unless all are written. */
  readonly abandon: () => void
}

export interface LiveShare {
  /** Takes a line that was played here, as it was recorded. */
  readonly take: Journal
  readonly end: () => Promise<DrawnShare>
}

/** Does one thing after the other until one goes wrong, and then none. */
function untilTrouble(): {
  readonly attempt: <T>(doing: () => T) => T | undefined
  readonly attemptLong: <T>(doing: () => Promise<T> | undefined) => Promise<T | undefined>
  readonly fail: (why: string) => void
  readonly trouble: () => string | undefined
} {
  let trouble: string | undefined
  const fail = (why: string): void => {
    trouble ??= why
  }
  return {
    attempt: (doing) => {
      try {
        return trouble === undefined ? doing() : undefined
      } catch (error) {
        fail(troubleOf(error).message)
        return undefined
      }
    },
    attemptLong: async (doing) => {
      try {
        return trouble === undefined ? await doing() : undefined
      } catch (error) {
        fail(troubleOf(error).message)
        return undefined
      }
    },
    fail,
    trouble: () => trouble,
  }
}

/** Begins when it is given the line of the run. */
export function liveReports(folder: string, record: string, requirements: readonly Requirement[]): LiveReports {
  const { attempt, attemptLong, fail, trouble } = untilTrouble()
  let drawing: Drawing | undefined
  let order: ShareOrder | undefined
  return {
    take: (line) =>
      attempt(() => {
        if (line.line === 'run' && line.synthetic) {
          drawing = openDrawing(folder, { requirements })
          order = { folder, run: line }
        }
        drawing?.take(line)
      }),
    told: (line) => attempt(() => drawing?.told(line)),
    shareOrder: () => attempt(() => order),
    join: (drawn) => {
      if ('undrawn' in drawn) fail(drawn.undrawn)
      else attempt(() => drawing?.join(drawn.share))
    },
    finish: async () => {
      const rendered = await attemptLong(() => drawing?.finish())
      const why = trouble()
      if (why !== undefined)
        process.stderr.write(`The reports are drawn from the record, for while it was played they were not: ${why}\n`)
      const written = rendered ?? (await renderAll(record, folder, { requirements }))
      drawing = undefined
      return written
    },
    abandon: () => drawing?.abandon(),
  }
}

/** Draws what is played here as a share of what another process has begun; trouble with it is told at the end. */
export function liveShare({ folder, run }: ShareOrder, requirements: readonly Requirement[]): LiveShare {
  const { attempt, attemptLong, trouble } = untilTrouble()
  const drawing = attempt(() => openShare(folder, run, { requirements }))
  return {
    take: (line) => attempt(() => drawing?.take(line)),
    end: async () => {
      const share = await attemptLong(() => drawing?.end())
      return share ? { share } : { undrawn: trouble() ?? 'it had not begun' }
    },
  }
}
