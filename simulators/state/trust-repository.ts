/**
 * The community's public repository: a real bare git repository with a branch for each submission and what was merged on
 * main. In memory for a scenario, or in a folder; made when somebody first uses it.
 */
import { mkdirSync, promises, rmSync } from 'node:fs'
import git, { type TreeEntry } from 'isomorphic-git'
import type { Clock } from '../../harness/clock.ts'
import { epochSeconds } from '../../harness/clock.ts'
import { once } from '../../harness/once.ts'
import { MemoryFiles } from './memory-files.ts'

export interface Author {
  readonly name: string
  readonly email: string
}

/** Path -> id of its blob. */
type Files = ReadonlyMap<string, string>

export class Repository {
  readonly #clock: Clock
  readonly #owner: Author
  readonly #welcome: string
  readonly #folder: string | undefined
  readonly #at: { fs: { promises: object }; gitdir: string }
  /** What commits and blobs hold, by their ids: an object of git never changes. */
  readonly #read = { files: new Map<string, Promise<Files>>(), texts: new Map<string, Promise<string>>() }
  #ready: Promise<void> | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** `folder`: where the bare repository lies on disk; absent: in memory. `welcome`: text of its README. */
  constructor(part: { clock: Clock; owner: Author; welcome: string; folder?: string }) {
    this.#clock = part.clock
    this.#owner = part.owner
    this.#welcome = part.welcome
    this.#folder = part.folder
    this.#at = part.folder ? { fs: { promises }, gitdir: part.folder } : { fs: new MemoryFiles(), gitdir: '/repo.git' }
  }

  /** Has anybody used it? Before that main is empty and nothing was made. */
  get begun(): boolean {
    return this.#ready !== undefined
  }

