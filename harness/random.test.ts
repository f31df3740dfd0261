/** The same seed tells the same story, and a fork does not depend on how far its parent was read. */
import { describe, expect, it } from 'vitest'
import { random } from './random.ts'

describe('seeded chance', () => {
  it('repeats itself for the same seed and not for another', () => {
    const draw = (seed: string): number[] => Array.from({ length: 5 }, random(seed).next)
    expect(draw('a')).toEqual(draw('a'))
    expect(draw('a')).not.toEqual(draw('b'))
  })

  it('forks by name alone', () => {
    const one = random('a')
    const other = random('a')
    other.next()
    expect(one.fork('x').next()).toBe(other.fork('x').next())
    expect(one.fork('x').next()).not.toBe(one.fork('y').next())
  })

  it('keeps its bounds and fills them', () => {
    const chance = random('bounds')
    const seen = new Set(Array.from({ length: 400 }, () => chance.between(1, 6)))
    expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6])
    expect(() => chance.pick([])).toThrow(RangeError)
  })

  it('makes UUIDs of version 4', () => {
    expect(random('u').uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
