/** The report and the matrix in a browser: nothing is asked of anybody, hostile text stays text, and what a reader does works. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { matrixHtml } from '../../matrix/html.ts'
import { sampleMatrix } from '../../matrix/sample-matrix.ts'
import { openRecord } from '../../record.ts'
import { type Rendered, renderAll } from '../../render.ts'
import { sampleCatalogue } from '../../sample-data.ts'
import { sampleLines } from '../../sample-run.ts'
import { openBrowser, program } from './browser.ts'

describe.skipIf(!program)('in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'))
  let asked: readonly string[] = []
  let troubles: readonly string[] = []
  let context: BrowserContext
  let page: Page
  let result: Rendered
  const address = pathToFileURL(join(folder, 'report.html')).href
  let opened = 0
  /** The page anew, as from a link in a mail. */
  const open = async (place: string): Promise<void> => {
    await page.goto(`${address}?${++opened}#${place}`)
    await page.waitForSelector('body.ready')
  }
  /** Another place on the page that is there, as by one of its links: the rest stays as it was, and it takes a tenth of the time. */
  const go = async (place: string): Promise<void> => {
    if (page.url().endsWith(`#${place}`)) return
    await page.evaluate((to) => {
      document.querySelector('#scenario h1')?.classList.add('before')
      return new Promise((arrived) => {
        addEventListener('hashchange', arrived, { once: true })
        location.hash = to
      }).then(() => undefined)
    }, place)
    if (/^s\d/.test(place)) await page.waitForSelector('#scenario h1:not(.before)')
  }
  const shown = (view: string): Promise<number> => page.locator(`#${view} .row:not([hidden])`).count()

  beforeAll(async () => {
    const record = openRecord(join(folder, 'record.ndjson'))
    for (const line of sampleLines({ scenarios: 40 })) record.write(line)
    record.close()
    result = await renderAll(join(folder, 'record.ndjson'), folder, {
      requirements: sampleCatalogue,
      formats: ['html', 'junit'],
    })
    ;({ context, page, asked, troubles } = await openBrowser(join(folder, 'profile')))
  })
  afterAll(async () => {
    await context?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('every hostile word of every scenario is shown as text', async () => {
    await open('s13')
    for (const id of ['s13', 's18', 's36']) {
      if (id !== 's13') await go(id)
      await page.waitForSelector('#scenario h1')
      await page.getByRole('button', { name: 'Open all' }).click()
      await page.waitForSelector('#scenario .inside')
      for (const raw of await page.locator('#scenario button', { hasText: 'Raw' }).all()) await raw.click()
    }
    expect(await page.locator('#scenario h1').textContent()).toContain('</script><script>alert(1)</script>')
    expect(await page.evaluate(() => 'hacked' in window || 'hacked' in {})).toBe(false)
    expect(await page.locator('main img, main iframe, main object, main script').count()).toBe(0)
  })

  test('filters and search count what the sums count', async () => {
    const { scenarios, requirements } = result.sums
    await open('scenarios?verdict=fail')
    expect(await shown('scenarios')).toBe(scenarios.fail)
    await go('scenarios?verdict=fail&verdict=error')
    expect(await shown('scenarios')).toBe(scenarios.fail + scenarios.error)
    await go('requirements')
    expect(await shown('requirements')).toBe(result.sums.judged.length)
    await go('requirements?verdict=warning')
    expect(await shown('requirements')).toBe(requirements.warning)
    await go('scenarios')
    await page.fill('#scenarios input[type=search]', 'NOBODY fits')
    await page.waitForFunction(() => document.querySelectorAll('#scenarios .row:not([hidden])').length === 2)
    // Only a body has this word.
    await page.fill('#scenarios input[type=search]', 'Featherstone')
    await page.waitForFunction(() => document.querySelectorAll('#scenarios .row:not([hidden])').length > 2)
    expect(page.url()).toContain('q=Featherstone')
  })

  test('what was set up off the wire is told below its sentence, and not said twice', async () => {
    await open('s13')
    const sentences = await page.locator('#scenario .steps > li').allInnerTexts()
    expect(sentences[0]).toMatch(/trust community\s+Set up off the wire: the requesting payer is a member/)
    expect(sentences[1]).toMatch(/insures Ana Adams\s+Set up off the wire$/)
  })

  test('a deep link opens the exchange, with TLS, certificates and a command', async () => {
    await open('s6-x1')
    const exchange = page.locator('details#s6-x1')
    await exchange.locator('.inside').waitFor()
    expect(await exchange.getAttribute('open')).not.toBeNull()
    const text = (await exchange.textContent()) ?? ''
    for (const word of [
      'TLSv1.3',
      'TLS_AES_256_GCM_SHA384',
      'CN=new-plan.example',
      'curl --request POST',
      '$ACCESS_TOKEN_',
      'PDEX-115',
    ])
      expect(text).toContain(word)
    expect(await exchange.locator('.marked').count()).toBe(1)
  })

  test('the diagram leads to the transcript, and a refused connection is a broken arrow', async () => {
    await go('s7')
    await page.waitForSelector('svg.sequence')
    expect(await page.locator('svg.sequence a.is-broken').count()).toBe(1)
    await page.locator('svg.sequence a').last().click()
    await page.waitForSelector('details#s7-x2[open] .inside')
    expect(await page.locator('details#s7-x2').textContent()).toContain('alert certificate expired')
  })

  test('a requirement opens with its statement, its page and its verdicts', async () => {
    await open('PDEX-115')
    const row = page.locator('details#PDEX-115')
    await row.locator('li a').first().waitFor()
    expect(await row.getAttribute('open')).not.toBeNull()
    expect(await row.locator('.guide a').getAttribute('href')).toMatch(/^https:\/\/hl7\.org\//)
    expect(await row.locator('li').count()).toBe(2)
  })

  test('the keyboard reaches everything', async () => {
    await page.goto(`${address}?${++opened}`)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the report')
    await page.keyboard.press('/')
    await page.waitForFunction(() => document.activeElement?.getAttribute('type') === 'search')
    expect(await page.locator('main, header, nav, footer').count()).toBe(4)
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll('button, a[href], input, select')]
        .filter((e) => !(e.textContent?.trim() || e.getAttribute('aria-label') || e.closest('label')))
        .map((e) => e.outerHTML.slice(0, 80)),
    )
    expect(unnamed).toEqual([])
  })

  test('whoever follows a link with the keyboard goes on where it leads', async () => {
    const at = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '')
    const follow = async (link: string): Promise<void> => {
      await page.locator(link).first().focus()
      await page.keyboard.press('Enter')
    }
    const arrives = (id: string): Promise<unknown> =>
      page.waitForFunction((wanted) => document.activeElement?.id === wanted, id)
    await go('overview')
    await follow('nav a[href="#requirements"]')
    await arrives('requirements-title')
    expect(await page.title()).toMatch(/^Requirements · /)
    await follow('nav a[href="#overview"]')
    await arrives('overview-title')
    await follow('.tally a[href="#scenarios?verdict=fail"]')
    await arrives('scenarios-title')
    await follow('#scenarios .row:not([hidden]) a')
    await arrives('scenario-title')
    const here = page.url()
    await follow('.skip')
    expect([await at(), page.url()]).toEqual(['main', here])
    await page.keyboard.press('j')
    await page.waitForFunction((before) => location.href !== before, here)
    await arrives('scenario-title')
    await page.keyboard.press('/')
    await page.waitForFunction(() => document.activeElement?.matches('#scenarios input[type=search]'))
    await page.keyboard.type('jo/k')
    expect(await page.inputValue('#scenarios input[type=search]')).toBe('jo/k')
    expect(page.url()).toContain('#scenarios')
    await page.waitForFunction(() => /^0 of /.test(document.querySelector('#scenarios output')?.textContent ?? ''))
  })

  test('single keys can be switched off', async () => {
    await go('scenarios')
    await page.locator('#keys').focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('o')
    await page.keyboard.press('/')
    expect([page.url().split('#')[1], await page.evaluate(() => document.activeElement?.id)]).toEqual([
      'scenarios',
      'keys',
    ])
    await page.keyboard.press('Space')
    await page.keyboard.press('o')
    await page.waitForFunction(() => location.hash === '#overview')
  })

  test('every view has one heading of the first level, the others follow in order, and every control is named', async () => {
    for (const place of ['overview', 'PDEX-115', 'scenarios', 's6', 's999']) {
      await go(place)
      const all = page.getByRole('button', { name: 'Open all' })
      if (await all.count()) await all.click()
      const { levels, unnamed } = await page.evaluate(() => {
        const seen = (selector: string) =>
          [...document.querySelectorAll(selector)].filter((one) => one.closest('[hidden]') === null)
        return {
          levels: seen('h1, h2, h3, h4, h5').map((one) => Number(one.getAttribute('aria-level') ?? one.tagName[1])),
          unnamed: seen('main [tabindex="0"], main button, main summary')
            .filter((one) => !(one.getAttribute('aria-label') || (!one.matches('pre') && one.textContent?.trim())))
            .map((one) => one.outerHTML.slice(0, 80)),
        }
      })
      expect(
        levels.filter((level) => level === 1),
        place,
      ).toHaveLength(1)
      levels.forEach((level, n) => {
        expect(level, `${place}: ${levels}`).toBeLessThanOrEqual((levels[n - 1] ?? 0) + 1)
      })
      expect(unnamed, place).toEqual([])
    }
  })

  test('a small phone and wide letters lose nothing (WCAG 1.4.10, 1.4.12)', async () => {
    await page.setViewportSize({ width: 320, height: 640 })
    await open('requirements')
    for (const place of ['overview', 'requirements', 'scenarios', 's6', 's18']) {
      await go(place)
      if (/^s\d/.test(place)) await page.getByRole('button', { name: 'Open all' }).click()
      await page.evaluate(() => {
        for (const one of document.querySelectorAll<HTMLElement>('body *')) {
          one.style.setProperty('letter-spacing', '0.12em', 'important')
          one.style.setProperty('word-spacing', '0.16em', 'important')
          one.style.setProperty('line-height', '1.5', 'important')
        }
      })
      expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(320)
    }
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  test('without script the sums, requirements and scenarios are there', async () => {
    const html = readFileSync(join(folder, 'report.html'), 'utf8')
    writeFileSync(join(folder, 'plain.html'), html.replace(/<script\b[\s\S]*?<\/script>/g, ''))
    await page.goto(pathToFileURL(join(folder, 'plain.html')).href)
    for (const view of ['#overview', '#requirements', '#scenarios'])
      expect(await page.locator(view).isVisible()).toBe(true)
    expect(await page.locator('form.filters').first().isVisible()).toBe(false)
    expect(await shown('scenarios')).toBe(40)
  })

  test('the matrix filters, opens by address and fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    writeFileSync(join(folder, 'matrix.html'), await matrixHtml(sampleMatrix))
    const { rows } = sampleMatrix
    const id = rows[4]?.requirement.id ?? ''
    for (const [place, count] of [
      ['matrix?state=untested', 1],
      ['matrix?verdict=fail', 1],
      [id, rows.length],
    ]) {
      await page.goto(`${pathToFileURL(join(folder, 'matrix.html')).href}?${++opened}#${place}`)
      await page.waitForSelector('body.ready')
      expect(await shown('matrix'), `${place}`).toBe(count)
    }
    expect(await page.locator(`#${id}[open] .more`).isVisible()).toBe(true)
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    const wider = await page
      .locator('.scroll')
      .evaluateAll((boxes) => boxes.filter((box) => box.scrollWidth > box.clientWidth).length)
    expect(wider, 'every sum is seen').toBe(0)
    await page.locator('.sums th a').first().focus()
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.id === 'matrix-title')
  })

  test('junit.xml is well-formed', async () => {
    const xml = readFileSync(join(folder, 'junit.xml'), 'utf8')
    const parsed = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'application/xml')
      return {
        error: document.querySelector('parsererror')?.textContent ?? '',
        cases: document.querySelectorAll('testcase').length,
      }
    }, xml)
    expect(parsed).toEqual({ error: '', cases: 40 })
  })

  test('nobody was asked for anything, and nothing went wrong', () => {
    expect(asked).toEqual([])
    expect(troubles).toEqual([])
  })
})
