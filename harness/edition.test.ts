/** Which statements hold in which version. */
import { describe, expect, it } from 'vitest'
import { holdsAt } from './edition.ts'

describe('a version note', () => {
  it.each([
    ['2.0+', '2.1.0', true],
    ['2.0+', '1.9.9', false],
    ['2.0-2.1', '2.1.0', true],
    ['2.0-2.1', '2.2.0', false],
    ['2.2', '2.2.0', true],
    ['2.2', '2.1.0', false],
    ['1.0, 1.2+', '1.1.0', false],
    ['1.0, 1.2+', '1.2.0', true],
    ['2.9+', '2.10.0', true],
    ['all', '4.0.1', true],
  ])('%s at %s: %s', (note, version, holds) => {
    expect(holdsAt(note, version)).toBe(holds)
  })

  it('that is none is refused', () => {
    expect(() => holdsAt('since June', '2.1.0')).toThrow(RangeError)
  })
})
