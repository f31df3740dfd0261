import { expect, test } from 'vitest'
import { mistakesOfTrust } from '../../flows/mistakes.ts'
import * as families from './mistakes.ts'

const { badRequests, ...lists } = families
const judged = [...Object.values(lists).flat(), ...Object.keys(badRequests)]

test('every mistake that a flow can make is judged, and every one that is judged can be made', () => {
  const possible = [...mistakesOfTrust.registration.mistakes, ...mistakesOfTrust.token.mistakes]
  expect([...new Set(judged)].sort()).toEqual([...possible].sort())
})
