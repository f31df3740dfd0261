/**
 * Lengths, without a browser: whoever has larger letters than usual gets larger pages (WCAG 1.4.4). Every length of every page
 * is told in rem, the width where its layout changes in em; px draw lines, corners and what is hidden from the eye.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('./styles/', import.meta.url)
const sheets = [
  ...readdirSync(folder).map((name) => new URL(name, folder)),
  new URL('../../transcript-page.css', import.meta.url),
]
/** What is drawn with px: hair is hair, however large the letters are. */
const drawn = /^(border|outline|stroke|box-shadow|text-decoration|text-underline)/

/** `selector property: value` of everything in px that letters and their room should be. */
const fixedLengths = (css: string): string[] => {
  const plain = css.replace(/\/\*.*?\*\//gs, '')
  const rules = [...plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selector = '', body = '']) =>
    body
      .split(';')
      .map((declaration) => declaration.trim())
      .filter((declaration) => /\dpx\b/.test(declaration) && !drawn.test(declaration))
      // One pixel is nothing: so large is what only a reader of screens is told.
      .filter((declaration) => !/^(width|height): 1px$/.test(declaration))
      // The drawing has a scale of its own, and its size is told in em.
      .filter(
        () =>
          !selector
            .trim()
            .split(/,\s*/)
            .every((one) => one.includes('.sequence ')),
      )
      .map((declaration) => `${selector.trim()} ${declaration}`),
  )
  return [...rules, ...[...plain.matchAll(/@media[^{]*\dpx[^{]*/g)].map(([query]) => query.trim())]
}

test.each(sheets.map((sheet) => [sheet.pathname.split('/').at(-1) as string, sheet] as const))('%s', (_, sheet) => {
  expect(fixedLengths(readFileSync(sheet, 'utf8'))).toEqual([])
})

test('what is fixed is found, and lines are not', () => {
  const css = `.a { font: 15px/1.5 serif; border: 1px solid; } @media (max-width: 700px) { .b { gap: 2px } }
    .sequence text { font-size: 12px } .c { width: 1px; border-radius: 6px } /* d { top: 9px } */`
  expect(fixedLengths(css)).toEqual(['.a font: 15px/1.5 serif', '.b gap: 2px', '@media (max-width: 700px)'])
})
