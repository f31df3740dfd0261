/** Expressions of findings find their place in the text. */
import { describe, expect, it } from 'vitest'
import { placesInJson, stepsOf } from './places.ts'

describe('the steps of an expression', () => {
  it.each([
    ['Patient', []],
    ['', []],
    ['Patient.name[0].given[1]', ['name', 0, 'given', 1]],
    ['Observation.value.ofType(Quantity).code', ['valueQuantity', 'code']],
    [
      'Bundle.entry[3].resource.extension[0].value.ofType(dateTime)',
      ['entry', 3, 'resource', 'extension', 0, 'valueDateTime'],
    ],
    ['Patient.`a-b`.c', ['a-b', 'c']],
  ])('%s', (expression, steps) => {
    expect(stepsOf(expression)).toEqual(steps)
  })
})

describe('a place in JSON', () => {
  const text = `{"resourceType": "Patient",
 "name": [
  {"family": "a \\" ] }", "given": ["b",
    null]},
  {"family": "c"}],
 "_birthDate": {"extension": [
    {"url": "x"}]},
 "valueQuantity": {"value": 1.5e3 , "code": "d"}, "deceasedBoolean":true}`
  it.each([
    ['Patient', 1, 1],
    ['Patient.name[0].given[1]', 4, 5],
    ['Patient.name[1].family', 5, 4],
    ['Patient.name[1].given', 5, 3],
    ['Patient.birthDate.extension[0].url', 7, 6],
    ['Patient.value.ofType(Quantity).code', 8, 37],
    ['Patient.deceased.ofType(boolean)', 8, 51],
    ['Patient.gender', 1, 1],
  ])('%s is at %i:%i', (expression, line, column) => {
    expect(placesInJson(text, [expression])).toEqual([{ line, column }])
  })

  it('is found for many at once, in any order', () => {
    expect(placesInJson(text, ['Patient.name[1].family', 'Patient', 'Patient.name[0].family'])).toEqual([
      { line: 5, column: 4 },
      { line: 1, column: 1 },
      { line: 3, column: 4 },
    ])
  })
})
