import { expect, test } from 'vitest'
import { jsonOf, keepJson } from './json-of.ts'

test('what is kept is written once, everything else each time', () => {
  let written = 0
  const counting = (): object => ({ id: 'a', toJSON: () => ({ id: 'a', written: ++written }) })
  const kept = counting()
  keepJson(kept)
  const first = jsonOf(kept)
  keepJson(kept)
  expect([first, jsonOf(kept), written]).toEqual(['{"id":"a","written":1}', first, 1])
  const passing = counting()
  expect([jsonOf(passing), jsonOf(passing)]).toEqual(['{"id":"a","written":2}', '{"id":"a","written":3}'])
})
