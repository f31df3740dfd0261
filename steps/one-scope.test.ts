import { expect, test } from 'vitest'
import { AsyncLocalStorage } from './one-scope.ts'

test('holds the store until the callback has come, however it ends', async () => {
  const scope = new AsyncLocalStorage<string>()
  const seen = await scope.run('step', async () => {
    await Promise.resolve()
    return [scope.getStore(), await scope.run('inner', () => scope.getStore()), scope.getStore()]
  })
  expect(seen).toEqual(['step', 'inner', 'step'])
  await expect(scope.run('step', () => Promise.reject(new Error('broke')))).rejects.toThrow('broke')
  expect(scope.getStore()).toBeUndefined()
})
