/** What the command costs as a user starts it: from process start to the first verdict, and memory over a long stream. */
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { median } from '../note.ts'

const command = join(import.meta.dirname, '../../cli/vitruvian.mjs')

/** Runs inside of the command's process: samples its memory, and writes at the end what it took. */
const observer = `
import { writeFileSync } from 'node:fs'
const sizes = []
setInterval(() => sizes.push(process.memoryUsage.rss()), 200).unref()
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  writeFileSync(process.env.VITRUVIAN_OBSERVED, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, peak: maxRSS * 1024, sizes }))
})
`

interface Observed {
  /** Milliseconds by the clock, and of CPU time. */
  readonly wall: number
  readonly cpu: number
  /** Bytes: the most that there was, and samples on the way. */
  readonly peak: number
  readonly sizes: readonly number[]
}

export interface Bench {
  /** Medians of so many starts with one small resource, beside those of Node alone. The first, which fills the cache, does not count. */
  start(resource: unknown, times: number): Promise<Start>
  /** Over an NDJSON file with these resources again and again, until it has so many bytes. */
  stream(resources: readonly unknown[], bytes: number, threads: number | undefined): Promise<StreamResult>
  end(): void
}
export interface Start {
  /** Milliseconds by the clock, and of CPU time. */
  readonly wall: number
  readonly cpu: number
  /** Milliseconds by the clock in which Node alone starts and ends, at the same time on the same machine. */
  readonly node: number
}
export interface StreamResult {
  readonly megabytesPerSecond: number
  readonly cpuSeconds: number
  readonly peak: number
  /** The most memory of the last quarter of the time, as a multiple of that of the quarter before the middle. */
  readonly growth: number
}

/** A folder for the inputs, and what is measured with them. */
export function benchOfProcesses(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'vitruvian-validator-'))
  const observerFile = join(folder, 'observer.mjs')
  writeFileSync(observerFile, observer)
  return {
    async start(resource, times) {
      const file = join(folder, 'one.json')
      writeFileSync(file, JSON.stringify(resource))
      const walls: number[] = []
      const cpus: number[] = []
      const nodes: number[] = []
      await timed([command, 'validate', file])
      for (let run = 0; run < times; run++) {
        walls.push(await timed([command, 'validate', file]))
        nodes.push(await timed(['-e', '0']))
        cpus.push((await observed(folder, observerFile, [file])).cpu)
      }
      return { wall: median(walls), cpu: median(cpus), node: median(nodes) }
    },
    async stream(resources, bytes, threads) {
      const file = join(folder, 'stream.ndjson')
      const size = writeStream(file, resources, bytes)
      const { wall, cpu, peak, sizes } = await observed(folder, observerFile, [
        file,
        ...(threads === undefined ? [] : ['--threads', String(threads)]),
      ])
      const most = (from: number, to: number): number =>
        Math.max(...sizes.slice(Math.floor(sizes.length * from), Math.ceil(sizes.length * to)))
      return {
        megabytesPerSecond: size / wall / 1000,
        cpuSeconds: cpu / 1000,
        peak,
        growth: most(0.75, 1) / most(0.25, 0.5),
      }
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function writeStream(file: string, resources: readonly unknown[], bytes: number): number {
  const text = Buffer.from(resources.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const handle = openSync(file, 'w')
  let size = 0
  do size += writeSync(handle, text)
  while (size < bytes)
  closeSync(handle)
  return size
}

/** Milliseconds by the clock of one process; throws where it could not do what it was to do. */
async function timed(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: 'ignore', env: { ...process.env, ...environment } })
  const code = await new Promise<number | null>((resolve, reject) => child.on('exit', resolve).on('error', reject))
  if (code === null || code > 1) throw new Error(`node ${args.join(' ')} ended with ${code}`)
  return performance.now() - started
}

/** One run of `validate` that tells what it took. */
async function observed(folder: string, observerFile: string, options: readonly string[]): Promise<Observed> {
  const result = join(folder, 'observed.json')
  const args = ['--import', pathToFileURL(observerFile).href, command, 'validate', ...options]
  const wall = await timed(args, { VITRUVIAN_OBSERVED: result })
  return { wall, ...(JSON.parse(readFileSync(result, 'utf8')) as Omit<Observed, 'wall'>) }
}
