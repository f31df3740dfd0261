/** The matrix: every format has every row and the same sums, hostile text stays text, and the page works in a browser. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { sampleCatalogue } from '../sample-data.ts'
import { matrixHtml } from './html.ts'
import { countStates, type Matrix, type MatrixRow } from './rows.ts'
import { matrixCsv, matrixJson, matrixMarkdown } from './text.ts'

const hostile = '</script><script>alert(1)</script> | =1+1 "x"'
const none = { checks: [], scenarios: 0, faults: 0, variants: 0 }
const rows = sampleCatalogue.map((requirement, at): MatrixRow => {
  if (at === 0)
    return { ...none, requirement: { ...requirement, statement: hostile }, state: 'untested', because: hostile }
  if (at === 1) return { ...none, requirement, state: 'attested', because: 'Only a person can show it.' }
  const judged = { checks: ['It holds'], scenarios: 2, faults: 1, variants: 1 }
  return { ...judged, requirement, state: 'judged', verdict: { code: at === 2 ? 'fail' : 'pass', scenarios: 2 } }
})
const keys = [...new Set(rows.map(({ requirement }) => requirement.guide))]
const matrix: Matrix = {
  version: '0.0.0',
  guides: keys.map((key) => ({ key, title: `Guide ${key}`, versions: ['1.0.0', '2.0.0'] })),
  rows,
  run: { id: 'run-1', startedAt: '2026-03-02T15:00:00.000Z' },
}

it('has every row and the same sums in every format', async () => {
  const json = JSON.parse(matrixJson(matrix)) as {
    counts: { all: number; byState: Record<string, number> }
    requirements: { id: string; state: string }[]
  }
  const counts = countStates(rows)
  expect(json.counts).toMatchObject({ all: rows.length, byState: counts })
  expect(json.requirements.map(({ id }) => id)).toEqual(rows.map(({ requirement }) => requirement.id))
  expect(matrixCsv(matrix).trim().split('\r\n')).toHaveLength(rows.length + 1)
  const markdown = matrixMarkdown(matrix)
  const html = await matrixHtml(matrix)
  for (const { requirement } of rows) {
    expect(markdown).toContain(`[${requirement.id}](`)
    expect(html).toContain(`id="${requirement.id}"`)
  }
  expect(markdown).toContain(`| **all** | ${counts.judged} | 1 | 0 | 1 | 0 | ${rows.length} |`)
})

it('takes hostile text for text', async () => {
  expect(await matrixHtml(matrix)).not.toContain('<script>alert')
  expect(matrixMarkdown(matrix)).toContain('\\| =1+1')
  expect(matrixCsv(matrix)).toContain('"</script><script>alert(1)</script> | =1+1 ""x"""')
})

const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

it.skipIf(!program)('filters, opens by address, fits a phone and asks nobody', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matrix-'))
  writeFileSync(join(folder, 'matrix.html'), await matrixHtml(matrix))
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: program as string,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    viewport: { width: 390, height: 844 },
  })
  try {
    const page = await context.newPage()
    const asked: string[] = []
    const troubles: string[] = []
    page.on('request', (request) => request.url().startsWith('file:') || asked.push(request.url()))
    page.on('pageerror', (error) => troubles.push(error.message))
    const address = pathToFileURL(join(folder, 'matrix.html')).href
    const shown = (): Promise<number> => page.locator('#matrix .row:not([hidden])').count()
    await page.goto(`${address}#matrix?state=untested`)
    await page.waitForSelector('body.ready')
    expect(await shown()).toBe(1)
    await page.goto('about:blank')
    await page.goto(`${address}#matrix?verdict=fail`)
    await page.waitForSelector('body.ready')
    expect(await shown()).toBe(1)
    const { id } = (rows[4] as MatrixRow).requirement
    await page.goto('about:blank')
    await page.goto(`${address}#${id}`)
    await page.waitForSelector('body.ready')
    expect(await shown()).toBe(rows.length)
    expect(await page.locator(`#${id}[open] .more`).isVisible()).toBe(true)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect({ asked, troubles }).toEqual({ asked: [], troubles: [] })
  } finally {
    await context.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