  /** Branches and the commits that they are at. */
  async branches(): Promise<Map<string, string>> {
    await this.#begin()
    const names = await git.listBranches(this.#git)
    const found = new Map<string, string>()
    for (const name of names) found.set(name, await this.#tip(name))
    return found
  }

  /** Commit that a branch is at; undefined when there is none. */
  async revision(branch: string): Promise<string | undefined> {
    return (await this.branches()).get(branch)
  }

  /** The files of a branch: path and text. */
  async files(branch: string): Promise<Map<string, string>> {
    await this.#begin()
    const found = new Map<string, string>()
    for (const [path, oid] of await this.#filesOf(await this.#tip(branch))) found.set(path, await this.#text(oid))
    return found
  }

  /** Puts a file on a branch, which is begun from main if it is new. Returns the commit. */
  put(branch: string, path: string, text: string, author: Author, message: string): Promise<string> {
    return this.#inTurn(async () => {
      const known = (await git.listBranches(this.#git)).includes(branch)
      const parent = await this.#tip(known ? branch : 'main')
      const blob = await git.writeBlob({ ...this.#git, blob: Buffer.from(text) })
      const files = new Map(await this.#filesOf(parent)).set(path, blob)
      return this.#commit(branch, files, [parent], author, message)
    })
  }

  /** Paths that a branch adds, changes or (null) deletes, seen from where it left main. */
  async changes(branch: string): Promise<Map<string, string | null>> {
    await this.#begin()
    const changed = await this.#changed(branch)
    const found = new Map<string, string | null>()
    for (const [path, oid] of changed) found.set(path, oid === null ? null : await this.#text(oid))
    return found
  }

  /** Merges a branch into main with a commit of two parents. `conflict`: main changed the same file meanwhile. */
  merge(branch: string, message: string): Promise<{ merged: string } | { conflict: string }> {
    return this.#inTurn(async () => {
      const [ours, theirs] = [await this.#tip('main'), await this.#tip(branch)]
      const base = await this.#base(branch)
      const [before, main] = [await this.#filesOf(base), new Map(await this.#filesOf(ours))]
      for (const [path, oid] of await this.#changed(branch)) {
        if (main.get(path) !== before.get(path) && main.get(path) !== oid) return { conflict: path }
        if (oid === null) main.delete(path)
        else main.set(path, oid)
      }
      return { merged: await this.#commit('main', main, [ours, theirs], this.#owner, message) }
    })
  }

  /** Takes a file off main: the owner's own commit. Returns the commit. */
  remove(path: string, message: string): Promise<string> {
    return this.#inTurn(async () => {
      const parent = await this.#tip('main')
      const files = new Map(await this.#filesOf(parent))
      files.delete(path)
      return this.#commit('main', files, [parent], this.#owner, message)
    })
  }

  /** A file of the bare repository itself, for the dumb HTTP protocol; undefined when there is none. */
  async raw(path: string): Promise<Uint8Array | undefined> {
    await this.#begin()
    if (path.split('/').some((part) => part === '..')) return undefined
    if (path === 'info/refs') {
      const lines = [...(await this.branches())].map(([name, oid]) => `${oid}\trefs/heads/${name}\n`)
      return Buffer.from(lines.sort().join(''))
    }
    // Objects are loose, never packed.
    if (path === 'objects/info/packs') return Buffer.from('\n')
    const fs = this.#at.fs.promises as { readFile: (path: string) => Promise<Uint8Array> }
    return fs.readFile(`${this.#at.gitdir}/${path}`).catch(() => undefined)
  }

  /** Removes a repository that lies on disk. */
  close(): void {
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true })
  }

  get #git(): { fs: { promises: never }; gitdir: string } {
    return this.#at as { fs: { promises: never }; gitdir: string }
  }

  /** One writer after the other: two requests at once must not lose a commit. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.#begin()
    const mine = this.#turn.then(work, work)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  #begin(): Promise<void> {
    this.#ready ??= (async () => {
      if (this.#folder) mkdirSync(this.#folder, { recursive: true })
      await git.init({ ...this.#git, bare: true, defaultBranch: 'main' })
      if ((await git.listBranches(this.#git)).includes('main')) return
      const readme = await git.writeBlob({ ...this.#git, blob: Buffer.from(this.#welcome) })
      await this.#commit(
        'main',
        new Map([['README.md', readme]]),
        [],
        this.#owner,
        'Open the repository of the community',
      )
    })()
    return this.#ready
  }

  #tip(branch: string): Promise<string> {
    return git.resolveRef({ ...this.#git, ref: `refs/heads/${branch}` })
  }

  async #base(branch: string): Promise<string> {
    const oids = [await this.#tip('main'), await this.#tip(branch)]
    const [base] = (await git.findMergeBase({ ...this.#git, oids })) as string[]
    return base as string
  }

  async #changed(branch: string): Promise<Map<string, string | null>> {
    const [before, after] = [
      await this.#filesOf(await this.#base(branch)),
      await this.#filesOf(await this.#tip(branch)),
    ]
    const changed = new Map<string, string | null>()
    for (const path of new Set([...before.keys(), ...after.keys()]))
      if (before.get(path) !== after.get(path)) changed.set(path, after.get(path) ?? null)
    return changed
  }

  #filesOf(commit: string): Promise<Files> {
    return once(this.#read.files, commit, () => this.#treeOf(commit))
  }

  async #treeOf(commit: string): Promise<Files> {
    const found = new Map<string, string>()
    const visit = async (oid: string, within: string): Promise<void> => {
      const { tree } = await git.readTree({ ...this.#git, oid })
      for (const entry of tree)
        if (entry.type === 'tree') await visit(entry.oid, `${within}${entry.path}/`)
        else found.set(`${within}${entry.path}`, entry.oid)
    }
    await visit(commit, '')
    return found
  }

  #text(oid: string): Promise<string> {
    return once(this.#read.texts, oid, async () => {
      const { blob } = await git.readBlob({ ...this.#git, oid })
      return Buffer.from(blob).toString('utf8')
    })
  }

  async #commit(branch: string, files: Files, parent: string[], author: Author, message: string): Promise<string> {
    const tree = await this.#writeTree(files)
    const when = { timestamp: epochSeconds(this.#clock.now()), timezoneOffset: 0 }
    const by = { ...author, ...when }
    const committer = { ...this.#owner, ...when }
    const oid = await git.writeCommit({
      ...this.#git,
      commit: { message: `${message}\n`, tree, parent, author: by, committer },
    })
    await git.writeRef({ ...this.#git, ref: `refs/heads/${branch}`, value: oid, force: true })
    return oid
  }

  async #writeTree(files: Files): Promise<string> {
    const folders = new Map<string, Map<string, string>>()
    const entries: TreeEntry[] = []
    for (const [path, oid] of files) {
      const [first, ...rest] = path.split('/') as [string, ...string[]]
      if (rest.length === 0) entries.push({ mode: '100644', path: first, oid, type: 'blob' })
      else folders.set(first, (folders.get(first) ?? new Map()).set(rest.join('/'), oid))
    }
    for (const [path, within] of folders)
      entries.push({ mode: '040000', path, oid: await this.#writeTree(within), type: 'tree' })
    return git.writeTree({ ...this.#git, tree: entries })
  }
}
