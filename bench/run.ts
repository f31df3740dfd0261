/** `npm run bench`: the numbers that the product promises, each measured in one run beside what it is to be compared with. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureMatching } from './matching.ts'
import type { Note } from './note.ts'
import { measureStreaming } from './streaming.ts'

const home = fileURLToPath(new URL('..', import.meta.url))
const resources = 100_000
const members = 20_000

const lines: { readonly kept: boolean }[] = []
const note: Note = (what, measured, promised, kept) => {
  lines.push({ kept })
  process.stdout.write(
    `${kept ? 'kept  ' : 'BROKEN'} ${what.padEnd(58)} ${measured.padStart(38)}   promised ${promised}\n`,
  )
}

process.stdout.write(
  `${cpus().length} x ${cpus()[0]?.model ?? 'cpu'}, ${Math.round(totalmem() / 2 ** 30)} GiB, node ${process.version}, ${process.platform} ${process.arch}\n\n`,
)

const certs = mkdtempSync(join(tmpdir(), 'vitruvian-bench-'))
// `npm run bench -- match` measures that alone; run, match, stream.
const only = process.argv[2]
try {
  if (!only || only === 'run') await measureRun()
  if (!only || only === 'match') await measureMatching(note, certs, members)
  if (!only || only === 'stream') await measureStreaming(note, certs, resources)
} finally {
  rmSync(certs, { recursive: true, force: true })
}
const broken = lines.filter(({ kept }) => !kept)
process.stdout.write(`\n${lines.length - broken.length} of ${lines.length} promises kept\n`)
process.exitCode = broken.length > 0 ? 1 : 0

/** The main job, as a user starts it. */
async function measureRun(): Promise<void> {
  const out = join(certs, 'out')
  const started = performance.now()
  let first = 0
  const child = spawn(process.execPath, [join(home, 'cli', 'vitruvian.mjs'), 'run', '--out', out], {
    cwd: certs,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // The run tells each scenario as it ends: the first line of a scenario is the first verdict that a user sees.
  child.stdout.on('data', (chunk: Buffer) => {
    if (first === 0 && /^\s*(?:[✓✔●!✗–-]|pass|warn|fail|skip|error)/m.test(chunk.toString()))
      first = performance.now() - started
  })
  const [code] = (await once(child, 'exit')) as [number]
  const total = performance.now() - started
  note('start to first verdict', `${(first / 1000).toFixed(2)} s`, 'at most 3 s', first > 0 && first <= 3000)
  note(
    'whole run of the scenarios, both editions, with reports',
    `${(total / 1000).toFixed(1)} s (exit ${code})`,
    'at most 20 s',
    total <= 20_000 && code === 0,
  )
}
