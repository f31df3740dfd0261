/**
 * Colours, without a browser: every colour of text that the sheets use stands out from every ground that they use, in light, dark
 * and print (WCAG 1.4.3), and so do the edges of controls and the ring of the focus (1.4.11). Read from the sheets themselves.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

type Colour = readonly [red: number, green: number, blue: number]
type Palette = ReadonlyMap<string, Colour>
interface Rule {
  readonly selector: string
  readonly declarations: readonly (readonly [name: string, value: string])[]
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8').replace(/\/\*.*?\*\//gs, '')
const rulesOf = (css: string): Rule[] =>
  [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector = '', body = '']) => ({
    selector: selector.trim(),
    declarations: [...body.matchAll(/([\w-]+)\s*:\s*([^;]+)/g)].map(([, name = '', value = '']) => [
      name,
      value.trim(),
    ]),
  }))

/** Part of light, as WCAG 2 reckons it. */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: Colour, b: Colour): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}
const colour = (hex: string): Colour => {
  const long = hex.length === 4 ? hex.replace(/[\da-f]/gi, '$&$&') : hex
  return [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16) / 255) as unknown as Colour
}
const mixed = (a: Colour, b: Colour, share: number): Colour =>
  a.map((part, at) => part * share + (b[at] as number) * (1 - share)) as unknown as Colour

const isPalette = ({ declarations }: Rule): boolean =>
  declarations.some(([name, value]) => name === '--paper' && value.startsWith('#'))
const palettesOf = (css: string): Palette[] =>
  rulesOf(css)
    .filter(isPalette)
    .map(
      ({ declarations }) =>
        new Map(
          declarations.filter(([, value]) => /^#[\da-f]+$/i.test(value)).map(([name, hex]) => [name, colour(hex)]),
        ),
    )
const namesIn = (value: string): string[] => [...value.matchAll(/--[\w-]+/g)].map(([name]) => name)

/** What the rules draw with: by the names of the tokens. A ground may be a mixture. */
function usesOf(rules: readonly Rule[]) {
  const tones = rules.flatMap(({ declarations }) =>
    declarations.filter(([name]) => name === '--tone').flatMap(([, value]) => namesIn(value)),
  )
  const expanded = (value: string): string[] => namesIn(value).flatMap((name) => (name === '--tone' ? tones : [name]))
  const texts = new Set<string>()
  const grounds = new Set<string>()
  const edges = new Set<string>()
  const rings = new Set<string>()
  /** Text and ground said in one breath, where the two are the other way round. */
  const pairs: (readonly [text: string, ground: string])[] = []
  for (const { selector, declarations } of rules) {
    const of = (...names: string[]): string | undefined => declarations.findLast(([name]) => names.includes(name))?.[1]
    const text = of('color')
    const ground = of('background', 'background-color')
    const inverted = text !== undefined && namesIn(text)[0] === '--paper'
    if (inverted && ground) pairs.push(['--paper', ground])
    else {
      if (text) for (const name of expanded(text)) texts.add(name)
      if (ground && namesIn(ground).length > 0) grounds.add(ground)
    }
    const fill = of('fill')
    // A share of a bar says nothing that the number beside it does not.
    if (fill && !selector.includes('.bar')) {
      if (/rect|\.hit/.test(selector)) grounds.add(fill)
      else for (const name of expanded(fill)) texts.add(name)
    }
    const edge = of('border', 'border-color')
    const control = /(^|[\s,])(button|input|select)\b|\.toggle span|\.filters (input|select)/.test(selector)
    if (edge && control) for (const name of namesIn(edge)) if (name !== '--tone') edges.add(name)
    for (const name of namesIn(`${of('outline') ?? ''} ${/focus/.test(selector) ? (of('stroke') ?? '') : ''}`))
      rings.add(name)
  }
  return { texts, grounds, edges, rings, pairs }
}

/** The colours that a ground may have: one seen through lies on any of the plain ones. */
function groundsIn(palette: Palette, grounds: ReadonlySet<string>): [name: string, colour: Colour][] {
  const token = (value: string): Colour => {
    const name = namesIn(value)[0] ?? ''
    const found = palette.get(name)
    if (!found) throw new Error(`${name} is in no palette`)
    return found
  }
  const plain = [...grounds]
    .filter((ground) => ground.startsWith('var('))
    .map((ground): [string, Colour] => [ground, token(ground)])
  const mixtures = [...grounds]
    .filter((ground) => ground.startsWith('color-mix('))
    .flatMap((ground) => {
      const [, top = '', share = '', below = ''] = /srgb, (var\([^)]+\)) (\d+)%, (.+)\)$/.exec(ground) ?? []
      const on = below === 'transparent' ? plain : [[below, token(below)] as [string, Colour]]
      return on.map(([name, under]): [string, Colour] => [
        `${ground} on ${name}`,
        mixed(token(top), under, Number(share) / 100),
      ])
    })
  return [...plain, ...mixtures]
}

