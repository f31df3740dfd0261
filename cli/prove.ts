/** `prove`: shows that the checks can fail. Arguments, progress, what is printed, the exit code; proof/ does the work. */
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { defaults } from '../harness/config.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import type { Result } from '../proof/orders.ts'
import type { Proof, ProofOptions } from '../proof/prove.ts'
import { interruption } from './interruption.ts'
import { trouble } from './program.ts'
import { runFolder, runId } from './run-folder.ts'
import { coloured } from './terminal.ts'

interface Options {
  readonly fault?: readonly string[]
  readonly requirement?: readonly string[]
  readonly seed: string
  readonly jobs: string
  readonly shard?: string
  readonly changed?: boolean
  readonly since?: string
  readonly pairs: string
  readonly all?: boolean
  readonly out: string
  readonly json?: boolean
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export function proveCommand(ended: (code: number) => void): Command {
  return new Command('prove')
    .description('show that the checks can fail: spoil the simulated systems in one way after another')
    .option('--fault <id>', 'only this fault, client fault or variant (repeat for several)', collect)
    .option('--requirement <id>', 'only faults that break this requirement (repeat for several)', collect)
    .option('--all', 'play every scenario that reaches the faulty part, not only until the fault is caught')
    .option('--pairs <number>', 'try that many pairs of faults at once as well', '0')
    .option('--changed', 'only what was changed since the last whole proof touches')
    .option('--since <revision>', 'with --changed: what was changed since this revision of git')
    .option('--shard <i/n>', 'the i-th of n parts of the trials')
    .option(
      '--jobs <number>',
      'processes that play; as many as there are cores unless told',
      String(availableParallelism()),
    )
    .option('--seed <text>', 'seed of the population and of the pairs', defaults.seed)
    .option('--out <folder>', 'where proofs are kept', join('reports', 'out'))
    .option('--json', 'print the proof as JSON on standard output')
    .action(async (options: Options) => ended(await run(options)))
}

async function run(options: Options): Promise<number> {
  const [{ prove }, { holds }, { proofText, progress }, { home }] = await Promise.all([
    import('../proof/prove.ts'),
    import('../proof/matrix.ts'),
    import('../proof/text.ts'),
    import('../steps/play.ts'),
  ])
  const shard = options.shard === undefined ? undefined : parseShard(options.shard)
  const screen = progress(process.stderr, coloured(process.stderr))
  const wanted: ProofOptions = {
    certs: join('certs', 'issued'),
    seed: options.seed,
    jobs: count(options.jobs, '--jobs', 1),
    pairs: count(options.pairs, '--pairs', 0),
    all: options.all === true,
    out: resolve(options.out),
    ...(options.changed || options.since
      ? { changed: options.since ? { paths: changedInGit(options.since, home) } : {} }
      : {}),
    ...(options.fault ? { only: new Set(options.fault) } : {}),
    ...(options.requirement ? { requirements: options.requirement } : {}),
    ...(shard ? { shard } : {}),
    told: (result: Result, done: number, of: number) => screen.tell(result, done, of),
  }
  const folder = runFolder(options.out, `${runId(new Date())}-proof`)
  const { comes, forget } = interruption()
  const proof = await Promise.race([prove(wanted), comes]).catch((error: unknown) => {
    // What could not begin, or came to no end, leaves no empty folder behind.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    if (!isHarnessError(error, 'interrupted')) throw error
    process.stderr.write(`\n${trouble(error)}\n`)
    return process.exit(2)
  })
  forget()
  screen.end()
  await write(proof, folder)
  const place = (relative(process.cwd(), folder) || '.').replaceAll('\\', '/')
  process.stdout.write(
    options.json ? `${JSON.stringify(proof, null, 2)}\n` : proofText(proof, place, coloured(process.stdout)),
  )
  return holds(proof) ? 0 : 1
}

/** Beside the runs, in a folder of its own. */
async function write(proof: Proof, folder: string): Promise<void> {
  const [{ proofHtml }, { requirementsById }] = await Promise.all([
    import('../proof/page.ts'),
    import('../guides/catalogue.ts'),
  ])
  writeFileSync(join(folder, 'proof.json'), `${JSON.stringify(proof, null, 1)}\n`)
  writeFileSync(join(folder, 'proof.html'), await proofHtml(proof, requirementsById))
}

/** Paths that git knows to be otherwise than at that revision, new ones among them. Throws `bad-input`. */
function changedInGit(revision: string, home: string): string[] {
  const git = (...words: string[]): string[] => {
    const { status, stdout, stderr } = spawnSync('git', words, { cwd: home, encoding: 'utf8' })
    if (status !== 0)
      throw new HarnessError('bad-input', `git cannot tell what changed since ${revision}: ${stderr.trim()}`, {
        remedy: 'name a revision that git knows, or leave out --since',
      })
    return stdout.split('\n').filter(Boolean)
  }
  return [
    ...git('diff', '--name-only', '--relative', revision, '--'),
    ...git('ls-files', '--others', '--exclude-standard'),
  ]
}

function count(text: string, option: string, least: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least)
    throw new HarnessError('bad-input', `${option} wants a whole number of at least ${least}, not "${text}"`)
  return number
}

function parseShard(text: string): readonly [number, number] {
  const [i = 0, n = 0] = text.split('/').map(Number)
  if (!/^\d+\/\d+$/.test(text) || i < 1 || i > n)
    throw new HarnessError('bad-input', `--shard wants a part such as 1/3, not "${text}"`)
  return [i, n]
}
