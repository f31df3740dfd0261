/** All formats tell the same, and tell it again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { VerdictCode } from '../../harness/verdict.ts'
import { renderAll } from '../render.ts'
import { codes, type Tally } from '../run.ts'
import { sampleCatalogue } from '../sample-data.ts'
import { consoleSummary } from './console.ts'
import { renderer } from './sample-reports.ts'

const home = mkdtempSync(join(tmpdir(), 'formats-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const rendered = renderer(home)

describe('totals', () => {
  test('every format tells the same', async () => {
    const all = await rendered({ scenarios: 40 })
    const { folder, sums, run } = all
    const { scenarios, verdicts, requirements } = sums
    for (const code of codes) {
      expect(scenarios[code]).toBeGreaterThan(0)
      expect(verdicts[code]).toBeGreaterThan(0)
    }
    expect(run.scenarios.some(({ line }) => line.example)).toBe(true)
    expect(sums.byEdition).toHaveLength(2)
    expect(run.complete?.scenarios).toEqual(scenarios)
    expect(run.complete?.verdicts).toEqual(verdicts)

    const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as {
      totals: object
      scenarios: { code: VerdictCode; verdicts: Tally }[]
      requirements: { code: VerdictCode }[]
    }
    expect(summary.totals).toEqual({ scenarios, verdicts, requirements })
    expect(counted(summary.scenarios.map(({ code }) => code))).toEqual(scenarios)
    expect(added(summary.scenarios.map((one) => one.verdicts))).toEqual(verdicts)
    expect(counted(summary.requirements.map(({ code }) => code))).toEqual(requirements)

    const junit = readFileSync(join(folder, 'junit.xml'), 'utf8')
    const of = (pattern: RegExp): number => [...junit.matchAll(pattern)].length
    const property = (name: string): number =>
      [...junit.matchAll(new RegExp(`<property name="${name}" value="(\\d+)"/>`, 'g'))].reduce(
        (n, [, value]) => n + Number(value),
        0,
      )
    expect(of(/<testcase /g)).toBe(run.scenarios.length)
    expect(of(/<failure /g)).toBe(scenarios.fail)
    expect(of(/<error /g)).toBe(scenarios.error)
    expect(of(/<skipped /g)).toBe(scenarios.skip)
    expect(property('scenarios.warning')).toBe(scenarios.warning)
    for (const code of codes) expect(property(`verdicts.${code}`)).toBe(verdicts[code])
    expect(junit).toContain(
      `tests="${run.scenarios.length}" failures="${scenarios.fail}" errors="${scenarios.error}" skipped="${scenarios.skip}"`,
    )

    const results = readdirSync(join(folder, 'allure-results'))
      .filter((name) => name.endsWith('-result.json'))
      .map((name) => JSON.parse(readFileSync(join(folder, 'allure-results', name), 'utf8')) as AllureResult)
    const statuses = { passed: 0, failed: 0, broken: 0, skipped: 0 }
    for (const { status } of results) statuses[status]++
    expect(statuses).toEqual({
      passed: scenarios.pass + scenarios.warning,
      failed: scenarios.fail,
      broken: scenarios.error,
      skipped: scenarios.skip,
    })
    expect(
      counted(results.map(({ labels }) => labels.find(({ name }) => name === 'verdict')?.value as VerdictCode)),
    ).toEqual(scenarios)
    const given = results.flatMap(({ steps }) =>
      steps.flatMap((step) => step.steps.map(({ name }) => name.split(/\s+/)[1] as VerdictCode)),
    )
    expect(counted(given)).toEqual(verdicts)
    expect(new Set(results.map(({ historyId }) => historyId)).size).toBe(results.length)

    const [head = [], ...rows] = csv(readFileSync(join(folder, 'requirements.csv'), 'utf8'))
    const column = (name: string): string[] => rows.map((row) => row[head.indexOf(name)] ?? '')
    for (const code of codes) {
      expect(column(code).reduce((n, cell) => n + Number(cell), 0)).toBe(verdicts[code])
      expect(column('verdict').filter((cell) => cell === code)).toHaveLength(requirements[code])
    }

    const html = readFileSync(join(folder, 'report.html'), 'utf8')
    for (const [name, counts] of [
      ['Scenarios', scenarios],
      ['Requirements', requirements],
      ['Verdicts', verdicts],
    ] as const) {
      const card = html.split(`<div class="tally" role="group" aria-label="${name}">`)[1]?.split('</div>')[0] ?? ''
      for (const code of codes) expect(card).toContain(`<b>${counts[code]}</b> ${code}`)
    }
    for (const code of codes) {
      expect([...html.matchAll(new RegExp(`<li class="row"[^>]* data-verdict="${code}"`, 'g'))]).toHaveLength(
        scenarios[code],
      )
      expect([...html.matchAll(new RegExp(`<details class="row req"[^>]* data-verdict="${code}"`, 'g'))]).toHaveLength(
        requirements[code],
      )
    }

    const screen = consoleSummary(all)
    for (const [name, counts] of [
      ['Scenarios', scenarios],
      ['Requirements', requirements],
      ['Verdicts', verdicts],
    ] as const) {
      const row = screen.split('\n').find((line) => line.startsWith(name)) ?? ''
      expect(row.trim().split(/\s+/).slice(1)).toEqual(codes.map((code) => String(counts[code])))
    }
  })

  test.each([40, 60, 79])('a console of %d characters has no longer line, and the same sums', async (width) => {
    const all = await rendered({ scenarios: 20 }, { formats: [] })
    const { sums } = all
    const lines = consoleSummary(all, { width }).split('\n')
    for (const line of lines) if (/ .* /.test(line.trim())) expect(line.length, line).toBeLessThanOrEqual(width)
    const from = lines.findIndex((line) => line.startsWith('In all'))
    const told = lines.slice(from).join(' ')
    for (const code of codes)
      if (width < 69 && sums.verdicts[code] > 0)
        expect(told).toMatch(new RegExp(`Verdicts .* ${sums.verdicts[code]} ${code}`))
    // From 80 on as it always was, in a file as well.
    expect(consoleSummary(all, { width: 80 })).toBe(consoleSummary(all))
  })

  test('a warning passes in Allure and says what should be better', async () => {
    const { folder, run } = await rendered({ scenarios: 20 }, { formats: ['allure'] })
    const warned = run.scenarios.find(({ code }) => code === 'warning')
    const results = readdirSync(join(folder, 'allure-results')).filter((name) => name.endsWith('-result.json'))
    const result = results
      .map((name) => JSON.parse(readFileSync(join(folder, 'allure-results', name), 'utf8')) as AllureResult)
      .find(({ name }) => name === warned?.line.name)
    expect(result?.status).toBe('passed')
    expect(result?.statusDetails.message).toMatch(/^Should be better\. PDEX-063/)
    expect(result?.links.map(({ name, type }) => `${type} ${name}`)).toContain('requirement PDEX-063')
    expect(result?.steps[0]?.parameters).toEqual([
      { name: 'set up off the wire', value: 'the requesting payer is a member of the trust community' },
    ])
    expect(result?.labels).toContainEqual({ name: 'severity', value: 'critical' })
    expect(result?.labels).toContainEqual({ name: 'epic', value: 'PDex › Payer to payer' })
  })

  test('history ids are the same in another run, and transcripts are kept once', async () => {
    const ids = (folder: string): string[] =>
      readdirSync(join(folder, 'allure-results'))
        .filter((name) => name.endsWith('-result.json'))
        .map(
          (name) => (JSON.parse(readFileSync(join(folder, 'allure-results', name), 'utf8')) as AllureResult).historyId,
        )
        .sort()
    const one = await rendered({ scenarios: 30 }, { formats: ['allure'] })
    const two = await rendered({ scenarios: 30, seed: 'another' }, { formats: ['allure'] })
    expect(ids(one.folder)).toEqual(ids(two.folder))
    const pages = readdirSync(join(one.folder, 'allure-results')).filter((name) => name.endsWith('.html'))
    expect(pages.length).toBeLessThanOrEqual(30)
  })

  test('an incomplete record is rendered, and every report says that it is', async () => {
    const { folder, run } = await rendered({ cutShort: true })
    expect(run.incomplete).toBeTruthy()
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('This report is incomplete')
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('name="incomplete"')
    expect(readFileSync(join(folder, 'allure-results', 'environment.properties'), 'utf8')).toContain('Incomplete=')
    expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toHaveProperty('incomplete')
  })

  test('the same record gives the same reports', async () => {
    const one = await rendered({})
    const again = await renderAll(join(one.folder, 'record.ndjson'), join(one.folder, 'again'), {
      requirements: sampleCatalogue,
    })
    for (const { path } of again.files.filter(({ format }) => format !== 'allure'))
      expect(readFileSync(join(one.folder, 'again', path), 'utf8')).toBe(readFileSync(join(one.folder, path), 'utf8'))
  })

  test('an unknown format is named', async () => {
    await expect(rendered({}, { formats: ['pdf'] })).rejects.toThrow(/no format "pdf"/)
  })
})

interface AllureResult {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'broken' | 'skipped'
  readonly statusDetails: { readonly message?: string }
  readonly historyId: string
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly links: readonly { readonly name: string; readonly type: string }[]
  readonly steps: readonly {
    readonly parameters: readonly object[]
    readonly steps: readonly { readonly name: string }[]
  }[]
}

function counted(list: readonly VerdictCode[]): Tally {
  const counts = { pass: 0, warning: 0, fail: 0, skip: 0, error: 0 }
  for (const code of list) counts[code]++
  return counts
}
function added(list: readonly Tally[]): Tally {
  const counts = { pass: 0, warning: 0, fail: 0, skip: 0, error: 0 }
  for (const one of list) for (const code of codes) counts[code] += one[code]
  return counts
}
function csv(text: string): string[][] {
  return text
    .trim()
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
        .slice(0, -1)
        .map(([, cell]) => (cell ?? '').replace(/^"|"$/g, '').replaceAll('""', '"')),
    )
}
