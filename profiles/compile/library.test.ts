/** Which version of a definition a canonical means. */
import { describe, expect, it } from 'vitest'
import { packageOfResources } from '../packages/package.ts'
import { compareVersions, Library, splitCanonical } from './library.ts'

const url = 'http://vitruvian.test/StructureDefinition/p'
const own = (id: string, version: string, dependencies: Record<string, string> = {}, urls: readonly string[] = []) =>
  packageOfResources(
    { name: id, version, dependencies },
    urls.map((each) => ({
      resourceType: 'StructureDefinition',
      url: each,
      version,
      type: 'Patient',
      kind: 'resource',
      snapshot: { element: [] },
    })),
  )
const one = own('a', '1.0.0', {}, [url])
const two = own('a', '2.0.0', {}, [url])
const build = own('a', '2.1.0-ci', {}, [url])

describe('a canonical', () => {
  it('is split at the bar', () => {
    expect(splitCanonical('http://x|1.0')).toEqual({ url: 'http://x', version: '1.0' })
    expect(splitCanonical('http://x')).toEqual({ url: 'http://x', version: undefined })
  })
  it('with a version means that version, or the build or the release line of it', () => {
    const library = new Library([one, two, build])
    expect(library.profile(`${url}|1.0.0`)?.home).toBe(one)
    expect(library.profile(`${url}|2.1.0`)?.home).toBe(build)
    expect(library.profile(`${url}|2.0`)?.home).toBe(two)
    expect(library.profile(`${url}|1.0.7`)?.home).toBe(one)
  })
  it('without a version means the edition of the run, else the newest', () => {
    expect(new Library([one, two, build], new Map([['a', '1.0.0']])).profile(url)?.home).toBe(one)
    expect(new Library([one, two]).profile(url)?.home).toBe(two)
  })
  it('means what the asking package depends on, at any distance', () => {
    const middle = own('b', '1.0.0', { a: '1.0.0' })
    const asking = own('c', '1.0.0', { b: '1.0.0' })
    const library = new Library([two, one, middle, asking], new Map([['a', '2.0.0']]))
    expect(library.profile(url, asking)?.home).toBe(one)
  })
  it('means the nearest version where the declared one is not at hand', () => {
    expect(
      new Library([one, two, own('c', '1', { a: '1.0.9' })]).profile(url, own('c', '1', { a: '1.0.9' }))?.home,
    ).toBe(one)
    expect(new Library([one, two]).profile(url, own('c', '2.0.0', { a: 'current' }))?.home).toBe(two)
  })
  it('prefers, of several aliases, the edition of the run', () => {
    const asking = own('c', '1.0.0', { a: '2.0.0', 'a.v100': '1.0.0' })
    expect(new Library([one, two], new Map([['a', '1.0.0']])).profile(url, asking)?.home).toBe(one)
    expect(new Library([one, two]).profile(url, asking)?.home).toBe(two)
  })
  it('that nobody defines is undefined', () => {
    expect(new Library([one]).profile('http://nowhere')).toBeUndefined()
  })
})

describe('versions', () => {
  it('are compared by number, a build before its release', () => {
    expect(['2.0.0', '10.0.0', '2.1.0', '2.1.0-ci', '2.1'].sort(compareVersions)).toEqual([
      '2.0.0',
      '2.1.0-ci',
      '2.1.0',
      '2.1',
      '10.0.0',
    ])
  })
})
