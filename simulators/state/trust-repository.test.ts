import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { VirtualClock } from '../../harness/clock.ts'
import { Repository } from './trust-repository.ts'

const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
const owner = { name: 'Trust Manager', email: 'tm@community.example' }
const payer = { name: 'New Plan', email: 'it@new-plan.example' }
const folder = mkdtempSync(join(tmpdir(), 'vitruvian-repo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const make = (where?: string): Repository =>
  new Repository({ clock, owner, welcome: 'Hello', ...(where ? { folder: where } : {}) })

const hasGit = (() => {
  try {
    execFileSync('git', ['--version'])
    return true
  } catch {
    console.warn('git is not here: its second opinion is skipped')
    return false
  }
})()

test('is nothing before it is used', () => {
  const repository = make(join(folder, 'unused.git'))
  expect(repository.begun).toBe(false)
  expect(existsSync(join(folder, 'unused.git'))).toBe(false)
})

test('a branch changes nothing on main until it is merged', async () => {
  const repository = make()
  await repository.put('new-plan', 'bundles/new.json', '{"a":1}', payer, 'Add New Plan')
  expect([...(await repository.files('main')).keys()]).toEqual(['README.md'])
  expect(await repository.changes('new-plan')).toEqual(new Map([['bundles/new.json', '{"a":1}']]))
  const before = await repository.revision('main')
  expect(await repository.merge('new-plan', 'Merge New Plan')).toHaveProperty('merged')
  expect(await repository.revision('main')).not.toBe(before)
  expect((await repository.files('main')).get('bundles/new.json')).toBe('{"a":1}')
  await repository.remove('bundles/new.json', 'Remove New Plan')
  expect([...(await repository.files('main')).keys()]).toEqual(['README.md'])
})

test('two branches are merged; the same file changed twice is a conflict', async () => {
  const repository = make()
  await Promise.all(
    ['a', 'b', 'c'].map((name) => repository.put(name, `bundles/${name}.json`, name, payer, `Add ${name}`)),
  )
  await repository.put('d', 'bundles/a.json', 'another', payer, 'Add a differently')
  for (const name of ['a', 'b', 'c']) expect(await repository.merge(name, `Merge ${name}`)).toHaveProperty('merged')
  expect(await repository.merge('d', 'Merge d')).toEqual({ conflict: 'bundles/a.json' })
  expect((await repository.files('main')).size).toBe(4)
})

test.skipIf(!hasGit)('git itself finds it sound', async () => {
  const at = join(folder, 'sound.git')
  const repository = make(at)
  await repository.put('new-plan', 'bundles/new.json', '{"a":1}', payer, 'Add New Plan')
  await repository.merge('new-plan', 'Merge New Plan')
  const git = (...args: string[]): string => execFileSync('git', ['--git-dir', at, ...args], { encoding: 'utf8' })
  expect(git('fsck', '--strict', '--full')).toBe('')
  expect(git('log', '--format=%an: %s', '--topo-order', 'main').trim().split('\n')).toEqual([
    'Trust Manager: Merge New Plan',
    'New Plan: Add New Plan',
    'Trust Manager: Open the repository of the community',
  ])
  expect(git('rev-list', '--merges', '--count', 'main').trim()).toBe('1')
  expect(git('show', 'main:bundles/new.json')).toBe('{"a":1}')
  // The same folder, opened again, goes on where it was.
  expect((await make(at).files('main')).get('bundles/new.json')).toBe('{"a":1}')
  repository.close()
  expect(existsSync(at)).toBe(false)
})
