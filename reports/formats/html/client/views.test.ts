import fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference } from './difference.ts'
import { pathOf } from './json-view.ts'

test('property: a difference has both sides whole, in order', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 20 })
  fc.assert(
    fc.property(lines, lines, (expected, found) => {
      const diff = difference(expected, found)
      expect(diff.filter(({ side }) => side !== 'found').map(({ text }) => text)).toEqual(expected)
      expect(diff.filter(({ side }) => side !== 'expected').map(({ text }) => text)).toEqual(found)
    }),
  )
})

test('what is equal is said once', () => {
  expect(difference(['{', ' a', '}'], ['{', ' b', '}']).map(({ side }) => side)).toEqual([
    'both',
    'expected',
    'found',
    'both',
  ])
})

test.each([
  ['Parameters.parameter[1]', ['parameter', 1]],
  ['parameter[0].name', ['parameter', 0, 'name']],
  ['Parameters.parameter.name', ['parameter', 0, 'name']],
  ['Parameters.parameter[9]', undefined],
  ['status', undefined],
  ['', undefined],
])('the place of %s', (expression, path) => {
  expect(pathOf(expression, { resourceType: 'Parameters', parameter: [{ name: 'a' }, { name: 'b' }] })).toEqual(path)
})

test('property: a place is found in any value without a throw', () => {
  fc.assert(fc.property(fc.string(), fc.jsonValue(), (expression, value) => void pathOf(expression, value)))
})
