/** The structure of every page that the reports write, without a browser; and every kind of trouble is seen when it is there. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { matrixHtml } from '../../matrix/html.ts'
import { structureTroubles } from '../../page-structure.ts'
import { openRecord } from '../../record.ts'
import { renderAll } from '../../render.ts'
import { sampleCatalogue } from '../../sample-data.ts'
import { sampleLines } from '../../sample-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'structure-'))
let report = ''
/** To be broken: small, since it is read again for each trouble. */
let small = ''

beforeAll(async () => {
  report = await drawn(folder, 40, ['html', 'allure'])
  small = await drawn(join(folder, 'small'), 7, ['html'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The report of the sample with so many scenarios. */
async function drawn(into: string, scenarios: number, formats: readonly string[]): Promise<string> {
  const path = join(into, 'record.ndjson')
  const record = openRecord(path)
  for (const line of sampleLines({ scenarios })) record.write(line)
  record.close()
  await renderAll(path, into, { requirements: sampleCatalogue, formats })
  return readFileSync(join(into, 'report.html'), 'utf8')
}

test('the report', () => {
  expect(structureTroubles(report)).toEqual([])
})

test('the transcript of every scenario', () => {
  const results = join(folder, 'allure-results')
  const pages = readdirSync(results).filter((name) => name.endsWith('.html'))
  expect(pages.length).toBeGreaterThan(20)
  for (const page of pages) expect(structureTroubles(readFileSync(join(results, page), 'utf8')), page).toEqual([])
})

test('the matrix', async () => {
  const none = { checks: [], scenarios: 0, faults: 0, variants: 0 }
  const guides = [...new Set(sampleCatalogue.map(({ guide }) => guide))]
  const page = await matrixHtml({
    version: '0.0.0',
    guides: guides.map((key) => ({ key, title: `Guide ${key}`, versions: ['1.0.0'] })),
    rows: sampleCatalogue.map((requirement) => ({ ...none, requirement, state: 'untested', because: 'No check yet.' })),
  })
  expect(structureTroubles(page)).toEqual([])
})

test.each([
  ['no language', /<html lang="en">/, '<html>', 'does not say its language'],
  ['no title', /<title>[^<]*<\/title>/, '<title></title>', 'has no title'],
  ['no enlarging', 'initial-scale=1', 'initial-scale=1,user-scalable=no', 'must not be enlarged'],
  [
    'a second h1',
    'class="view-title" id="scenarios-title" tabindex="-1">Scenarios</h2>',
    '>x</h2><h1>y</h1>',
    '2 headings',
  ],
  ['a level left out', /<h2 (id="unmet-title">.*?)<\/h2>/, '<h4 $1</h4>', 'after a heading of level'],
  ['no main', /<(\/?)main\b/g, '<$1div', '0 main parts'],
  ['a landmark without a name', '<nav aria-label="Report">', '<nav>', 'a landmark without a name'],
  [
    'two landmarks of one name',
    'aria-labelledby="sums-title"',
    'aria-labelledby="words-title"',
    'two landmarks are called',
  ],
  ['text outside', '<footer>', '<p>lost</p><footer>', 'outside every landmark'],
  ['a name that is not there', 'id="requirements-title"', '', 'which is not there'],
  [
    'a button of a picture alone',
    /<button type="reset">clear/,
    '<button type="reset"><svg aria-hidden="true"/>',
    'has no name',
  ],
  [
    'a field with a placeholder alone',
    /<label class="query"><span>search<\/span>(<input[^>]*>)<\/label>/,
    '$1',
    'has no name',
  ],
  ['a column without a header', /<th scope="col"><span class="away">Name<\/span>/, '<th scope="col">', 'is empty'],
  ['a header of nothing', /<th scope="row">/, '<th>', 'does not say what it heads'],
  ['a row without a header', /<th scope="row">(.*?)<\/th>/, '<td>$1</td>', 'has no header'],
  ['something else in a list', '<ul class="rows">', '<ul class="rows"><p>x</p>', 'is no part of'],
  ['one id twice', 'id="skip-title"', 'id="words-title"', 'two elements have the id'],
  ['a box that says nothing', 'tabindex="0" role="group"', 'tabindex="0"', 'nothing says what it is'],
  ['an order of its own', 'class="skip" href', 'class="skip" tabindex="3" href', 'order of the keyboard'],
  ['a way to nowhere', 'class="skip" href="#main"', 'class="skip" href="#mian"', 'leads nowhere'],
  [
    'a picture without words',
    '<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">',
    '<svg class="mark">',
    'neither named nor hidden',
  ],
  ['what is not well-formed', '</main>', '</section></main>', 'not well-formed'],
])('is found: %s', (_, from, to, trouble) => {
  const broken = small.replace(from, to)
  expect(broken).not.toBe(small)
  expect(structureTroubles(broken).join('\n')).toContain(trouble)
})
