import { expect, test } from 'vitest'
import { once } from './once.ts'

test('a name is worked out once, and again when too many were kept', () => {
  const known = new Map<string, number>()
  let made = 0
  const ask = (name: string): number => once(known, name, () => ++made, 2)
  expect([ask('a'), ask('a'), ask('b'), ask('a')]).toEqual([1, 1, 2, 1])
  expect([ask('c'), ask('a')]).toEqual([3, 4])
})

test('what rejects is not kept', async () => {
  const known = new Map<string, Promise<string>>()
  await expect(once(known, 'a', () => Promise.reject(new Error('not yet')))).rejects.toThrow('not yet')
  await expect(once(known, 'a', () => Promise.resolve('now'))).resolves.toBe('now')
})
