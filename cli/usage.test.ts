/** Wrong usage of each verb: exit code 2, a sentence that says what is wrong, no stack, and nothing left behind. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { main } from './main.ts'

const folder = mkdtempSync(join(tmpdir(), 'vitruvian-usage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const out = ['--out', join(folder, 'out')]
const uri = ['--uri', 'https://plan.example']
const tagged = join(folder, 'tagged.yaml')
writeFileSync(
  tagged,
  `tags: '@NOBODY-1'
seats:
  responding payer:
    name: Old Mill Health
    identifier: { system: a, value: b }
    fhir: https://payer.example/fhir
community: { folder: ${JSON.stringify(join(folder, 'certs'))} }
`,
)

const usages: readonly (readonly [readonly string[], RegExp])[] = [
  [['nonsense'], /unknown command/],
  [['run', 'more', 'words'], /too many arguments/],
  [['run', '--tags', '@PDEX-109 and', ...out], /tags .* cannot be read/],
  [['run', '--name', 'nobody calls a scenario so', ...out], /no scenario is named "nobody calls a scenario so"/],
  [['run', '--name', '(nobody', ...out], /no scenario is named "\(nobody"/],
  [['run', '--tags', 'PDEX-109', ...out], /no scenario has the tags "PDEX-109"[\s\S]*with "@", in capitals/],
  [['run', '--plan', tagged, ...out], /no scenario has the tags "@NOBODY-1"/],
  [['run', '--edition', 'pdex@9'], /no edition 9 here/],
  [['run', '--edition', 'pdex'], /"pdex" names no edition[\s\S]*pdex@2\.1\.0, pdex@2\.2\.0/],
  [['run', '--edition', 'pdex@2.1.0,pdex@2.2.0'], /names pdex twice/],
  [['run', '--edition', 'pdex@9.9.9'], /no edition 9\.9\.9/],
  [['run', '--plan', join(folder, 'none.yaml')], /cannot be read/],
  [['run', '--fault', 'nobody-is-so-wrong'], /there is no fault[\s\S]*the nearest are/],
  [['run', '--variant', 'nobody-chooses-so'], /there is no variant[\s\S]*the nearest are/],
  [['report', join(folder, 'none')], /there is nothing at/],
  [['report', folder], /no run has left a record/],
  [['prove', '--fault', 'nobody-is-so-wrong', ...out], /no fault or variant[\s\S]*the nearest are/],
  [['prove', '--requirement', 'PDEX-9999', ...out], /no guide has a statement PDEX-9999[\s\S]*the nearest are/],
  [['prove', '--shard', '4/3', ...out], /--shard wants/],
  [['prove', '--jobs', 'many', ...out], /--jobs wants/],
  [['prove', '--changed', ...out], /no proof is remembered/],
  [['requirements', 'show'], /missing required argument/],
  [['requirements', 'show', 'PDEX-9999'], /the nearest are/],
  [['requirements', 'diff', 'pdex@2.1.0', 'pdex@7'], /no edition 7/],
  [['requirements', 'matrix', '--format', 'docx'], /no format "docx"/],
  [['simulate', '--port', '99999'], /is no port/],
  [['simulate', '--port', ''], /is no port/],
  [['simulate', '--address', 'no host is called so'], /is no address of this machine/],
  [['simulate', '--address', '0.0.0.0'], /is every address of this machine/],
  [['requirements', 'PDEX-109'], /requirements has no verb "PDEX-109"[\s\S]*show <id>/],
  [['certs', 'isue'], /certs has no verb "isue"[\s\S]*show, issue/],
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
  for (const kept of [tagged, join(folder, 'certs')]) rmSync(kept, { recursive: true })
  const left = readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)))
  expect(left).toEqual([])
})
