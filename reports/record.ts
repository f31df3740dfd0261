/**
 * The record of a run: its journal line by line (NDJSON), append-only, secrets masked before a byte is written. The chain of
 * a certificate stands in the first exchange that shows it; later ones have an empty chain, and the reader puts it back.
 */
import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HarnessError } from '../harness/errors.ts'
import type { JournalLine } from '../harness/journal.ts'
import type { CertificateFacts } from '../harness/transcript.ts'
import { createMasking, type Masking } from './masking.ts'

export interface RecordWriter {
  /** Masks the line and writes it. Returns what was written, for the screen. Throws `file-trouble` from the first that cannot be written. */
  readonly write: (line: JournalLine) => JournalLine
  /** Takes over the whole lines, masked already, that another process wrote to a file of its own, and removes that file. */
  readonly adopt: (part: string) => Promise<void>
  readonly close: () => void
}

export interface RecordOptions {
  readonly masking?: Masking
  /** Hands bytes to the system, and returns how many it took. */
  readonly put?: (file: number, bytes: Buffer, from: number) => number
}

/** Bytes of another record that are taken over at once. */
const chunk = 2 ** 20

/**
 * Opens a new record. Each line is handed to the system on the spot: to have another thread do it takes longer than to do it,
 * and a process that dies, however it does, loses none.
 */
export function openRecord(path: string, options: RecordOptions = {}): RecordWriter {
  mkdirSync(dirname(path), { recursive: true })
  const file = openNew(path)
  const { line: mask } = options.masking ?? createMasking()
  const { put = writeSync } = options
  const shown = new Map<string, number>()
  let failure: HarnessError | undefined
  let closed = false

  const add = (bytes: Buffer): void => {
    // After half a line a further one would be none.
    if (failure) throw failure
    try {
      for (let done = 0; done < bytes.length; ) done += put(file, bytes, done)
    } catch (cause) {
      failure = new HarnessError('file-trouble', `cannot write ${path}: ${(cause as Error).message}`, {
        remedy: 'make room on the disk, or choose another folder with --out',
        cause,
      })
      throw failure
    }
  }

  return {
    write: (line) => {
      if (closed) throw new HarnessError('internal', `the record ${path} is closed`)
      const masked = mask(line)
      add(Buffer.from(`${JSON.stringify(withoutKnownChains(masked, shown))}\n`))
      return masked
    },
    adopt: async (part) => {
      shown.clear()
      // A process that was killed may have written half a line.
      let begun = Buffer.alloc(0)
      for await (const bytes of createReadStream(part, { highWaterMark: chunk })) {
        const end = (bytes as Buffer).lastIndexOf(10) + 1
        if (end > 0) {
          add(begun)
          add((bytes as Buffer).subarray(0, end))
          begun = Buffer.alloc(0)
        }
        begun = Buffer.concat([begun, (bytes as Buffer).subarray(end)])
      }
      // Windows may hold it for a moment after the process that wrote it has ended.
      await rm(part, { recursive: true, maxRetries: 5 })
    },
    close: () => {
      if (closed) return
      closed = true
      closeSync(file)
    },
  }
}

function openNew(path: string): number {
  try {
    return openSync(path, 'wx')
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new HarnessError(
      'file-trouble',
      exists
        ? `${path} exists already, and a record is never written over`
        : `cannot write ${path}: ${(cause as Error).message}`,
      { remedy: exists ? 'remove it, or choose another folder with --out' : 'choose another folder with --out', cause },
    )
  }
}

/** The line with every certificate chain left out that is the one which the record has last for that certificate. */
function withoutKnownChains(line: JournalLine, shown: Map<string, number>): JournalLine {
  return withCertificates(line, (facts) => {
    if (shown.get(facts.thumbprint) === facts.chain.length) return { ...facts, chain: [] }
    shown.set(facts.thumbprint, facts.chain.length)
    return facts
  })
}

function withCertificates(line: JournalLine, change: (facts: CertificateFacts) => CertificateFacts): JournalLine {
  const tls = line.line === 'exchange' ? line.exchange.tls : undefined
  if (line.line !== 'exchange' || !tls) return line
  const changed = {
    ...tls,
    ...(tls.server ? { server: change(tls.server) } : {}),
    ...(tls.client ? { client: change(tls.client) } : {}),
  }
  return { ...line, exchange: { ...line.exchange, tls: changed } }
}
