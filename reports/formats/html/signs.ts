/** The signs of the report: icons that differ by shape, badges with a word, bars of shares. */
import type { VerdictCode } from '../../../harness/verdict.ts'
import { codes, sum, type Tally } from '../../run.ts'
import { levelMeanings } from '../../wording.ts'

/** Drawn once in the page; every use refers to it. */
export const symbols = `<svg class="away" aria-hidden="true" focusable="false"><defs>
<symbol id="i-pass" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="currentColor"/><path d="M4.7 8.3l2.2 2.2 4.4-4.8" fill="none" stroke="var(--paper)" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></symbol>
<symbol id="i-warning" viewBox="0 0 16 16"><path d="M8 1.6L15 14H1Z" fill="currentColor" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round"/><path d="M8 6v4" stroke="var(--paper)" stroke-width="1.8" stroke-linecap="round"/><circle cx="8" cy="12" r="1" fill="var(--paper)"/></symbol>
<symbol id="i-fail" viewBox="0 0 16 16"><path d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" fill="currentColor"/><path d="M5.4 5.4l5.2 5.2m0-5.2l-5.2 5.2" stroke="var(--paper)" stroke-width="1.8" stroke-linecap="round"/></symbol>
<symbol id="i-skip" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="3 2.2"/><path d="M5.5 8h5" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/></symbol>
<symbol id="i-error" viewBox="0 0 16 16"><path d="M8 .8L15.2 8 8 15.2.8 8Z" fill="currentColor"/><path d="M8 4.4v4.2" stroke="var(--paper)" stroke-width="1.8" stroke-linecap="round"/><circle cx="8" cy="11.2" r="1" fill="var(--paper)"/></symbol>
<symbol id="i-none" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.4"/></symbol>
</defs></svg>`

export const icon = (code: VerdictCode | 'none'): string =>
  `<svg class="icon" aria-hidden="true"><use href="#i-${code}"/></svg>`

/** Sign and word; the colour says it a third time. */
export const badge = (code: VerdictCode): string =>
  `<span class="badge is-${code}">${icon(code)}<span>${code}</span></span>`

/** What the levels of statements mean, as entries of a list of words. */
export const levelWords = levelMeanings
  .map(
    ([levels, meaning]) =>
      `<div><dt>${levels.map((level) => `<span class="level">${level}</span>`).join(' ')}</dt><dd>${meaning}</dd></div>`,
  )
  .join('')

/** Shares of the five verdicts, drawn to scale; whatever is there is at least a sliver. The numbers stand beside it. */
export function bar(counts: Tally): string {
  const total = sum(counts)
  if (total === 0) return '<svg class="bar" aria-hidden="true"></svg>'
  const shares = codes
    .filter((code) => counts[code] > 0)
    .map((code) => ({ code, share: Math.max(counts[code] / total, 0.012) }))
  const whole = shares.reduce((all, { share }) => all + share, 0)
  let at = 0
  const rects = shares.map(({ code, share }) => {
    const width = (share / whole) * 100
    const rect = `<rect class="is-${code}" x="${at.toFixed(3)}%" width="${width.toFixed(3)}%" height="100%"/>`
    at += width
    return rect
  })
  return `<svg class="bar" aria-hidden="true" preserveAspectRatio="none">${rects.join('')}</svg>`
}
