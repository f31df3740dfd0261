/** The program starts from one script with kept code, which is made again when a source changes and says the same. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, posix, win32 } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
let home = ''

beforeAll(() => {
  // Below node_modules, so that esbuild is found from there.
  const caches = join(root, 'node_modules', '.cache')
  mkdirSync(caches, { recursive: true })
  home = mkdtempSync(join(caches, 'sources-'))
  for (const name of ['sources.mjs', 'package.json']) copyFileSync(join(root, name), join(home, name))
  mkdirSync(join(home, 'cli'))
  writeFileSync(
    join(home, 'cli', 'entry.ts'),
    [
      "import { word } from './word.ts'",
      "const late = async (): Promise<string> => (await import('node:os')).EOL",
      // A letter that is no ASCII, in a string and in a regular expression.
      "const spelt = (text: string): string => text.replace(/[\\u00fc\u00e4-\u00e6]/gu, (found) => '<' + found + '>')",
      "export const say = async (): Promise<string> => spelt(word + ' \u00fc \u00e5') + (await late())",
    ].join('\n'),
  )
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const saying =
  "import('./sources.mjs').then(({ load }) => load('cli/entry.ts')).then(({ say }) => say()).then(console.log)"

function says(word?: string): string {
  if (word !== undefined) writeFileSync(join(home, 'cli', 'word.ts'), `export const word = '${word}'\n`)
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', saying], { cwd: home, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim()
}
const kept = (): string[] => readdirSync(join(home, 'node_modules', '.cache', 'vitruvian')).sort()

describe('the sources', () => {
  it('are kept as one script with its code, and made again when one changes', { timeout: 60_000 }, () => {
    expect(says('first')).toBe('first <ü> <å>')
    const before = kept()
    expect(before).toHaveLength(2)
    expect(says()).toBe('first <ü> <å>')
    expect(kept()).toEqual(before)
    expect(says('other')).toBe('other <ü> <å>')
    const after = kept()
    expect(after).toHaveLength(2)
    expect(after).not.toEqual(before)
    expect(says()).toBe('other <ü> <å>')
    // What somebody else left there, or half of ours, is made again as well.
    const script = join(home, 'node_modules', '.cache', 'vitruvian', after[0] ?? '')
    for (const left of ['//{"name":"x","sources":[]}', readFileSync(script, 'latin1').slice(0, 80)]) {
      writeFileSync(script, left)
      expect(says()).toBe('other <ü> <å>')
    }
  })

  it.each([
    [posix, '/home/x/', '/home/x/cli/main.ts', true],
    [posix, '/p/node_modules/vitruvian/', '/p/node_modules/vitruvian/..hidden/a.ts', true],
    [posix, '/home/x/', '/home/x/node_modules/zod/index.js', false],
    [posix, '/home/x/', '/home/xy/a.ts', false],
    [win32, 'c:\\Work\\x\\', 'C:\\Work\\x\\cli\\main.ts', true],
    [win32, 'C:\\Work\\x\\', 'C:\\work\\X\\node_modules\\zod\\index.js', false],
    [win32, 'C:\\x\\', 'D:\\x\\cli\\main.ts', false],
    [win32, '\\\\server\\share\\x\\', '\\\\server\\share\\x\\cli\\main.ts', true],
  ] as const)('are told from what others wrote (%#)', async (ways, folder, path, own) => {
    const { isOwn } = await import(new URL('../sources.mjs', import.meta.url).href)
    expect(isOwn(folder, path, ways)).toBe(own)
  })

  it('of every verb can be made one script', { timeout: 120_000 }, () => {
    const entries = ['cli/main.ts', 'cli/main-validate.ts', 'profiles/validate.ts', 'bench/payer-process.ts']
    const loading = `import('./sources.mjs').then(async ({ load }) => {
      for (const entry of ${JSON.stringify(entries)}) console.log(entry, Object.keys(await load(entry)).length > 0)
    })`
    const env = { ...process.env, VITRUVIAN_SOURCES: 'script' }
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', loading], { cwd: root, encoding: 'utf8', env })
    expect(stderr).toBe('')
    expect(stdout).toBe(entries.map((entry) => `${entry} true\n`).join(''))
  })
})
