/** Comparing what two routes gave ends, whatever it is that they gave. */
import { expect, it } from 'vitest'
import { differences, isSame } from './difference.ts'

const nested = (depth: number, inside: unknown): unknown => {
  let value = inside
  for (let i = 0; i < depth; i++) value = [value, value]
  return value
}
const listed = (depth: number, inside: unknown): unknown => {
  let value = inside
  for (let i = 0; i < depth; i++) value = [value]
  return value
}
const patient = (odd: unknown): { resourceType: string; id: string; odd: unknown } => ({
  resourceType: 'Patient',
  id: '1',
  odd,
})

it('tells what differs', () => {
  expect(isSame(patient(nested(3, 1)), patient(nested(3, 1)))).toBe(true)
  expect(isSame(patient(nested(3, 1)), patient(nested(3, 2)))).toBe(false)
  expect(differences(patient([1, 2]), patient([1, 3]))[0]?.expression).toBe('Patient.odd[1]')
})

it('does not fall into lists in lists', () => {
  // Some thirty lists deep, each order of each list would be tried.
  expect(isSame(patient(nested(30, 1)), patient(nested(30, 2)))).toBeTypeOf('boolean')
  expect(isSame(patient(listed(100_000, 1)), patient(listed(100_000, 1)))).toBe(true)
  expect(differences(patient(listed(100_000, 1)), patient(listed(100_000, 2)))).toEqual([])
})
