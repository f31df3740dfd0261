/** Where a finding points: at what the faulty part said, at what follows from it, or elsewhere. */
import { expect, it } from 'vitest'
import type { Said } from './facts.ts'
import { gapsIn, type Mark, type Play, pointing } from './pointing.ts'

const said = (...list: readonly (readonly [key: string, digest: string, blind?: boolean])[]): Said[] =>
  list.map(([key, digest, blind = false]) => ({ key, digest, blind }))
const mark = (during: number, altered = true): Mark => ({ during, altered, itself: true })

const honest = said(['token', '1'], ['match', '2', true], ['search', '3'], ['read', '4'])
const play = (now: readonly Said[], ...marks: Mark[]): Play => ({ honest, now, marks })

it('takes what the faulty part answered otherwise', () => {
  const now = said(['token', '1'], ['match', '2', true], ['search', 'X'], ['read', '4'])
  expect(pointing(play(now, mark(2)), 2, [2])).toBe('touched')
})

it('takes what went otherwise later, and what was never said before', () => {
  const now = said(['token', '1'], ['match', 'X'], ['search', 'Y'], ['new', '9'])
  expect(pointing(play(now, mark(1)), 2, [])).toBe('dependent')
  expect(pointing(play(now, mark(1)), 3, [])).toBe('dependent')
})

it('does not take what went as it always goes, nor what differed before the faulty part was reached', () => {
  const now = said(['token', 'X'], ['match', '2', true], ['search', 'Y'], ['read', '4'])
  expect(pointing(play(now, mark(2)), 3, [3])).toBe('elsewhere')
  expect(pointing(play(now, mark(2)), 0, [0])).toBe('elsewhere')
})

it('takes nothing where the faulty part was never reached', () => {
  const now = said(['token', 'X'], ['match', 'X'], ['search', 'X'], ['read', 'X'])
  expect(pointing(play(now), 2, [0, 1, 2, 3])).toBe('elsewhere')
})

it('believes the mark where the comparison is blind, if something was altered there', () => {
  const same = said(['token', '1'], ['match', '2', true], ['search', '3'], ['read', '4'])
  expect(pointing(play(same, mark(1)), 1, [1])).toBe('touched')
  expect(pointing(play(same, mark(1, false)), 1, [1])).toBe('elsewhere')
  expect(pointing(play(same, mark(2)), 2, [2])).toBe('elsewhere')
})

it('takes the honest side of a comparison when the check read the other as well', () => {
  const now = said(['token', '1'], ['match', '2', true], ['search', 'X'], ['read', '4'])
  expect(pointing(play(now, mark(2)), 3, [2, 3])).toBe('compared')
  expect(pointing(play(now, mark(2)), 3, [0, 3])).toBe('elsewhere')
})

it('takes a finding about what never came by what the check read', () => {
  const now = said(['token', '1'], ['match', '2', true], ['search', 'X'], ['read', '4'])
  expect(pointing(play(now, mark(2)), undefined, [2])).toBe('read')
  expect(pointing(play(now, mark(2)), undefined, [0])).toBe('elsewhere')
})

it('takes the edges of a gap that a client left, and nothing else', () => {
  const now = said(['token', '1'], ['match', '2', true], ['read', '4'])
  expect(gapsIn(honest, now)).toEqual([2])
  expect(gapsIn(honest, honest.slice(0, 2))).toEqual([2])
  expect(gapsIn(honest, honest)).toEqual([])
  const silent = play(now, { during: 2, altered: false, itself: false, silence: true })
  expect(pointing(silent, 1, [1])).toBe('silent')
  expect(pointing(silent, 2, [0, 2])).toBe('silent')
  expect(pointing(silent, 0, [0])).toBe('elsewhere')
})
