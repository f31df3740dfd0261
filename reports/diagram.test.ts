import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText } from './any-text.ts'
import { type DrawnExchange, sequenceDiagram } from './diagram.ts'
import { gist, shortUrl } from './gist.ts'

const options = { title: 'Sequence', width: 800, href: (id: string) => `#s1-${id}` }
const exchange = (part: Partial<DrawnExchange>): DrawnExchange => ({
  id: 'x1',
  step: 1,
  from: 'requesting payer',
  to: 'responding payer',
  asks: 'GET metadata',
  answers: '200 OK',
  ...part,
})

test('one lifeline an actor, two arrows an exchange, a link for each', () => {
  const svg = sequenceDiagram(
    [exchange({}), exchange({ id: 'x2', to: 'trust manager' })],
    [{ number: 1, text: '1  When x' }],
    options,
  )
  expect(svg.match(/class="life"/g)).toHaveLength(3)
  expect(svg.match(/class="ask"/g)?.length).toBeGreaterThanOrEqual(2)
  expect(svg.match(/class="reply"/g)).toHaveLength(2)
  expect(svg).toContain('href="#s1-x2"')
  expect(svg).toContain('aria-label="x1 GET metadata; 200 OK; from requesting payer to responding payer"')
})

test('no answer is a broken arrow, and a verdict is said in words', () => {
  const { answers: _, ...silent } = exchange({ broken: 'refused: alert certificate expired', code: 'fail' })
  const svg = sequenceDiagram([silent], [], options)
  expect(svg).toContain('is-broken')
  expect(svg).toContain('class="cross"')
  expect(svg).not.toContain('class="reply"')
  expect(svg).toContain('✗ fail')
  expect(svg).toContain('certificate expired; fail; from requesting payer')
})

/** Every piece of text that is drawn, in order. */
const drawnText = (svg: string): string =>
  [...svg.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, inner]) => inner?.replace(/<[^>]+>/g, '')).join('\n')

test.each([272, 320, 860])('on %i pixels every word is there, on as many lines as it takes', (width) => {
  const asks = 'GET Patient/$everything?_since=2026-01-01T00:00:00Z&_type=Coverage,ExplanationOfBenefit,Patient'
  const step = 'When the requesting payer asks the responding payer to match Ana Adams and share non-sensitive data'
  const from = 'requesting payer'
  const svg = sequenceDiagram(
    [
      exchange({ asks, code: 'fail' }),
      exchange({ id: 'x2', to: 'trust manager' }),
      exchange({ id: 'x3', to: 'a stranger' }),
    ],
    [{ number: 1, text: step }],
    { ...options, width },
  )
  const text = drawnText(svg).replaceAll('&amp;', '&')
  for (const whole of [asks, step, ...from.split(' ')]) expect(text).toContain(whole)
  expect(svg).not.toContain('&#8230;')
  const drawn = [...svg.matchAll(/<t(?:ext|span)[^>]*>([^<]*)/g)].map(([, line = '']) => line.length)
  const wide = Number(/viewBox="0 0 ([\d.]+)/.exec(svg)?.[1])
  expect(Math.max(...drawn)).toBeLessThanOrEqual(wide / 6)
})

test('nobody spoke: no drawing', () => {
  expect(sequenceDiagram([], [], options)).toBe('')
})

test('property: no text becomes markup, and nothing is drawn outside', () => {
  const text = anyText({ maxLength: 60 })
  fc.assert(
    fc.property(text, text, text, fc.integer({ min: 200, max: 1400 }), (asks, answers, actor, width) => {
      const svg = sequenceDiagram([exchange({ asks, answers, from: `a${actor}` })], [{ number: 1, text: answers }], {
        ...options,
        width,
      })
      const skeleton = svg.replace(/"[^"]*"/g, '""').replace(/>[^<]*</g, '><')
      expect(new Set(skeleton.match(/<\/?([a-z]+)/g))).toEqual(
        new Set(
          [
            '<svg',
            '</svg',
            '<line',
            '<rect',
            '<text',
            '</text',
            '<g',
            '</g',
            '<a',
            '</a',
            '<path',
            '<tspan',
            '</tspan',
          ].filter((tag) => skeleton.includes(tag)),
        ),
      )
      expect(svg).not.toMatch(/<(script|img|foreignObject)/i)
      for (const [, x] of svg.matchAll(/ x[12]?="(-?[\d.]+)"/g))
        expect(Number(x)).toBeLessThanOrEqual(Math.max(width, 300))
    }),
  )
})

test.each([
  ['{"resourceType":"Bundle","entry":[1,2]}', 'Bundle, 2 entries'],
  ['{"resourceType":"OperationOutcome","issue":[{"code":"not-found"}]}', 'OperationOutcome: not-found'],
  ['{"resourceType":"Parameters","parameter":[{"name":"A"},{"name":"B"}]}', 'Parameters: A, B'],
  ['{"access_token":"x","expires_in":300}', 'token for 300 s'],
  ['{"error":"invalid_client"}', 'invalid_client'],
  ['{"output":[{}]}', 'manifest, 1 file'],
  ['{"a":1}\n{"a":2}\n', 'NDJSON, 2 lines'],
  ['<html>', 'markup'],
  ['', ''],
  ['null', ''],
  ['{"resourceType":"OperationOutcome","issue":[null]}', 'OperationOutcome'],
])('gist of %s', (body, expected) => {
  expect(gist({ body })).toBe(expected)
})

test('property: a gist never throws', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (body) => typeof gist({ body }) === 'string'))
})

test('addresses are shown without what they share', () => {
  expect(shortUrl('https://127.0.0.1:4711/s12/fhir/Patient/$member-match')).toBe('Patient/$member-match')
  expect(shortUrl('https://a.example/auth/token')).toBe('auth/token')
  expect(shortUrl('https://a.example')).toBe('/')
})
