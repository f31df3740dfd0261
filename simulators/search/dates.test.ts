import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateCriterion, liesSo, type Prefix, prefixes, rangeOf, rangeOfElement } from './dates.ts'

const now = Date.parse('2026-03-02T15:00:00Z')
const matches = (element: unknown, asked: string): boolean => {
  const [range, criterion] = [rangeOfElement(element), dateCriterion(asked)]
  if (!range || !criterion) throw new Error(`${JSON.stringify(element)} or ${asked} is no date`)
  return liesSo(range, criterion, now)
}

test.each([
  ['2013-01-14', 'eq2013-01-14', true],
  ['2013-01-14T10:00:00Z', '2013-01-14', true],
  ['2013-01-15T00:00:00Z', 'eq2013-01-14', false],
  ['2013-01', '2013', true],
  ['2013', '2013-01', false],
  ['2013-01-15T00:00:00Z', 'ne2013-01-14', true],
  ['2013-01-14T23:30:00-05:00', '2013-01-15', true],
  ['2013-01-14', 'gt2013-01-14', false],
  ['2013', 'gt2013-01-14', true],
  ['2013-01-14', 'lt2013-01-14T10:00:00Z', true],
  [{ start: '2013-01-21' }, 'ge2013-03-14', true],
  [{ end: '2013-03-01' }, 'ge2013-03-14', false],
  [{ start: '2013-01-21', end: '2013-02-01' }, 'le2013-01-22', true],
  [{ start: '2013-01-21', end: '2013-01-21' }, 'le2013-01-21', true],
  [{ start: '2013-03-15' }, 'sa2013-03-14', true],
  [{ start: '2013-03-14T12:00:00Z' }, 'sa2013-03-14', false],
  [{ end: '2013-03-13' }, 'eb2013-03-14', true],
  [{ start: '2013-03-13', end: '2013-03-14' }, 'eb2013-03-14', false],
  [{ start: '2013-03-13', end: '2013-03-15' }, 'eq2013-03', true],
  [{ start: '2013-03-13' }, 'eq2013-03', false],
  ['2026-02-01', 'ap2026-01', true],
  ['2020-02-01', 'ap2026-01', false],
  [{ event: ['2013-01-01', '2013-03-01'] }, 'eq2013', true],
  ['2013-01-14T10:00:30Z', '2013-01-14T10:00', true],
  ['2013-01-14T10:00:30Z', 'ge2013-01-14T10:00:00 00:00', true],
])('%j against %s: %s', (element, asked, expected) => {
  expect(matches(element, asked)).toBe(expected)
})

test('what is no date is none', () => {
  for (const text of [
    '',
    'abc',
    '2013-13',
    '2013-02-30',
    'ge',
    'xx2013',
    '2013-1-1',
    '2013-01-14T25:00:00Z',
    'gege2013',
  ])
    expect(dateCriterion(text), text).toBeUndefined()
})

/** A date at any precision. */
const dates = fc
  .tuple(
    fc.date({ min: new Date('1950-01-01'), max: new Date('2049-12-31'), noInvalidDate: true }),
    fc.constantFrom(4, 7, 10, 20, 24),
  )
  .map(([date, length]) =>
    length === 20 ? `${date.toISOString().slice(0, 19)}Z` : date.toISOString().slice(0, length),
  )
const periods = fc
  .tuple(dates, dates)
  .filter(
    ([a, b]) =>
      (rangeOf(a)?.from ?? 0) <= (rangeOf(b)?.from ?? 0) && (rangeOf(a)?.until ?? 0) <= (rangeOf(b)?.until ?? 0),
  )
  .chain(([start, end]) => fc.constantFrom({ start, end }, { start }, { end }))
const elements = fc.oneof(dates, periods)

test('the prefixes are related as their definitions say', () => {
  fc.assert(
    fc.property(elements, dates, (element, asked) => {
      const is = (prefix: Prefix): boolean => matches(element, prefix + asked)
      expect(is('ne')).toBe(!is('eq'))
      expect(matches(element, asked)).toBe(is('eq'))
      expect(is('ge')).toBe(is('gt') || is('eq'))
      expect(is('le')).toBe(is('lt') || is('eq'))
      if (is('sa')) expect([is('gt'), is('lt'), is('eq'), is('eb')]).toEqual([true, false, false, false])
      if (is('eb')) expect([is('lt'), is('gt'), is('eq'), is('sa')]).toEqual([true, false, false, false])
      // Whatever lies somewhere lies before, within or after.
      expect(is('lt') || is('gt') || is('eq')).toBe(true)
      if (is('eq')) expect(is('ap')).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a coarser date covers what a finer one says, and an element equals itself', () => {
  fc.assert(
    fc.property(dates, (date) => {
      for (const length of [4, 7, 10]) if (length < date.length) expect(matches(date, date.slice(0, length))).toBe(true)
      expect(matches(date, date)).toBe(true)
      expect(prefixes.filter((p) => ['gt', 'lt', 'sa', 'eb', 'ne'].includes(p) && matches(date, p + date))).toEqual([])
    }),
    { numRuns: 300 },
  )
})
