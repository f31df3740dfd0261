/** How the report is read, in a browser: from what is not met to its proof and back again, with letters of the reader's own size. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRecord } from '../../record.ts'
import { renderAll } from '../../render.ts'
import { sampleCatalogue } from '../../sample-data.ts'
import type { PlannedScenario } from '../../sample-props.ts'
import { sampleLines } from '../../sample-run.ts'
import { type Browser, openBrowser, program } from './browser.ts'

const observation = (n: number): string =>
  JSON.stringify({
    resourceType: 'Observation',
    id: `weight-${n}`,
    note: Array.from({ length: 30 }, (_, at) => ({ text: `note ${at}` })),
    valueQuantity: { value: 70 + n, unit: 'kg' },
  })
const long = `Observation/${'a-very-long-id-'.repeat(12)}`

/** An export that passes many times, and once has three values that are not right. */
const exported = (wrong: boolean): PlannedScenario => ({
  feature: 'Export',
  uri: 'features/export.feature',
  name: wrong ? 'A file that rounds its values' : 'A file',
  steps: [
    {
      keyword: 'When',
      text: 'the requesting payer fetches the file',
      says: [
        {
          move: 'export-file',
          url: 'https://old-plan.example:8443/fhir/export/7/Observation.ndjson',
          answer: {
            status: 200,
            headers: [['Content-Type', 'application/fhir+ndjson']],
            body: Array.from({ length: 80 }, (_, n) => observation(n)).join('\n'),
          },
        },
      ],
    },
    {
      keyword: 'Then',
      text: 'the values are as the payer holds them',
      finds: [
        {
          requirement: 'PDEX-115',
          title: 'Values are not rounded',
          ...(wrong
            ? {
                unmet: {
                  code: 'unlike',
                  message: `${long} is rounded`,
                  expected: 76.4,
                  actual: 76,
                  expression: 'line 7: Observation.valueQuantity.value',
                },
              }
            : {}),
        },
        ...(wrong
          ? [
              {
                requirement: 'PDEX-114',
                title: 'Notes are kept',
                unmet: { code: 'unlike', message: 'a note is lost', expression: 'line 70.note[28].text' },
              },
            ]
          : []),
      ],
    },
  ],
})

