import { expect, test } from 'vitest'
import { split } from './match.ts'
import { valuesAt } from './path.ts'
import { keyOfReference, literalReferences } from './references.ts'
import { searchTable } from './table.ts'

test('a guarded comma parts nothing', () => {
  expect(split('a\\,b,c', ',')).toEqual(['a\\,b', 'c'])
  expect(split('a\\\\,b', ',')).toEqual(['a\\\\', 'b'])
  expect(split('', ',')).toEqual([''])
})

test('paths walk through lists, choose between ways and read extensions', () => {
  const resource = {
    name: [{ given: ['A', 'B'] }, { given: ['C'] }],
    period: { start: '2020' },
    extension: [
      { url: 'http://x.example/a.b', valueDateTime: '2021' },
      { url: 'other', valueDateTime: '2022' },
    ],
  }
  expect(valuesAt(resource, 'name.given')).toEqual(['A', 'B', 'C'])
  expect(valuesAt(resource, 'date|period.start')).toEqual(['2020'])
  expect(valuesAt(resource, 'extension(http://x.example/a.b).valueDateTime')).toEqual(['2021'])
  expect(valuesAt(resource, 'nothing.here')).toEqual([])
})

test('references of every literal form lead to one key; others to none', () => {
  for (const text of ['Patient/a', 'https://x.example/fhir/Patient/a', 'Patient/a/_history/3'])
    expect(keyOfReference(text)).toBe('Patient/a')
  for (const text of ['#a', 'urn:uuid:0b1', '', undefined, 'Patient']) expect(keyOfReference(text)).toBeUndefined()
  expect(
    literalReferences({ a: [{ reference: 'Patient/a' }, { reference: '#c' }], b: { reference: 'Patient/a' } }),
  ).toEqual(['Patient/a'])
})

test('every combination and include of the table is made of what the table has', () => {
  for (const [type, { params, combinations }] of Object.entries(searchTable)) {
    const names = new Set(params.map(({ name }) => name))
    expect(names.size, type).toBe(params.length)
    for (const together of combinations)
      for (const name of together.split('+')) expect(names.has(name), `${type}: ${together}`).toBe(true)
  }
})
