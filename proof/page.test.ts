/** The page of a proof: what is wrong comes first, hostile text stays text, and nothing runs or is fetched. */
import { expect, it } from 'vitest'
import { requirementsById } from '../guides/catalogue.ts'
import { structureTroubles } from '../reports/page-structure.ts'
import { matrixOf } from './matrix.ts'
import { proofHtml } from './page.ts'
import type { Proof } from './prove.ts'
import { proofText } from './text.ts'
import type { Outcome } from './trial.ts'

const outcome = (id: string, more: Partial<Outcome> = {}): Outcome => ({
  id,
  kind: 'fault',
  subjects: [id],
  title: `<img src=x onerror=alert(1)> ${id}`,
  goals: [['PDEX-109']],
  caught: [],
  misplaced: [],
  collateral: [],
  undecided: [],
  played: ['a.feature:1: A scenario, PDex 2.2.0'],
  ...more,
})
const caught: Outcome['caught'] = [
  {
    requirement: 'PDEX-109',
    check: 'PDEX-109/holds',
    code: 'fail',
    scenario: 'a.feature:1',
    pointing: 'touched',
    message: '"quoted" & <b>bold</b>',
  },
]
const proofOf = (...outcomes: Outcome[]): Proof => ({
  format: 1,
  seed: 'seed',
  whole: true,
  all: false,
  scenarios: 1,
  ...matrixOf([], [], outcomes, requirementsById),
  timings: { honest: 1, trials: {} },
})

it('says first what survived, and escapes all text', async () => {
  const page = await proofHtml(proofOf(outcome('good', { caught }), outcome('bad')), requirementsById)
  expect(page).toContain('1 of 2 faults survived, no false alarm')
  expect(page.indexOf('id="wrong"')).toBeLessThan(page.indexOf('id="trials"'))
  expect(page).not.toMatch(/<img|<b>bold|<script|<[^>]*\bsrc=|@import|url\(/)
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt; bad')
  expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/=]+'/)
})

it('has a heading for every part, a language, and both colour schemes', async () => {
  const page = await proofHtml(proofOf(outcome('good', { caught })), requirementsById)
  expect(page).toContain('<html lang="en">')
  expect(page).toContain('name="color-scheme" content="light dark"')
  expect(page).toContain('prefers-color-scheme')
  for (const [, id] of page.matchAll(/aria-labelledby="([^"]+)"/g)) expect(page).toContain(`id="${id}"`)
  expect(page).toContain('All caught: 1 fault, no false alarm')
})

it('is laid out for whoever does not see it', async () => {
  const proof = proofOf(outcome('good', { caught }), outcome('bad'), outcome('variant', { kind: 'variant', goals: [] }))
  expect(structureTroubles(await proofHtml(proof, requirementsById))).toEqual([])
})

it('is told on a terminal with the same numbers', () => {
  const text = proofText(proofOf(outcome('good', { caught }), outcome('bad')), 'folder')
  expect(text).toContain('1 of 2 faults caught by every requirement that they name')
})