describe.skipIf(!program)('a reader', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reading-'))
  const address = pathToFileURL(join(folder, 'report.html')).href
  const scenarios = 60
  const wrong = 45
  let browser: Browser
  let page: Page
  const open = async (place: string): Promise<void> => {
    await page.goto(`${address}?${place}#${place}`)
    await page.waitForSelector('body.ready')
  }

  beforeAll(async () => {
    const record = openRecord(join(folder, 'record.ndjson'))
    const planned = () => Array.from({ length: scenarios }, (_, n) => exported(n + 1 === wrong))
    for (const line of sampleLines({ scenarios, planned })) record.write(line)
    record.close()
    await renderAll(join(folder, 'record.ndjson'), folder, { requirements: sampleCatalogue, formats: ['html'] })
    browser = await openBrowser(join(folder, 'profile'))
    page = browser.page
    await page.setViewportSize({ width: 1280, height: 700 })
  })
  afterAll(async () => {
    await browser?.context.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('finds what is not met first, however many verdicts are met', async () => {
    await open('PDEX-115')
    await page.locator('#PDEX-115 li').nth(5).waitFor()
    expect(await page.locator('#PDEX-115 li').first().textContent()).toContain(`s${wrong}-x1`)
    expect(await page.locator('#PDEX-115 li .badge').first().textContent()).toBe('fail')
  })

  test('comes from a finding to the values that it is about, each marked and in view', async () => {
    await open('overview')
    const where = page.locator('.finding .where').first()
    expect(await where.textContent()).toMatch(/Seen in A file that rounds its values \(s45-x1 pdex 2\.\d\.0\)$/)
    await where.locator('a').click()
    const cited = page.locator('#s45-x1 .cited')
    await cited.first().waitFor()
    expect(await cited.first().textContent()).toMatch(
      /expected 76\.4, found 76, at line 7: Observation\.valueQuantity\.value$/,
    )
    const marked = page.locator('#s45-x1 .leaf.marked')
    expect(await marked.allTextContents()).toEqual(['"value": 76,', '"text": "note 28"'])
    expect(await page.locator('#s45-x1 .ndjson > li').count()).toBe(71)
    const inView = (): Promise<boolean> =>
      page.evaluate(() => {
        const value = document.querySelector('#s45-x1 .leaf.marked')
        const box = value?.closest('.json')?.getBoundingClientRect()
        const at = value?.getBoundingClientRect()
        return box !== undefined && at !== undefined && at.top >= box.top && at.bottom <= box.bottom
      })
    expect(await inView()).toBe(true)
  })

  test('is led from a requirement to its verdict, and sees what it was seen in', async () => {
    await open('scenarios')
    await page.locator('#scenarios input[type=search]').fill('pdex-115')
    const row = page.locator('#scenarios .row:not([hidden])').nth(2)
    await page.waitForFunction(() =>
      document.querySelector('#scenarios .row a')?.getAttribute('href')?.includes('PDEX'),
    )
    expect(await row.locator('a').getAttribute('href')).toBe('#s3-PDEX-115')
    await row.locator('a').click()
    const verdict = page.locator('#scenario .verdict.meant')
    await verdict.waitFor()
    expect(await verdict.count()).toBe(1)
    expect(await verdict.textContent()).toMatch(/^pass.*PDEX-115/)
    await page.waitForFunction(() => document.activeElement?.classList.contains('meant'))
    const marked = page.locator('#scenario .exchange.meant')
    expect(await marked.locator('summary').allTextContents()).toEqual([
      expect.stringMatching(/^x1.*, evidence of PDEX-115$/),
    ])
    // Who goes on to the evidence, or comes to the scenario for itself, sees what they came for.
    await verdict.locator('.evidence a').press('Enter')
    await page.waitForFunction(() => document.querySelector<HTMLDetailsElement>('.exchange.meant')?.open)
    await page.evaluate(() => {
      location.hash = 's3'
    })
    await page.waitForFunction(() => scrollY === 0 && !document.querySelector('.meant, .meant-for'))
    // The list of the requirement leads there, too, and to a finding where there is one.
    await open('PDEX-115')
    await page.locator('#PDEX-115 li').nth(5).waitFor()
    const links = page.locator('#PDEX-115 li a')
    expect(await links.nth(0).getAttribute('href')).toBe(`#s${wrong}-x1`)
    expect(await links.nth(1).getAttribute('href')).toMatch(/^#s\d+-PDEX-115$/)
    // Words that are no id lead to the scenario.
    await open('scenarios')
    await page.locator('#scenarios input[type=search]').fill('pdex-11')
    await page.waitForFunction(() => location.hash.endsWith('pdex-11'))
    expect(await row.locator('a').getAttribute('href')).toBe('#s3')
  })

  test('goes back to where the link stood', async () => {
    for (const place of ['scenarios', 'overview']) {
      await open(place)
      const link = page.locator(place === 'scenarios' ? '#scenarios .row a' : '.tally a, .sums a').last()
      await link.scrollIntoViewIfNeeded()
      const height = await page.evaluate(() => scrollY)
      expect(height).toBeGreaterThan(100)
      const href = await link.getAttribute('href')
      await link.click()
      await page.waitForFunction((to) => location.hash === to && scrollY === 0, href)
      await page.goBack()
      await page.waitForFunction((to) => document.activeElement?.getAttribute('href') === to, href)
      expect(Math.abs((await page.evaluate(() => scrollY)) - height), place).toBeLessThan(3)
      // Who comes by a link, and not back, begins at the beginning.
      await page.locator(`nav a[href="#${place === 'overview' ? 'scenarios' : 'overview'}"]`).click()
      await page.waitForFunction(() => scrollY === 0)
    }
  })

  test('loses nothing at the edge of a small phone', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    for (const place of ['overview', 'requirements', `s${wrong}`]) {
      await open(place)
      await page.evaluate(() => {
        for (const one of document.querySelectorAll<HTMLDetailsElement>('.view:not([hidden]) details')) one.open = true
      })
      const lost = await page.evaluate(() =>
        [...document.querySelectorAll('main *')]
          .filter((one) => !one.closest('[hidden], .scroll, .diagram, .ndjson, .json, pre'))
          .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
          .map((one) => one.outerHTML.slice(0, 90)),
      )
      expect(lost, place).toEqual([])
    }
    await page.setViewportSize({ width: 1280, height: 700 })
  })

  test('who has letters twice as large has everything twice as large, and no line to scroll to its end', async () => {
    const chrome = await browser.context.newCDPSession(page)
    const letters = (standard: number) => chrome.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } })
    const sizes = async (): Promise<number[]> => {
      await open('requirements')
      const kept = await page.evaluate(() => [
        ...['body', '.badge', '.level', 'nav a'].map((one) =>
          Number.parseFloat(getComputedStyle(document.querySelector(one) as Element).fontSize),
        ),
        (document.querySelector('#requirements .req:not([hidden]) > summary .icon') as Element).getBoundingClientRect()
          .width,
      ])
      await open(`s${wrong}`)
      await page.waitForSelector('svg.sequence text.actor')
      return [
        ...kept,
        await page.evaluate(
          () => (document.querySelector('svg.sequence rect') as Element).getBoundingClientRect().height,
        ),
      ]
    }
    const usual = await sizes()
    await letters(32)
    const ratios = (await sizes()).map((size, n) => size / (usual[n] as number))
    // A narrow layout has smaller links on top, as on a phone.
    for (const ratio of ratios) expect(ratio).toBeGreaterThan(1.85)
    for (const place of ['overview', 'requirements', 'scenarios', `s${wrong}-x1`]) {
      await open(place)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(1280)
    }
    await letters(16)
  })

  test('meets no trouble', () => {
    expect([...browser.asked, ...browser.troubles]).toEqual([])
  })
})
