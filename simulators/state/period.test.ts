import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeInPeriod, span } from './period.ts'

const at = (text: string): Date => new Date(text)

describe('span', () => {
  it.each([
    ['2026', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2026-02', '2026-02-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z'],
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2026-03-02', '2026-03-02T00:00:00.000Z', '2026-03-02T23:59:59.999Z'],
    ['2026-03-02T10:00:00Z', '2026-03-02T10:00:00.000Z', '2026-03-02T10:00:00.999Z'],
    ['2026-03-02T10:00:00.25Z', '2026-03-02T10:00:00.250Z', '2026-03-02T10:00:00.259Z'],
    ['2026-03-02T23:30:00-05:00', '2026-03-03T04:30:00.000Z', '2026-03-03T04:30:00.999Z'],
    ['2026-03-02T00:30:00+14:00', '2026-03-01T10:30:00.000Z', '2026-03-01T10:30:00.999Z'],
    ['0050', '0050-01-01T00:00:00.000Z', '0050-12-31T23:59:59.999Z'],
  ])('of %s is %s to %s', (text, first, last) => {
    expect(span(text)).toEqual({ first: at(first).getTime(), last: at(last).getTime() })
  })

  it.each([
    '',
    '26',
    '2026-13',
    '2026-02-30',
    '2025-02-29',
    '2026-3-2',
    '2026-03-02T10:00Z',
    '2026-03-02T10:00:00',
    '0000',
    'soon',
    7,
    null,
    {},
  ])('refuses %j', (text) => expect(span(text)).toBeUndefined())

  it('agrees with a calendar on every day', () => {
    fc.assert(
      fc.property(
        fc.date({ min: at('1900-01-01T00:00:00Z'), max: at('2199-12-31T00:00:00Z'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10)
          expect(span(day)).toEqual({
            first: at(`${day}T00:00:00.000Z`).getTime(),
            last: at(`${day}T23:59:59.999Z`).getTime(),
          })
        },
      ),
    )
  })
})

describe('placeInPeriod', () => {
  it('includes the first and the last millisecond, and nothing beside them', () => {
    const date = fc
      .date({ min: at('2000-01-01T00:00:00Z'), max: at('2099-12-31T00:00:00Z'), noInvalidDate: true })
      .map((d) => d.toISOString())
    const partial = fc.tuple(date, fc.constantFrom(4, 7, 10)).map(([text, length]) => text.slice(0, length))
    fc.assert(
      fc.property(partial, partial, (a, b) => {
        const [start, end] = [a, b].sort((x, y) => (span(x)?.first ?? 0) - (span(y)?.first ?? 0)) as [string, string]
        const first = span(start)?.first as number
        const last = span(end)?.last as number
        fc.pre(last >= first)
        expect(placeInPeriod(start, end, new Date(first - 1))).toBe('before')
        expect(placeInPeriod(start, end, new Date(first))).toBe('within')
        expect(placeInPeriod(start, end, new Date(last))).toBe('within')
        expect(placeInPeriod(start, end, new Date(last + 1))).toBe('after')
      }),
    )
  })

  it.each([
    ['2026-03-02', '2026-03-01'],
    ['2026-03-02', undefined],
    [undefined, '2026-03-02'],
    ['2026-02-30', '2026-03-02'],
  ])('decides nothing from %j to %j', (start, end) => {
    expect(placeInPeriod(start, end, at('2026-03-02T12:00:00Z'))).toBeUndefined()
  })
})
