/** What the last proof leaves for the next: the facts, which scenario caught what, and of which sources they are true. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError } from '../harness/errors.ts'
import type { Fact } from './facts.ts'
import type { Sources } from './imports.ts'
import type { Row } from './matrix.ts'

export interface Memory {
  readonly format: 1
  readonly seed: string
  /** Digest of each file. */
  readonly sources: Readonly<Record<string, string>>
  readonly facts: readonly Fact[]
  /** By trial: keys of the scenarios that caught it. */
  readonly killers: Readonly<Record<string, readonly string[]>>
  /** Trials that did not come out as wanted: they are tried again whatever was changed. */
  readonly open: readonly string[]
}

const file = (out: string): string => join(out, 'proof-memory.json')

const digest = (text: string): string => createHash('sha1').update(text).digest('base64url').slice(0, 12)

export const memoryOf = (
  seed: string,
  sources: Sources,
  facts: readonly Fact[],
  rows: readonly Row[],
  before?: Memory,
): Memory => ({
  format: 1,
  seed,
  sources: Object.fromEntries([...sources].map(([path, text]) => [path, digest(text)])),
  facts,
  killers: {
    ...before?.killers,
    ...Object.fromEntries(rows.map(({ id, caught }) => [id, [...new Set(caught.map(({ scenario }) => scenario))]])),
  },
  open: rows.filter(({ state }) => state === 'survived' || state === 'alarm').map(({ id }) => id),
})

export function keepMemory(out: string, memory: Memory): void {
  mkdirSync(out, { recursive: true })
  writeFileSync(file(out), JSON.stringify(memory))
}

/** Throws `bad-input` when no whole proof was made with this seed. */
export function readMemory(out: string, seed: string): Memory {
  const none = (why: string): HarnessError =>
    new HarnessError('bad-input', why, { remedy: 'make a whole proof first: npx vitruvian prove' })
  let memory: Memory
  try {
    memory = JSON.parse(readFileSync(file(out), 'utf8')) as Memory
  } catch {
    throw none('no proof is remembered that a change could be compared with')
  }
  if (memory.format !== 1 || memory.seed !== seed) throw none('the remembered proof is of another version or seed')
  return memory
}

/** Files that are not as they were at the last proof: changed, new or gone. */
export function changedSince({ sources: before }: Memory, sources: Sources): string[] {
  const changed = [...sources].filter(([path, text]) => before[path] !== digest(text)).map(([path]) => path)
  const gone = Object.keys(before).filter((path) => !sources.has(path))
  return [...changed, ...gone].toSorted()
}
