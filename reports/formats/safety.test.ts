/** What must not come out of any format: secrets, people, and text that is obeyed. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { personal } from '../sample-data.ts'
import { sampleLines } from '../sample-run.ts'
import { consoleReport } from './console.ts'
import { everything, islands, renderer } from './sample-reports.ts'

const home = mkdtempSync(join(tmpdir(), 'safety-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const rendered = renderer(home)

describe('what must not be shown', () => {
  test('no secret of a run is in any file', async () => {
    const secrets = new Set<string>()
    const { folder } = await rendered({ scenarios: 40, secrets })
    expect(secrets.size).toBeGreaterThan(20)
    const texts = everything(folder)
    expect([...texts.keys()]).toEqual(
      expect.arrayContaining(['record.ndjson', 'report.html', 'junit.xml', 'summary.json', 'requirements.csv']),
    )
    for (const [name, text] of texts)
      for (const secret of secrets) expect(text.includes(secret), `${name} shows ${secret}`).toBe(false)
  })

  test('property: no token survives in any format, wherever it is said', async () => {
    const token = fc.stringMatching(/^[A-Za-z0-9._~/-]{9,50}[A-Za-z]\d$/)
    await fc.assert(
      fc.asyncProperty(token, fc.constantFrom('bearer', 'form', 'json', 'address', 'cookie'), async (secret, where) => {
        const { folder } = await rendered({
          scenarios: 1,
          planned: () => [
            {
              feature: 'f',
              uri: 'features/f.feature',
              name: 'n',
              steps: [
                {
                  keyword: 'When',
                  text: 'somebody speaks',
                  says: [
                    {
                      move: 'probe',
                      method: 'POST',
                      url:
                        where === 'address'
                          ? `https://a.example/x?access_token=${encodeURIComponent(secret)}`
                          : 'https://a.example/x',
                      headers:
                        where === 'bearer'
                          ? [['Authorization', `Bearer ${secret}`]]
                          : where === 'cookie'
                            ? [['Cookie', `s=${secret}`]]
                            : [],
                      body: where === 'form' ? new URLSearchParams({ client_secret: secret }).toString() : '',
                      answer: {
                        status: 400,
                        body: where === 'json' ? JSON.stringify({ refresh_token: secret }) : `no: ${secret}`,
                      },
                    },
                  ],
                  finds: [
                    {
                      requirement: 'PDEX-109',
                      title: 't',
                      unmet: { message: `It echoes ${secret}.`, expected: 'silence', actual: { said: [secret] } },
                    },
                  ],
                },
              ],
            },
          ],
        })
        for (const [name, text] of everything(folder)) expect(text.includes(secret), `${name} shows it`).toBe(false)
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  test('people are in no shareable report of a run against a real system, and in all when the tester asks', async () => {
    const { folder } = await rendered({ synthetic: false })
    const texts = everything(folder)
    texts.delete('record.ndjson')
    for (const [name, text] of texts)
      for (const word of personal) expect(text.includes(word), `${name} shows ${word}`).toBe(false)
    expect(texts.get('report.html')).toContain('Personal data of members was masked')
    const shown = await rendered({ synthetic: false }, { showPeople: true })
    expect(readFileSync(join(shown.folder, 'report.html'), 'utf8')).toContain('It is for the tester alone')
    expect(islands(readFileSync(join(shown.folder, 'report.html'), 'utf8')).join()).toContain('Adamsdottir')
  })
})

describe('hostile text', () => {
  test('is text in HTML and XML', async () => {
    const { folder } = await rendered({ scenarios: 20 })
    const html = readFileSync(join(folder, 'report.html'), 'utf8')
    // The two scripts of ours and the inert parts; nothing that a payer said opens or closes one.
    const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes)
    expect(scripts.filter((attributes) => attributes === '')).toHaveLength(2)
    expect(
      scripts
        .filter((attributes) => attributes !== '')
        .every((attributes) => /^ type="text\/plain" id="part-[\w-]+"$/.test(attributes ?? '')),
    ).toBe(true)
    expect(html.match(/<\/script/g)).toHaveLength(scripts.length)
    const markup = html.replace(/<script[\s\S]*?<\/script>/g, '')
    expect(markup.match(/<img[^>]*>/g)).toBeNull()
    expect(markup.match(/(?:src|href)="(?!#|https:\/\/hl7\.org\/fhir\/)[^"]*"/g)).toBeNull()
    const page = readdirSync(join(folder, 'allure-results'))
      .filter((name) => name.endsWith('.html'))
      .map((name) => readFileSync(join(folder, 'allure-results', name), 'utf8'))
    for (const text of page) {
      expect(text).not.toMatch(/<script|<img/)
      expect(text).toContain("default-src 'none'")
    }
    const junit = readFileSync(join(folder, 'junit.xml'), 'utf8')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 forbids them
    expect(junit).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/)
    expect(junit).toContain('\\u001b[31m')
    expect(junit).not.toMatch(/<img|<script/)
  })

  test('does not reach the terminal as a command', () => {
    let text = ''
    const screen = consoleReport({ screen: { write: (part) => (text += part) } })
    for (const line of sampleLines({ scenarios: 20 })) screen.take(line)
    screen.end({ folder: 'reports/out/x' })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(text).toContain('put your own server into a copy')
  })
})

test('the screen says that a run waits, and --json says nothing', () => {
  for (const [isTTY, quiet, says] of [
    [true, false, /waits 60 seconds/],
    [false, false, /^ {2}waits 60 seconds.*\n$/],
    [true, true, /^$/],
  ] as const) {
    let text = ''
    const screen = consoleReport({ quiet, colours: false, screen: { isTTY, write: (part) => (text += part) } })
    screen.waits(60)
    expect(text).toMatch(says)
  }
})
