/** Where `validate` reads and writes: the sources that are named, the report, the line that tells how far it is. */
import { HarnessError } from '../../harness/errors.ts'
import type { Totals } from '../../profiles/input/report.ts'
import { type Source, sourcesAt } from '../../profiles/input/sources.ts'
import type { Output } from '../../profiles/output/output.ts'
import { coloured } from '../terminal.ts'
import type { ValidateOptions } from './options.ts'

/** All sources; a folder without one is an error, for silence must not pass. */
export function sourcesOf(paths: readonly string[]): Source[] {
  const sources = paths.flatMap((path): Source[] =>
    path === '-' ? [{ path: undefined, name: 'standard input', kind: 'json', size: 0, named: true }] : sourcesAt(path),
  )
  if (sources.length === 0)
    throw new HarnessError('bad-input', `no resource is to be found in ${paths.join(', ')}`, {
      remedy: 'a folder is searched for *.json, *.ndjson, *.jsonl, *.ndjson.gz and *.xml',
    })
  return sources
}

/** The format that was asked for. */
export async function outputOf(options: ValidateOptions): Promise<Output> {
  if (options.format === 'json') return (await import('../../profiles/output/json.ts')).jsonOutput()
  if (options.format === 'junit') return (await import('../../profiles/output/junit.ts')).junitOutput()
  if (options.format === 'operationoutcome')
    return (await import('../../profiles/output/operation-outcome.ts')).operationOutcomeOutput()
  const [{ textOutput }, { default: colours }] = await Promise.all([
    import('../../profiles/output/text.ts'),
    import('picocolors'),
  ])
  return textOutput(colours.createColors(coloured(process.stdout)), options.verbose)
}

let watched = false

/** Writes to standard output and waits where the reader is slower than we are. A reader that went away ends the work quietly. */
export async function write(text: string): Promise<void> {
  if (!watched) {
    watched = true
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit()
    })
  }
  if (text === '' || process.stdout.write(text)) return
  await new Promise<void>((resolve) => process.stdout.once('drain', resolve))
}

/** A line on standard error that tells how far it is, where a person watches and the work is long. */
export function progressFor(size: number): { show(totals: Totals): void; end(): void } {
  if (process.stderr.isTTY !== true) return { show: () => undefined, end: () => undefined }
  const started = performance.now()
  let last = started
  let shown = false
  return {
    show({ bytes, resources, refused }) {
      const now = performance.now()
      if (now - started < 1000 || now - last < 200) return
      last = now
      shown = true
      const share = size > 0 ? `${Math.min(100, Math.floor((bytes / size) * 100))} %, ` : ''
      const rate = Math.round(resources / ((now - started) / 1000))
      process.stderr.write(`\r\x1b[K${share}${resources} resources, ${refused} refused, ${rate} a second`)
    },
    end() {
      if (shown) process.stderr.write('\r\x1b[K')
    },
  }
}
