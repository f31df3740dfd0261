import { expect, test } from 'vitest'
import { Packed } from './packed.ts'

const texts = (n: number): string[] => Array.from({ length: n }, (_, i) => `Type/${i}`)

test('gives back what it took, whole and in stretches that cross its blocks', () => {
  for (const n of [0, 1, 255, 256, 257, 1000]) {
    const packed = new Packed(texts(n))
    expect(packed.length).toBe(n)
    expect([...packed]).toEqual(texts(n))
    for (const [from, until] of [
      [0, 10],
      [250, 260],
      [256, 512],
      [300, 9000],
      [999, 1000],
      [2000, 2001],
    ] as const)
      expect([...packed.slice(from, until)]).toEqual(texts(n).slice(from, until))
  }
})

test('takes more while it is read elsewhere', () => {
  const packed = new Packed(texts(256))
  const first = packed.slice(250, 300)
  expect(first.next().value).toBe('Type/250')
  packed.add('Type/256')
  expect([...packed.slice(255)]).toEqual(['Type/255', 'Type/256'])
})
