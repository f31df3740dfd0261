/** The lexical rules of the primitive types, value by value. */
import { describe, expect, it } from 'vitest'
import { primitiveRules } from './primitives.ts'

const long = 'QUJD'.repeat(100)
const cases: Readonly<Record<string, { readonly good: readonly unknown[]; readonly bad: readonly unknown[] }>> = {
  boolean: { good: [true, false], bad: ['true', 1, null] },
  integer: { good: [0, -1, 2147483647], bad: [1.5, 2147483648, '1', Number.NaN] },
  positiveInt: { good: [1], bad: [0, -1, 1.5] },
  unsignedInt: { good: [0, 7], bad: [-1, 2 ** 40] },
  decimal: { good: [0, -1.25, 1e10], bad: ['1', Number.POSITIVE_INFINITY] },
  string: {
    good: ['a', ' a b ', 'tab\tnew\nline', 'ü', '\u{1f600}'],
    bad: ['', 'a\u0000b', 5, 'x'.repeat(1_048_577), 'a\ud800', '\udc00\u{1f600}'],
  },
  markdown: { good: ['*a*'], bad: ['', {}] },
  code: { good: ['a', 'a b', 'http://x', '\u{1f600}'], bad: ['', ' a', 'a ', 'a  b', 'a\tb', 'a\ude00\ud83d'] },
  id: { good: ['a', 'A-1.b', 'x'.repeat(64)], bad: ['', 'a_b', 'a/b', 'x'.repeat(65)] },
  uri: {
    good: ['http://x', 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520', 'relative', 'urn:oid:1.2.3.4.5', 'urn:oid:1.3'],
    bad: ['', 'a b', 'urn:uuid:C757873D-EC9A-4326-A141-556F43239520', 'urn:uuid:1', 'urn:oid:1.02', 'urn:oid:1.2'],
  },
  url: { good: ['https://x/y?z', 'https://x/\u{1f600}'], bad: ['a b', 'https://x/\ud83d'] },
  canonical: {
    good: ['http://x|1.0', '#a', 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520|1'],
    bad: ['Questionnaire/1', 'a'],
  },
  oid: { good: ['urn:oid:2.16.840.1'], bad: ['2.16.840.1', 'urn:oid:3.1.4.5'] },
  uuid: { good: ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'], bad: ['c757873d-ec9a-4326-a141-556f43239520'] },
  base64Binary: {
    good: ['QUJD', 'QUI=', 'QQ==', 'QUJD\nQUJD', long, `${long}QQ==`, `${long}\n${long}`],
    bad: [
      '',
      'QUJ',
      'QU*D',
      'QQ=D',
      'Q===',
      `${long.slice(4)}QU*D`,
      `${long}QUI`,
      `${long.slice(4)}QU-_`,
      `QUI=${long}`,
    ],
  },
  date: {
    good: ['2024', '2024-02', '2024-02-29', '0001-01-01'],
    bad: [
      '2023-02-29',
      '2024-13',
      '2024-00',
      '2024-04-31',
      '24',
      '2024-1-1',
      '0000',
      '2024-01-01T00:00:00Z',
      '2024-01-01 ',
    ],
  },
  dateTime: {
    good: ['2024', '2024-02-29', '2024-01-01T23:59:60Z', '2024-01-01T10:00:00.123+02:00', '2024-01-01T10:00:00-14:00'],
    bad: [
      '2024-01-01T10:00:00',
      '2024-01-01T10:00Z',
      '2024-01-01T24:00:00Z',
      '2024-01-01T10:00:00+14:30',
      '2024-01T10:00:00Z',
      '2024-01-01T10:00:00.Z',
    ],
  },
  instant: { good: ['2024-01-01T10:00:00Z'], bad: ['2024-01-01', '2024-01-01T10:00:00', '2024'] },
  time: { good: ['10:00:00', '10:00:00.5'], bad: ['10:00', '24:00:00', '10:00:00Z', '1:00:00'] },
}

describe.each(Object.entries(cases))('%s', (type, { good, bad }) => {
  it.each(good.map((value) => [value]))('allows %j', (value) => {
    expect(primitiveRules[type]?.(value)).toBeUndefined()
  })
  it.each(bad.map((value) => [value]))('refuses %j', (value) => {
    expect(primitiveRules[type]?.(value)).toMatch(/\w/)
  })
})
