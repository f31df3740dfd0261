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
  /** Pixels that there are. */
  readonly width: number
  /** Where a click on an exchange leads. */
  readonly href: (id: string) => string
}

/** From left to right; whoever is not listed comes after. */
const seating = ['another payer', 'a stranger', 'requesting payer', 'trust manager', 'responding payer']
const character = 7
const headHeight = 40

/** The SVG as text; '' when nobody said anything. */
export function sequenceDiagram(
  exchanges: readonly DrawnExchange[],
  steps: readonly DrawnStep[],
  options: DiagramOptions,
): string {
  if (exchanges.length === 0) return ''
  const actors = [...new Set(exchanges.flatMap(({ from, to }) => [from, to]))].sort((a, b) => place(a) - place(b))
  const room = Math.max(300, options.width)
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
        parts.push(
          `<g class="band"><rect x="0" y="${y}" width="${width}" height="24" rx="4"/>` +
            `<text x="10" y="${y + 16}">${clipped(step.text, letters)}</text></g>`,
        )
        y += 36
      }
    }
    parts.push(drawn(one, y))
    y += 66
  }
  const height = y + 4

  function drawn(one: DrawnExchange, top: number): string {
    const from = at(one.from)
    const to = one.from === one.to ? Math.min(from + 60, width - 8) : at(one.to)
    const left = Math.min(from, to)
    const letters = Math.max(14, Math.floor((width - left - 16) / character))
    const ask = top + 22
    const answer = top + 50
    const tone = one.code ? ` is-${one.code}` : ''
    const flag = one.code && one.code !== 'pass' ? `${signs[one.code]} ${one.code}` : ''
    const label = [
      `${one.id}, ${one.from} to ${one.to}: ${one.asks}`,
      one.answers ?? one.broken ?? 'no answer',
      ...(flag ? [`verdict: ${one.code}`] : []),
    ].join('; ')
    const line = (className: string, x1: number, x2: number, at: number): string =>
      `<line class="${className}" x1="${x1}" x2="${x2}" y1="${at}" y2="${at}"/>`
    const head = (tip: number, at: number, from: number): string => {
      const back = tip + (from < tip ? -9 : 9)
      return `<path class="head" d="M${tip} ${at}L${back} ${at - 4.5}L${back} ${at + 4.5}Z"/>`
    }
    const words = (text: string, at: number, className: 'ask' | 'answer'): string => {
      const taken = className === 'ask' ? one.id.length + 1 : flag ? flag.length + 3 : 0
      const before = className === 'ask' ? `<tspan class="id">${safe(one.id)}</tspan> ` : ''
      return `<text class="${className}" x="${left + 12}" y="${at - 6}">${before}${clipped(text, letters - taken)}</text>`
    }
    const body: string[] = []
    if (one.broken === undefined) {
      body.push(line('ask', from, to, ask), head(to, ask, from), words(one.asks, ask, 'ask'))
      body.push(line('reply', to, from, answer), head(from, answer, to), words(one.answers ?? '', answer, 'answer'))
    } else {
      const stop = from + (to - from) * 0.7
      body.push(line('ask', from, stop, ask), line('never', stop, to, ask), words(one.asks, ask, 'ask'))
      body.push(
        `<path class="cross" d="M${stop - 5} ${ask - 5}l10 10m0-10l-10 10"/>`,
        words(one.broken, answer, 'answer'),
      )
    }
    if (flag) body.push(`<text class="flag" x="${width - 8}" y="${answer - 6}" text-anchor="end">${safe(flag)}</text>`)
    return (
      `<a class="say${tone}${one.broken === undefined ? '' : ' is-broken'}" href="${safe(options.href(one.id))}" aria-label="${safe(label)}">` +
      `<rect class="hit" x="1" y="${top}" width="${width - 2}" height="62" rx="4"/>${body.join('')}</a>`
    )
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
    `<svg class="sequence" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="group" aria-label="${safe(options.title)}">${heads.join('')}${parts.join('')}</svg>`
  )
}

const place = (actor: string): number => {
  const at = seating.indexOf(actor)
  return at < 0 ? seating.length : at
}

const clip = (text: string, letters: number): string =>
  text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`

/** Safe already; the sign is spelled out, since one such character would make the text of a whole page twice as large. */
const clipped = (text: string, letters: number): string =>
  text.length <= letters ? safe(text) : `${safe(text.slice(0, Math.max(1, letters - 1)))}&#8230;`

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
