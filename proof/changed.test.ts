/** What a change touches, in a small set of sources. */
import { expect, it } from 'vitest'
import { touchedBy } from './changed.ts'
import { importersOf, type Sources } from './imports.ts'
import { sample } from './selection.ts'

const sources: Sources = new Map([
  ['harness/check.ts', ''],
  ['guides/core/received.ts', "import { check } from '../../harness/check.ts'"],
  ['guides/core/checks/paging.ts', "import { x } from '../received.ts'\ncheck('CORE-037', 'IMPLIED', 'pages')"],
  ['guides/core/checks/read.ts', "check('CORE-010', 'SHALL', 'reads')"],
  ['simulators/faults/spoiling.ts', ''],
  ['simulators/faults/paging.ts', "import { y } from './spoiling.ts'\nfault('pages-lose-one', ['CORE-037'])"],
  ['simulators/faults/index.ts', "import { z } from './paging.ts'"],
  ['features/a.feature', '@CORE-037'],
  ['simulators/payer.ts', "const late = await import('./host.ts')"],
  ['simulators/host.ts', ''],
])
const touch = (...changed: string[]) => touchedBy(changed, sources, ['pages-lose-one', 'pages-repeat'])

it('knows who imports whom', () => {
  expect([...importersOf(sources, ['guides/core/received.ts'])]).toContain('guides/core/checks/paging.ts')
  expect([...importersOf(sources, ['simulators/host.ts'])]).toContain('simulators/payer.ts')
})

it('finds faults by their file or by what their file uses', () => {
  expect(touch('simulators/faults/paging.ts').subjects).toEqual(new Set(['pages-lose-one']))
  expect(touch('simulators/faults/spoiling.ts').subjects).toEqual(new Set(['pages-lose-one']))
  expect(touch('simulators/faults/paging.ts').shared).toEqual([])
})

it('finds requirements by the file of their checks or by what it uses', () => {
  expect(touch('guides/core/checks/read.ts').requirements).toEqual(new Set(['CORE-010']))
  expect(touch('guides/core/received.ts').requirements).toEqual(new Set(['CORE-037']))
})

it('finds scenarios by their feature', () => {
  expect(touch('features/a.feature').features).toEqual(new Set(['features/a.feature']))
})

it('says what is shared by everything', () => {
  expect(touch('harness/check.ts').shared).toEqual(['harness/check.ts'])
  expect(touch('simulators/payer.ts').shared).toEqual(['simulators/payer.ts'])
  expect(touch('simulators/faults/index.ts').shared).toEqual([])
})

it('draws a sample within its price, in the order of rank', () => {
  const list = ['d', 'a', 'f', 'c', 'b', 'e']
  const draw = (most: number) => sample(list, String, () => 10, most)
  expect(draw(30)).toEqual({ taken: ['a', 'c', 'b'], of: 6 })
  expect(draw(1).taken).toEqual(['a'])
  expect(draw(100).taken).toEqual(list)
})
