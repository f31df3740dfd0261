/** Wrong usage of each verb: exit code 2, a sentence that says what is wrong, no stack, and nothing left behind. */
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { main } from './main.ts'

const folder = mkdtempSync(join(tmpdir(), 'vitruvian-usage-'))
const out = ['--out', join(folder, 'out')]
const uri = ['--uri', 'https://plan.example']

const usages: readonly (readonly [readonly string[], RegExp])[] = [
  [['nonsense'], /unknown command/],
  [['run', 'more', 'words'], /too many arguments/],
  [['run', '--tags', '@PDEX-109 and', ...out], /tags .* cannot be read/],
  [['run', '--name', 'nobody calls a scenario so', ...out], /no scenario fits/],
  [['run', '--edition', 'pdex@9.9.9'], /no edition 9\.9\.9/],
  [['run', '--plan', join(folder, 'none.yaml')], /cannot be read/],
  [['run', '--fault', 'nobody-is-so-wrong'], /there is no fault/],
  [['run', '--variant', 'nobody-chooses-so'], /there is no variant/],
  [['report', join(folder, 'none')], /there is nothing at/],
  [['report', folder], /no run has left a record/],
  [['prove', '--fault', 'nobody-is-so-wrong', ...out], /no fault or variant/],
  [['prove', '--requirement', 'PDEX-9999', ...out], /the ledger has no/],
  [['prove', '--shard', '4/3', ...out], /--shard wants/],
  [['prove', '--jobs', 'many', ...out], /--jobs wants/],
  [['prove', '--changed', ...out], /no proof is remembered/],
  [['requirements', 'show'], /missing required argument/],
  [['requirements', 'show', 'PDEX-9999'], /the nearest are/],
  [['requirements', 'diff', 'pdex@2.1.0', 'pdex@7'], /no edition 7/],
  [['requirements', 'matrix', '--format', 'docx'], /no format "docx"/],
  [['simulate', '--port', '99999'], /is no port/],
  [['simulate', '--address', 'no host is called so'], /ENOTFOUND|EINVAL|no host/],
  [['certs', 'issue', '--name', 'X'], /required option/],
  [['certs', 'issue', '--name', 'X', '--uri', 'no uri', ...out], /is no URI/],
  [['certs', 'issue', '--name', 'X', ...uri, '--ip', '999.1.1.1', ...out], /is no IP address/],
  [['certs', 'issue', '--name', 'X', ...uri, '--dns', 'no host', ...out], /is no name of a host/],
  [['certs', 'issue', '--name', 'X', ...uri, '--key', 'dsa', ...out], /no kind of key/],
  [['doctor'], /required option/],
  [['doctor', '--plan', join(folder, 'none.yaml')], /cannot be read/],
]

test.each(usages)(
  '%j',
  async (words, says) => {
    let told = ''
    const listen = (text: unknown): boolean => {
      told += String(text)
      return true
    }
    const spies = [
      vi.spyOn(process.stderr, 'write').mockImplementation(listen),
      vi.spyOn(process.stdout, 'write').mockReturnValue(true),
    ]
    try {
      expect(await main(['node', 'vitruvian', ...words])).toBe(2)
    } finally {
      for (const spy of spies) spy.mockRestore()
    }
    expect(told).toMatch(says)
    expect(told).not.toMatch(/^\s+at .+:\d+:\d+/m)
  },
  30_000,
)

test('nothing is left behind', () => {
  const left = readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)))
  expect(left).toEqual([])
})