const names = readdirSync(new URL('./styles', import.meta.url)).filter((name) => name.endsWith('.css'))
const sheets = names.map((name) => read(`./styles/${name}`))
const page = read('../../transcript-page.css')
const [light, dark, darkBySystem] = palettesOf(read('./styles/tokens.css')) as [Palette, Palette, Palette]
const [print] = palettesOf(read('./styles/print.css')) as [Palette]
const [pageLight, pageDark] = palettesOf(page) as [Palette, Palette]
const used = usesOf(sheets.flatMap(rulesOf).filter((rule) => !isPalette(rule)))
const usedOnPage = usesOf([page, read('./styles/sequence.css')].flatMap(rulesOf).filter((rule) => !isPalette(rule)))

describe.each([
  ['the report, light', light, used],
  ['the report, dark', dark, used],
  ['the report, on paper', new Map([...light, ...print]), used],
  ['the transcript page, light', pageLight, usedOnPage],
  ['the transcript page, dark', pageDark, usedOnPage],
] as const)('%s', (_, palette, { texts, grounds, edges, rings, pairs }) => {
  const all = groundsIn(palette, grounds)
  const onAll = (tokens: ReadonlySet<string>, least: number): string[] =>
    [...tokens].flatMap((token) =>
      all
        .map(([ground, under]) => ({ ground, ratio: contrast(palette.get(token) ?? under, under) }))
        .filter(({ ratio }) => ratio < least)
        .map(({ ground, ratio }) => `${token} on ${ground}: ${ratio.toFixed(2)}`),
    )
  test('text stands out from every ground', () => {
    expect(texts.size).toBeGreaterThan(6)
    expect(all.length).toBeGreaterThan(1)
    expect(onAll(texts, 4.5)).toEqual([])
  })
  test('so does text that brings its own ground', () => {
    for (const [text, ground] of pairs)
      for (const [name, under] of groundsIn(palette, new Set([...grounds, ground])))
        if (name.startsWith(ground))
          expect(contrast(palette.get(text) as Colour, under), `${text} on ${name}`).toBeGreaterThanOrEqual(4.5)
  })
  test('the focus and the edges of controls can be seen', () => {
    expect(rings.size).toBeGreaterThan(0)
    expect(onAll(new Set([...rings, ...edges]), 3)).toEqual([])
  })
})

test('both ways to a dark report are the same', () => {
  expect([...darkBySystem]).toEqual([...dark])
  expect([...dark.keys()]).toEqual([...light.keys()])
})

test('the uses are what a reader of the sheets would say', () => {
  for (const token of ['--ink', '--soft', '--link', '--pass', '--warning', '--fail', '--skip', '--error', '--none'])
    expect([...used.texts]).toContain(token)
  for (const ground of ['var(--paper)', 'var(--desk)', 'var(--tint)']) expect([...used.grounds]).toContain(ground)
  expect([...used.edges]).toContain('--edge')
  expect([...used.rings]).toContain('--focus')
  expect(used.pairs.map(([text]) => text)).toContain('--paper')
})

test('no colour is named but in a palette, and no text is dimmed', () => {
  for (const { selector, declarations } of [...sheets, page].flatMap(rulesOf).filter((rule) => !isPalette(rule)))
    for (const [name, value] of declarations) {
      expect(value, `${selector} ${name}`).not.toMatch(/#[\da-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/i)
      if (name === 'opacity' && Number(value) > 0 && Number(value) < 1) expect(selector).toMatch(/\.icon$/)
    }
})

test('reckons as WCAG does', () => {
  expect(contrast(colour('#000'), colour('#ffffff'))).toBeCloseTo(21)
  expect(contrast(colour('#767676'), colour('#fff'))).toBeCloseTo(4.54, 2)
})
