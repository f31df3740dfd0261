/** The browser in which the tests open the pages, where there is one; and what it was asked for and complained of meanwhile. */
import { existsSync } from 'node:fs'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

export const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/** Else the browser itself would ask for this and that. */
const silent = ['--disable-background-networking', '--disable-component-update', '--disable-sync']

export interface Browser {
  readonly context: BrowserContext
  readonly page: Page
  /** Addresses that were asked for, apart from the files themselves. */
  readonly asked: readonly string[]
  /** Errors, complaints and dialogs. */
  readonly troubles: readonly string[]
}

/** Opens it with a profile of its own in that folder. */
export async function openBrowser(profile: string): Promise<Browser> {
  const asked: string[] = []
  const troubles: string[] = []
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program as string,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', ...silent],
  })
  const page = context.pages()[0] ?? (await context.newPage())
  page.on('request', (request) => {
    if (!/^(file|data|blob|about):/.test(request.url())) asked.push(request.url())
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text())
  })
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { context, page, asked, troubles }
}
