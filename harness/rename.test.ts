import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { renamePatiently } from './rename.ts'

const folder = mkdtempSync(join(tmpdir(), 'rename-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const from = join(folder, 'from')
const to = join(folder, 'to')

/** Refuses so often, and then does it. */
const refusing = (times: number, code: string): [rename: typeof renameSync, tries: () => number] => {
  let tries = 0
  const rename: typeof renameSync = (...names) => {
    if (tries++ < times) throw Object.assign(new Error(code), { code })
    renameSync(...names)
  }
  return [rename, () => tries]
}

describe('a file', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('that a scanner holds (%s) gets its name when it is free', (code) => {
    writeFileSync(from, code)
    const [rename, tries] = refusing(2, code)
    renamePatiently(from, to, rename)
    expect(tries()).toBe(3)
    expect(existsSync(from)).toBe(false)
    expect(readFileSync(to, 'utf8')).toBe(code)
  })

  it('that is not there, or never free, is told as it is', () => {
    const [gone, tries] = refusing(1, 'ENOENT')
    expect(() => renamePatiently(from, to, gone)).toThrow('ENOENT')
    expect(tries()).toBe(1)
    const [held] = refusing(Number.POSITIVE_INFINITY, 'EPERM')
    expect(() => renamePatiently(from, to, held)).toThrow('EPERM')
  })
})
