/**
 * The exchanges of a scenario as a sequence diagram: one lifeline an actor, two arrows an exchange, a broken arrow where no
 * answer came. Own SVG, styled by the page; runs in Node and in the report's own script. All text is escaped here.
 */
import type { VerdictCode } from '../harness/verdict.ts'
import { signs } from './wording.ts'

export interface DrawnExchange {
  readonly id: string
  readonly step: number
  readonly from: string
  readonly to: string
  /** What is asked: `POST Patient/$member-match`. */
  readonly asks: string
  /** What came: `200 OK, Bundle, 20 entries`. */
  readonly answers?: string
  /** Why nothing came: `refused: alert certificate expired`. */
  readonly broken?: string
  /** The worst that a verdict says about this exchange; absent when none cites it. */
  readonly code?: VerdictCode
}
export interface DrawnStep {
  readonly number: number
  readonly text: string
}
export interface DiagramOptions {
  readonly title: string
  /** Room that there is, a sixteenth of an em each: the drawing grows with the letters around it. */
  readonly width: number
  /** Where a click on an exchange leads. */
  readonly href: (id: string) => string
}

/** From left to right; whoever is not listed comes after. */
const seating = ['another payer', 'a stranger', 'requesting payer', 'trust manager', 'responding payer']
const character = 7
const headHeight = 40
const lineHeight = 15
/** An actor needs that much for its name; where there is less room, the page scrolls the drawing. */
const narrowest = 92
/** Lines of one text before it is cut: the transcript has it whole, and so has the label of the link. */
const mostLines = 8

/** The SVG as text; '' when nobody said anything. */
export function sequenceDiagram(
  exchanges: readonly DrawnExchange[],
  steps: readonly DrawnStep[],
  options: DiagramOptions,
): string {
  if (exchanges.length === 0) return ''
  const actors = [...new Set(exchanges.flatMap(({ from, to }) => [from, to]))].sort((a, b) => place(a) - place(b))
  const room = Math.max(260, options.width, actors.length > 3 ? actors.length * narrowest : 0)
  const edge = Math.min(90, room / (actors.length * 2))
  // Arrows longer than this say no more, and their ends are harder to see together.
  const width = Math.min(room, 2 * edge + Math.max(actors.length - 1, 1) * 560)
  const gap = actors.length > 1 ? (width - 2 * edge) / (actors.length - 1) : 0
  const x = new Map(actors.map((actor, index) => [actor, actors.length > 1 ? edge + index * gap : width / 2]))
  const at = (actor: string): number => x.get(actor) as number
  const letters = Math.floor((width - 20) / (character - 0.5))

  let y = headHeight + 22
  const parts: string[] = []
  const stepsOf = new Map(steps.map((step) => [step.number, step]))
  let current = Number.NaN
  for (const one of exchanges) {
    if (one.step !== current) {
      current = one.step
      const step = stepsOf.get(one.step)
      if (step) {
        const lines = wrapped(step.text, letters)
        const tall = 9 + lineHeight * lines.length
        parts.push(
          `<g class="band"><rect x="0" y="${y}" width="${width}" height="${tall}" rx="4"/>` +
            `<text x="10" y="${y + 16}">${spans(lines, 10)}</text></g>`,
        )
        y += tall + 12
      }
    }
    const { markup, tall } = drawn(one, y)
    parts.push(markup)
    y += tall + 4
  }
  const height = y + 4

  function drawn(one: DrawnExchange, top: number): { markup: string; tall: number } {
    const from = at(one.from)
    const to = one.from === one.to ? Math.min(from + 60, width - 8) : at(one.to)
    const left = Math.min(from, to)
    const letters = Math.max(14, Math.floor((width - left - 16) / character))
    const tone = one.code ? ` is-${one.code}` : ''
    const flag = one.code && one.code !== 'pass' ? `${signs[one.code]} ${one.code}` : ''
    const asking = wrapped(one.asks, letters, one.id.length + 1)
    const answering = wrapped(one.broken ?? one.answers ?? '', letters, flag ? flag.length + 3 : 0)
    const ask = top + 22 + lineHeight * (asking.length - 1)
    const answer = ask + 28 + lineHeight * (answering.length - 1)
    const tall = answer + 12 - top
    // First what is seen, so that who speaks to the page can say it (WCAG 2.5.3); then what the arrows show.
    const label = [
      `${one.id} ${one.asks}`,
      one.answers ?? one.broken ?? 'no answer',
      ...(flag && one.code ? [one.code] : []),
      `from ${one.from} to ${one.to}`,
    ].join('; ')
    const line = (className: string, x1: number, x2: number, at: number): string =>
      `<line class="${className}" x1="${x1}" x2="${x2}" y1="${at}" y2="${at}"/>`
    const head = (tip: number, at: number, from: number): string => {
      const back = tip + (from < tip ? -9 : 9)
      return `<path class="head" d="M${tip} ${at}L${back} ${at - 4.5}L${back} ${at + 4.5}Z"/>`
    }
    const words = (lines: readonly string[], at: number, className: 'ask' | 'answer'): string => {
      const before = className === 'ask' ? `<tspan class="id">${safe(one.id)}</tspan> ` : ''
      const first = at - 6 - lineHeight * (lines.length - 1)
      // The space parts the words for who reads them without seeing them.
      return ` <text class="${className}" x="${left + 12}" y="${first}">${before}${spans(lines, left + 12)}</text>`
    }
    const body: string[] = []
    if (one.broken === undefined) {
      body.push(line('ask', from, to, ask), head(to, ask, from), words(asking, ask, 'ask'))
      body.push(line('reply', to, from, answer), head(from, answer, to), words(answering, answer, 'answer'))
    } else {
      const stop = from + (to - from) * 0.7
      body.push(line('ask', from, stop, ask), line('never', stop, to, ask), words(asking, ask, 'ask'))
      body.push(
        `<path class="cross" d="M${stop - 5} ${ask - 5}l10 10m0-10l-10 10"/>`,
        words(answering, answer, 'answer'),
      )
    }
    if (flag) body.push(` <text class="flag" x="${width - 8}" y="${answer - 6}" text-anchor="end">${safe(flag)}</text>`)
    const markup =
      `<a class="say${tone}${one.broken === undefined ? '' : ' is-broken'}" href="${safe(options.href(one.id))}" aria-label="${safe(label)}">` +
      `<rect class="hit" x="1" y="${top}" width="${width - 2}" height="${tall}" rx="4"/>${body.join('')}</a>`
    return { markup, tall }
  }

  const heads = actors.map((actor) => {
    const half = Math.min(edge, 84) - 4
    const [first = '', second = ''] = twoLines(actor, Math.floor((half * 2 - 8) / character))
    const middle = at(actor)
    return (
      `<line class="life" x1="${middle}" x2="${middle}" y1="${headHeight}" y2="${height}"/>` +
      `<rect class="actor" x="${middle - half}" y="1" width="${half * 2}" height="${headHeight - 2}" rx="5"/>` +
      `<text class="actor" x="${middle}" y="${second ? 17 : 25}" text-anchor="middle">${safe(first)}${
        second ? `<tspan x="${middle}" dy="14">${safe(second)}</tspan>` : ''
      }</text>`
    )
  })
  return (
    `<svg class="sequence" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width / 16}em" height="${height / 16}em" ` +
    `role="group" aria-label="${safe(options.title)}">${heads.join('')}${parts.join('')}</svg>`
  )
}

