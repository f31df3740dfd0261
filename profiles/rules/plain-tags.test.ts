/** What is read letter by letter is what the careful reader of tags reads, and nothing that it finds fault with. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainTagAt } from './plain-tags.ts'
import { tagAt } from './tags.ts'

const pieces = fc.constantFrom(
  ...'p|td|div|script|blockquote|img|b| |  |\n|/|style|class|href|src|onclick|colspan|lang|=| = |""|"a"|"a b"|\'a\'|"#x"|"javascript:x"|"Vbscript:x"|"Patient/1"|"a>b"|"a<b"|"&amp;"|" x"|x'.split(
    '|',
  ),
)

describe('a plain tag', () => {
  it('is the tag that the careful reader reads', () => {
    let plain = 0
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), fc.constantFrom('>', '/>', ''), (inner, end) => {
        const text = `<${inner.join('')}${end}<b>`
        const next = text.indexOf('<', 1)
        const entity = text.indexOf('&')
        const found = plainTagAt(text, 0, entity === -1 ? next : Math.min(next, entity))
        if (!found) return
        plain++
        const careful = tagAt(text, 0)
        expect(careful).toMatchObject({ name: found.name, closed: found.closed, closes: false })
        expect(careful?.text).toBe(text.slice(0, found.end))
        expect(careful?.problem).toBeUndefined()
        expect(careful?.anchor).toBeUndefined()
      }),
      { seed: 7, numRuns: 20_000 },
    )
    expect(plain).toBeGreaterThan(100)
  })
  it.each([
    '<p>',
    '<br/>',
    '<br />',
    '<td style="color: red" colspan="2">',
    '<a href="Patient-1.html">',
    '<h2>',
    '<img src="a.png" alt="a"/>',
  ])('is %s', (text) => {
    expect(plainTagAt(text, 0, text.length + 1)).toMatchObject({ end: text.length })
  })
})
