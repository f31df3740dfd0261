/** What answers at once answers the same: kept code is used, and is made again when a source changes. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
let home = ''

beforeAll(() => {
  // Below node_modules, so that esbuild is found from there.
  const caches = join(root, 'node_modules', '.cache')
  mkdirSync(caches, { recursive: true })
  home = mkdtempSync(join(caches, 'quick-'))
  for (const name of ['quick.mjs', 'sources.mjs', 'package.json']) copyFileSync(join(root, name), join(home, name))
  mkdirSync(join(home, 'cli'))
  writeFileSync(
    join(home, 'cli', 'entry.ts'),
    [
      "import { word } from './word.ts'",
      "const late = async (): Promise<string> => (await import('node:os')).EOL",
      "export const say = async (): Promise<string> => word + ' \\u00fc' + (await late())",
    ].join('\n'),
  )
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const saying =
  "import('./quick.mjs').then(({ loadQuick }) => loadQuick('cli/entry.ts')).then(({ say }) => say()).then(console.log)"

function says(word?: string): string {
  if (word !== undefined) writeFileSync(join(home, 'cli', 'word.ts'), `export const word = '${word}'\n`)
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', saying], { cwd: home, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim()
}
const kept = (): string[] => readdirSync(join(home, 'node_modules', '.cache', 'vitruvian', 'quick')).sort()

describe('an entry that is to answer at once', () => {
  it('is kept with its code, and made again when a source changes', { timeout: 60_000 }, () => {
    expect(says('first')).toBe('first ü')
    const before = kept()
    expect(before).toHaveLength(2)
    expect(says()).toBe('first ü')
    expect(kept()).toEqual(before)
    expect(says('other')).toBe('other ü')
    const after = kept()
    expect(after).toHaveLength(2)
    expect(after).not.toEqual(before)
    expect(says()).toBe('other ü')
  })
})
