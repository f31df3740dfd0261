/** What was put into a directory is found in it, and nothing else. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Directory, directoryText } from './directory.ts'

const entry = (url: string, home: number, version = '') => ({ url, home, version, chunk: home + 1, start: 5, end: 9 })

describe('a directory', () => {
  it('finds every URL and no other', () => {
    const url = fc.string({ unit: fc.constantFrom('a', 'b', '/', '-', 'Z', '~', 'ü'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(fc.array(fc.tuple(url, fc.integer({ min: 0, max: 3 })), { maxLength: 40 }), url, (put, other) => {
        const directory = new Directory(directoryText(put.map(([each, home]) => entry(each, home))))
        const homes = (wanted: string): number[] => put.filter(([each]) => each === wanted).map(([, home]) => home)
        for (const [each] of put) expect(directory.find(each).map(({ home }) => home)).toEqual(homes(each))
        expect(directory.find(other).map(({ home }) => home)).toEqual(homes(other))
        for (const home of [0, 1, 2, 3]) {
          const own = new Set(put.filter(([, of]) => of === home).map(([each]) => each))
          expect([...directory.urls(home)].sort()).toEqual([...own].sort())
        }
      }),
      { seed: 3 },
    )
  })
  it('keeps versions as they are, commas and spaces too', () => {
    const directory = new Directory(directoryText([entry('http://a', 0, 'May 2021, second'), entry('http://a', 2)]))
    expect(directory.find('http://a')).toEqual([
      { home: 0, version: 'May 2021, second', chunk: 1, start: 5, end: 9 },
      { home: 2, version: '', chunk: 3, start: 5, end: 9 },
    ])
  })
  it('refuses what it could not find again', () => {
    expect(() => directoryText([entry('http://a b', 0)])).toThrow('cannot be in a directory')
  })
})
