/**
 * Reads the record of a run line by line, and finds the one that is meant. A record without its `complete` line is one of a
 * run that was cut short, and is read all the same.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { HarnessError } from '../harness/errors.ts'
import type { ExchangeLine, JournalLine } from '../harness/journal.ts'
import { exchangeReader } from './exchange-line.ts'
import { fromBytes } from './unread.ts'

/** Required members of each kind of line, by their type: enough that every report can trust what it reads. */
const shape: { readonly [kind in JournalLine['line']]: readonly (readonly [member: string, type: string])[] } = {
  run: Object.entries({ id: 'string', startedAt: 'string', editions: 'array', seats: 'array', title: 'string' }),
  scenario: Object.entries({
    id: 'string',
    feature: 'string',
    uri: 'string',
    name: 'string',
    tags: 'array',
    editions: 'object',
  }),
  exchange: Object.entries({ scenario: 'string', step: 'number', exchange: 'object' }),
  verdict: Object.entries({ scenario: 'string', step: 'number', verdict: 'object' }),
  step: Object.entries({ scenario: 'string', step: 'number', text: 'string', status: 'string' }),
  end: Object.entries({ scenario: 'string', code: 'string' }),
  complete: Object.entries({ finishedAt: 'string', scenarios: 'object', verdicts: 'object' }),
}

/**
 * The lines of a record, one at a time. Throws HarnessError `file-trouble` with the line's number when a line is damaged;
 * a last line that was cut off in the middle is left out, for that is how a crash ends.
 */
export function* readRecord(path: string): Generator<JournalLine> {
  const trouble = (number: number, what: string): HarnessError =>
    new HarnessError('file-trouble', `line ${number} of ${path} ${what}`, {
      remedy: 'the record was changed after it was written: take the copy that the run left, or run again',
    })
  const { cut, completed } = exchangeReader()
  const exchangeOf = (text: string, number: number): ExchangeLine | undefined => {
    if (!text.startsWith('{"line":"exchange",')) return undefined
    try {
      return cut(text, () => trouble(number, 'is no JSON'))
    } catch {
      // Whoever parses it whole says what is wrong.
      return undefined
    }
  }
  let number = 0
  for (const { text, whole } of textLines(path)) {
    number++
    const exchange = exchangeOf(text, number)
    let value: unknown = exchange
    try {
      value ??= JSON.parse(fromBytes(text))
    } catch {
      if (!whole) return
      throw trouble(number, text.trim() === '' ? 'is empty' : 'is no JSON')
    }
    const line = value as Record<string, unknown>
    const wanted = Object.hasOwn(shape, String(line?.line)) ? shape[line.line as JournalLine['line']] : undefined
    if (!wanted) throw trouble(number, `is of a kind that nobody knows (${JSON.stringify(line?.line ?? null)})`)
    for (const [member, type] of wanted) {
      const is = Array.isArray(line[member]) ? 'array' : line[member] === null ? 'null' : typeof line[member]
      if (is !== type) throw trouble(number, `(${line.line}) lacks "${member}": expected ${type}, found ${is}`)
    }
    if ((number === 1) !== (line.line === 'run'))
      throw trouble(number, number === 1 ? 'does not start a run' : 'starts a second run in one record')
    if (line.line === 'run' && line.format !== 1)
      throw new HarnessError(
        'file-trouble',
        `${path} is in format ${JSON.stringify(line.format)}; this version reads format 1`,
        {
          remedy: 'render it with the version that wrote it',
        },
      )
    const read = value as JournalLine
    yield read.line === 'exchange' && !exchange ? completed(read) : read
  }
  if (number === 0)
    throw new HarnessError('file-trouble', `${path} is empty`, {
      remedy: 'the run ended before its first line: run again',
    })
}

/** Bytes that are read at once, and more where a line has more. */
const block = 2 ** 20

/** Splits at line feeds only: U+2028 is an ordinary character of a JSON string. Each character is a byte of UTF-8. */
function* textLines(path: string): Generator<{ readonly text: string; readonly whole: boolean }> {
  const file = opened(path)
  try {
    let bytes = Buffer.allocUnsafe(block)
    let kept = 0
    for (;;) {
      if (kept === bytes.length) bytes = Buffer.concat([bytes], 2 * bytes.length)
      const count = read(path, () => readSync(file, bytes, kept, bytes.length - kept, null))
      if (count === 0) break
      const end = bytes.lastIndexOf(10, kept + count - 1) + 1
      kept += count
      if (end === 0) continue
      const text = bytes.toString('latin1', 0, end)
      bytes.copy(bytes, 0, end, kept)
      kept -= end
      let from = 0
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        yield { text: text.slice(from, at), whole: true }
        from = at + 1
      }
    }
    if (kept > 0) yield { text: bytes.toString('latin1', 0, kept), whole: false }
  } finally {
    closeSync(file)
  }
}

const opened = (path: string): number => read(path, () => openSync(path, 'r'))

function read<T>(path: string, doing: () => T): T {
  try {
    return doing()
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new HarnessError(
      'file-trouble',
      missing ? `there is no record at ${path}` : `cannot read ${path}: ${(cause as Error).message}`,
      { remedy: 'name a record.ndjson, or the folder of a run', cause },
    )
  }
}

/** The record that a path means: the file itself, the one in that folder, or the newest one of the runs in it. */
export async function findRecord(path: string): Promise<string> {
  const none = (why: string): HarnessError =>
    new HarnessError('file-trouble', why, {
      remedy: 'run first (npx vitruvian run), or name a record.ndjson or the folder of a run',
    })
  const at = await stat(path).catch(() => undefined)
  if (!at) throw none(`there is nothing at ${path}`)
  if (at.isFile()) return path
  const own = join(path, 'record.ndjson')
  if (await stat(own).catch(() => undefined)) return own
  const runs = await Promise.all(
    (await readdir(path)).map(async (name) => {
      const file = join(path, name, 'record.ndjson')
      return { file, when: (await stat(file).catch(() => undefined))?.mtimeMs ?? -1 }
    }),
  )
  const newest = runs.filter(({ when }) => when >= 0).sort((a, b) => b.when - a.when || (a.file < b.file ? 1 : -1))[0]
  if (!newest) throw none(`no run has left a record in ${path}`)
  return newest.file
}
