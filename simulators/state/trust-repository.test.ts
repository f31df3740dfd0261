import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inflateSync } from 'node:zlib'
import git from 'isomorphic-git'
import { afterAll, expect, test } from 'vitest'
import { VirtualClock } from '../../harness/clock.ts'
import { Repository } from './trust-repository.ts'

const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
const owner = { name: 'Trust Manager', email: 'tm@community.example' }
const payer = { name: 'New Plan', email: 'it@new-plan.example' }
const folder = mkdtempSync(join(tmpdir(), 'vitruvian-repo-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const make = (): Repository => new Repository({ clock, owner, welcome: 'Hello' })

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
  const repository = make()
  expect(repository.begun).toBe(false)
  expect([...repository.branches().keys()]).toEqual(['main'])
  expect(repository.begun).toBe(true)
})

test('a branch changes nothing on main until it is merged', () => {
  const repository = make()
  repository.put('new-plan', 'bundles/new.json', '{"a":1}', payer, 'Add New Plan')
  expect([...repository.files('main').keys()]).toEqual(['README.md'])
  expect(repository.changes('new-plan')).toEqual(new Map([['bundles/new.json', '{"a":1}']]))
  const before = repository.revision('main')
  expect(repository.merge('new-plan', 'Merge New Plan')).toHaveProperty('merged')
  expect(repository.revision('main')).not.toBe(before)
  expect(repository.files('main').get('bundles/new.json')).toBe('{"a":1}')
  repository.remove('bundles/new.json', 'Remove New Plan')
  expect([...repository.files('main').keys()]).toEqual(['README.md'])
  expect(repository.revision('elsewhere')).toBeUndefined()
  expect(() => repository.files('elsewhere')).toThrow(RangeError)
})

test('two branches are merged; the same file changed twice is a conflict', () => {
  const repository = make()
  for (const name of ['a', 'b', 'c']) repository.put(name, `bundles/${name}.json`, name, payer, `Add ${name}`)
  repository.put('d', 'bundles/a.json', 'another', payer, 'Add a differently')
  for (const name of ['a', 'b', 'c']) expect(repository.merge(name, `Merge ${name}`)).toHaveProperty('merged')
  expect(repository.merge('d', 'Merge d')).toEqual({ conflict: 'bundles/a.json' })
  expect(repository.files('main').size).toBe(4)
})

test('a branch that was merged goes on from there', () => {
  const repository = make()
  repository.put('plan', 'bundles/plan.json', '1', payer, 'First')
  repository.merge('plan', 'Merge the first')
  repository.put('plan', 'bundles/plan.json', '2', payer, 'Second')
  expect(repository.changes('plan')).toEqual(new Map([['bundles/plan.json', '2']]))
  repository.put('other', 'bundles/other.json', '3', payer, 'Another')
  expect(repository.merge('plan', 'Merge the second')).toHaveProperty('merged')
  expect(repository.files('main').get('bundles/plan.json')).toBe('2')
})

/** Lays the repository out in a folder, as a web server would hold it; a name that would break out of its line, too. */
function laidOut(name: string): string {
  const repository = make()
  const odd = { name: 'New <Plan>\nauthor', email: 'it@new-plan.example' }
  repository.put('new-plan', 'bundles/new.json', '{"a":1}', odd, 'Add New Plan')
  repository.put('new-plan', 'bundles.txt', 'sorts before the folder', payer, 'Add a text')
  repository.merge('new-plan', 'Merge New Plan')
  const at = join(folder, name)
  const write = (path: string): void => {
    mkdirSync(dirname(join(at, path)), { recursive: true })
    writeFileSync(join(at, path), repository.raw(path) as Uint8Array)
  }
  for (const path of ['HEAD', 'info/refs']) write(path)
  for (const [branch, id] of repository.branches()) {
    mkdirSync(join(at, 'refs', 'heads'), { recursive: true })
    writeFileSync(join(at, 'refs', 'heads', branch), `${id}\n`)
  }
  const left = [...repository.branches().values()]
  for (const id of left) {
    const path = `objects/${id.slice(0, 2)}/${id.slice(2)}`
    write(path)
    left.push(...namedBy(inflateSync(repository.raw(path) as Uint8Array)))
  }
  return at
}

/** The objects that an object names: of a commit its tree and parents, of a tree its entries. */
function namedBy(object: Buffer): string[] {
  const content = object.subarray(object.indexOf(0) + 1)
  if (object.toString('latin1', 0, 6) === 'commit')
    return [...content.toString().matchAll(/^(?:tree|parent) ([0-9a-f]{40})$/gm)].map(([, id]) => id as string)
  const names: string[] = []
  if (object.toString('latin1', 0, 4) === 'tree')
    for (let at = content.indexOf(0) + 1; at > 0; at = content.indexOf(0, at + 20) + 1)
      names.push(content.toString('hex', at, at + 20))
  return names
}

test.skipIf(!hasGit)('git itself finds it sound', () => {
  const at = laidOut('sound.git')
  const run = (...args: string[]): string => execFileSync('git', ['--git-dir', at, ...args], { encoding: 'utf8' })
  expect(run('fsck', '--strict', '--full')).toBe('')
  expect(run('log', '--format=%an: %s', '--topo-order', 'main').trim().split('\n')).toEqual([
    'Trust Manager: Merge New Plan',
    'New Plan: Add a text',
    'New Plan author: Add New Plan',
    'Trust Manager: Open the repository of the community',
  ])
  expect(run('rev-list', '--merges', '--count', 'main').trim()).toBe('1')
  expect(run('show', 'main:bundles/new.json')).toBe('{"a":1}')
})

test('another reader of git objects finds the same, also where git is not', async () => {
  const gitdir = laidOut('read.git')
  const fs = await import('node:fs')
  const [latest] = await git.log({ fs, gitdir, ref: 'main', depth: 1 })
  expect(latest?.commit).toMatchObject({ message: 'Merge New Plan\n', committer: { name: owner.name } })
  const { tree } = await git.readTree({ fs, gitdir, oid: latest?.oid ?? '' })
  const names = tree.map(({ path, type }) => `${type} ${path}`).sort()
  expect(names).toEqual(['blob README.md', 'blob bundles.txt', 'tree bundles'])
  const { blob } = await git.readBlob({ fs, gitdir, oid: latest?.oid ?? '', filepath: 'bundles/new.json' })
  expect(Buffer.from(blob).toString()).toBe('{"a":1}')
})
