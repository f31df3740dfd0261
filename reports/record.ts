/**
 * The record of a run: its journal line by line (NDJSON), append-only, secrets masked before a byte is written. The chain of
 * a certificate stands in the first exchange that shows it; later ones have an empty chain, and the reader puts it back.
 */
import { closeSync, createReadStream, mkdirSync, openSync, write, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HarnessError } from '../harness/errors.ts'
import type { JournalLine } from '../harness/journal.ts'
import type { CertificateFacts } from '../harness/transcript.ts'
import { createMasking, type Masking } from './masking.ts'

export interface RecordWriter {
  /** Masks the line and puts it in the queue; lines reach the disk in this order. Returns what was written, for the screen. */
  readonly write: (line: JournalLine) => JournalLine
  /** Takes over the lines, masked already, that another process wrote to a file of its own, and removes that file. */
  readonly adopt: (part: string) => Promise<void>
  /** Resolves at once, or when the disk has caught up: a writer of many lines waits for it now and then. */
  readonly ready: () => Promise<void>
  /** Resolves when every line so far is on the disk. */
  readonly written: () => Promise<void>
  /** Writes what is left and closes the file. */
  readonly close: () => Promise<void>
}

/** Bytes in the queue from which `ready` waits. */
const highWater = 4 * 2 ** 20
/** Bytes that go to the disk in one write. */
const chunk = 2 ** 20

/** Opens a new record. A crash loses nothing that was queued: what is left goes to the disk while the process ends. */
export function openRecord(path: string, options: { masking?: Masking } = {}): RecordWriter {
  mkdirSync(dirname(path), { recursive: true })
  const file = openNew(path)
  const { line: mask } = options.masking ?? createMasking()
  const shown = new Map<string, number>()
  let queue: Buffer[] = []
  let waiting = 0
  /** Where the next byte goes: writing at a place, and not at the end, makes it harmless to write a chunk twice. */
  let place = 0
  let busy: { readonly bytes: Buffer; readonly at: number } | undefined
  let failure: HarnessError | undefined
  let closed = false
  let waiters: { readonly below: number; readonly go: () => void; readonly stop: (error: Error) => void }[] = []

  const settle = (): void => {
    const left = waiting + (busy?.bytes.length ?? 0)
    const done = waiters.filter(({ below }) => failure || left < below)
    waiters = waiters.filter(({ below }) => !failure && left >= below)
    for (const { go, stop } of done) failure ? stop(failure) : go()
  }
  const next = (): Buffer => {
    let size = 0
    let count = 0
    while (count < queue.length && (count === 0 || size + (queue[count] as Buffer).length <= chunk)) {
      size += (queue[count] as Buffer).length
      count++
    }
    waiting -= size
    return Buffer.concat(queue.splice(0, count))
  }
  const put = (bytes: Buffer, at: number): void => {
    write(file, bytes, 0, bytes.length, at, (error, count) => {
      if (closed) return
      if (error) {
        failure = new HarnessError('file-trouble', `cannot write ${path}: ${error.message}`, {
          remedy: 'make room on the disk, or choose another folder with --out',
          cause: error,
        })
        busy = undefined
        return settle()
      }
      if (count < bytes.length) return put(bytes.subarray(count), at + count)
      busy = undefined
      pump()
      settle()
    })
  }
  const pump = (): void => {
    if (busy || failure || closed || queue.length === 0) return
    busy = { bytes: next(), at: place }
    place += busy.bytes.length
    put(busy.bytes, busy.at)
  }
  const onExit = (): void => {
    if (closed || failure) return
    closed = true
    const { bytes, at } = busy ?? { bytes: Buffer.alloc(0), at: place }
    const rest = Buffer.concat([bytes, ...queue])
    for (let done = 0; done < rest.length; ) done += writeSync(file, rest, done, rest.length - done, at + done)
    closeSync(file)
  }
  process.once('exit', onExit)

  const below = (bytes: number): Promise<void> => {
    if (failure) return Promise.reject(failure)
    if (waiting + (busy?.bytes.length ?? 0) < bytes) return Promise.resolve()
    return new Promise((go, stop) => waiters.push({ below: bytes, go, stop }))
  }

  return {
    write: (line) => {
      if (closed) throw new HarnessError('internal', `the record ${path} is closed`)
      const masked = mask(line)
      const bytes = Buffer.from(`${JSON.stringify(withoutKnownChains(masked, shown))}\n`)
      queue.push(bytes)
      waiting += bytes.length
      // One write for all lines of the same turn.
      if (queue.length === 1) setImmediate(pump)
      return masked
    },
    adopt: async (part) => {
      shown.clear()
      for await (const bytes of createReadStream(part, { highWaterMark: chunk })) {
        queue.push(bytes as Buffer)
        waiting += (bytes as Buffer).length
        pump()
        await below(highWater)
      }
      await rm(part)
    },
    ready: () => below(highWater),
    written: () => below(1),
    close: async () => {
      if (closed) return
      pump()
      try {
        await below(1)
      } finally {
        closed = true
        queue = []
        process.removeListener('exit', onExit)
        closeSync(file)
      }
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