const place = (actor: string): number => {
  const at = seating.indexOf(actor)
  return at < 0 ? seating.length : at
}

const clip = (text: string, letters: number): string =>
  text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`

/** Lines of at most that many letters, the first shorter by `taken`; broken where a word, a path or a query parts. */
function wrapped(text: string, letters: number, taken = 0): string[] {
  if (text.length <= letters - taken) return [text]
  const lines: string[] = []
  let left = text
  let most = Math.max(8, letters - taken)
  while (left.length > most && lines.length < mostLines - 1) {
    const parted = Math.max(...[' ', '/', '?', '&', ',', '|'].map((sign) => left.lastIndexOf(sign, most - 1)))
    const end = parted > most / 3 ? parted + 1 : most
    lines.push(left.slice(0, end))
    left = left.slice(end)
    most = letters
  }
  return [...lines, clip(left, most)]
}

/** The lines of a text, each below the one before. */
const spans = (lines: readonly string[], x: number): string =>
  lines
    .map((line, at) => (at === 0 ? ascii(line) : `<tspan x="${x}" dy="${lineHeight}">${ascii(line)}</tspan>`))
    .join('')

/** Safe; the sign of a cut is spelled out, since one such character would make the text of a whole page twice as large. */
const ascii = (text: string): string => safe(text).replaceAll('…', '&#8230;')

function twoLines(text: string, letters: number): [string, string] {
  if (text.length <= letters) return [text, '']
  const cut = text.lastIndexOf(' ', letters)
  return cut > 0 ? [text.slice(0, cut), clip(text.slice(cut + 1), letters)] : [clip(text, letters), '']
}

/** Text for an attribute or an element: the five characters, and control characters that XML forbids. */
export const safe = (text: string): string =>
  /["']/.test(text) ? safeText(text).replaceAll('"', '&quot;').replaceAll("'", '&#39;') : safeText(text)

/** Text for an element alone, where quotes mean nothing: long bodies are full of them. */
export const safeText = (text: string): string => {
  if (!special.test(text)) return text
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
  )
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
const special = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff&<>]/
