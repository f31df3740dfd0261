import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openRecord } from '../reports/record.ts'
import { sampleLines } from '../reports/sample-run.ts'
import { reportCommand } from './report.ts'

let home = ''
let said = ''
let code = -1
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'report-'))
  said = ''
  code = -1
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  const record = openRecord(join(home, 'runs', 'one', 'record.ndjson'))
  for (const line of sampleLines({ scenarios: 18 })) record.write(line)
  record.close()
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(home, { recursive: true, force: true })
})
const report = (...args: string[]): Promise<unknown> =>
  reportCommand((result) => {
    code = result
  })
    .exitOverride()
    .parseAsync(args, { from: 'user' })

test('renders the newest run beside its record', async () => {
  await report('--from', join(home, 'runs'))
  expect(code).toBe(0)
  for (const file of ['report.html', 'junit.xml', 'allure-results', 'summary.json', 'requirements.csv'])
    expect(existsSync(join(home, 'runs', 'one', file)), file).toBe(true)
  expect(said).toContain('By flow')
  expect(said).toContain('report.html')
})

test('renders what is asked for, where it is asked for', async () => {
  await report(join(home, 'runs', 'one'), '--format', 'junit,json', '--out', join(home, 'there'), '--json')
  expect(existsSync(join(home, 'there', 'junit.xml'))).toBe(true)
  expect(existsSync(join(home, 'there', 'report.html'))).toBe(false)
  const answer = JSON.parse(said) as { totals: object; files: object[] }
  expect(answer.files).toEqual([
    { format: 'junit', path: 'junit.xml' },
    { format: 'json', path: 'summary.json' },
  ])
  const summary = JSON.parse(readFileSync(join(home, 'there', 'summary.json'), 'utf8')) as { totals: object }
  expect(answer.totals).toEqual(summary.totals)
})

test('the console alone writes no file', async () => {
  await report(join(home, 'runs', 'one'), '--format', 'console')
  expect(said).toContain('In all')
  expect(existsSync(join(home, 'runs', 'one', 'report.html'))).toBe(false)
})

test('a damaged record and an unknown format are said plainly', async () => {
  const bad = join(home, 'bad.ndjson')
  writeFileSync(bad, `${JSON.stringify(sampleLines()[0])}\noops\n`)
  await expect(report(bad)).rejects.toThrow(/line 2 of .*bad\.ndjson is no JSON/)
  await expect(report(join(home, 'runs'), '--format', 'pdf')).rejects.toThrow(/no format "pdf"/)
  await expect(report(join(home, 'nowhere'))).rejects.toThrow(/nothing at/)
})
