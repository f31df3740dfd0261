/** A canary is found wherever it was put, however it was written down; and nowhere else. */
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canaryAt, canaryMark, canaryText } from '../../harness/canary.ts'
import { needlesOf, search } from './readings.ts'

const needles = needlesOf([canaryMark])

/** The canaries that are found in a text. */
const found = (text: string): string[] => {
  const seen = new Set<string>()
  search(text, needles, ({ reading, at }) => seen.add(canaryAt(reading, at)?.token ?? 'no canary'))
  return [...seen]
}

const token = fc
  .record({
    member: fc.stringMatching(/^[a-z]{2,8}-[a-z]{2,8}-[a-z0-9]{4}$/),
    kind: fc.constantFrom('demographic', 'coverage', 'clinical', 'claim', 'prior-authorization' as const),
    sensitive: fc.boolean(),
    number: fc.integer({ min: 1, max: 99_999 }),
  })
  .map(({ member, kind, sensitive, number }) =>
    canaryText(member, kind as Parameters<typeof canaryText>[1], sensitive, number),
  )

const hex = (c: string, width: number): string => c.charCodeAt(0).toString(16).padStart(width, '0')
const encodings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'percent-encoded, every character': (text) => [...Buffer.from(text)].map((b) => `%${b.toString(16)}`).join(''),
  'escaped for JSON, every character': (text) => [...text].map((c) => `\\u${hex(c, 4)}`).join(''),
  'escaped for HTML, every character': (text) => [...text].map((c) => `&#x${hex(c, 1)};`).join(''),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'packed with gzip': (text) => gzipSync(text).toString('base64'),
}
const encoding = fc.constantFrom(...Object.keys(encodings))

/** Text of ASCII that holds no canary and no escape. */
const filler = fc.stringMatching(/^[ -$'-[\]-~]{0,40}$/).filter((text) => !text.includes('cnry'))

describe('a canary', () => {
  it('is found in every encoding, wherever it stands in it', () => {
    fc.assert(
      fc.property(token, encoding, filler, filler, filler, (canary, name, outer, before, after) => {
        const encode = encodings[name] as (text: string) => string
        expect(found(`${outer} "${encode(`${before} ${canary} ${after}`)}" ${outer}`)).toEqual([canary])
      }),
      { seed: 20260302, numRuns: 400 },
    )
  })

  it('is found in one encoding inside another', () => {
    fc.assert(
      fc.property(token, encoding, encoding, filler, (canary, inner, outer, before) => {
        const [first, second] = [encodings[inner], encodings[outer]] as ((text: string) => string)[]
        const text = second?.(`${before} "${first?.(` ${canary} `)}"`)
        expect(found(`{"a":"${text}"}`)).toEqual([canary])
      }),
      { seed: 20260302, numRuns: 300 },
    )
  })

  it('is found in base64 that follows other characters of base64', () => {
    const canary = canaryText('ana-adams-x7k2', 'claim', false, 12)
    for (const lead of ['', 'a/', 'ab/', 'abc/', 'fhir/Condition/'])
      for (const inner of ['', 'x', 'xy', '{"after":"'])
        expect(
          found(`https://payer.example/${lead}${Buffer.from(`${inner}${canary}"}`).toString('base64url')}`),
        ).toEqual([canary])
  })

  it('is found nowhere in a text that has none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), encoding, (text, name) => {
        fc.pre(!text.includes('cnry-'))
        expect(found(encodings[name]?.(text) ?? '')).toEqual([])
      }),
      { seed: 20260302, numRuns: 200 },
    )
  })
})

it('keeps its place in the original text', () => {
  const text = `{"note":"${Buffer.from('Remark cnry-ana-adams-x7k2-clinical-0001').toString('base64')}"}`
  const places: number[] = []
  search(text, needles, ({ place, via }) => {
    places.push(place)
    expect(via).toBe('base64')
  })
  expect(places).toEqual([9])
})
