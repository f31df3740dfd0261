/**
 * The community's public repository: a real bare git repository with a branch for each submission and what was merged on
 * main. In memory for a scenario, or in a folder; made when somebody first uses it.
 */
import { mkdirSync, promises, rmSync } from 'node:fs'
import git, { type TreeEntry } from 'isomorphic-git'
import { FileSystem } from 'isomorphic-git/models'
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

/** How a branch and main stand to each other: the commits that they are at, and the one where they parted. */
interface Fork {
  readonly main: string
  readonly branch: string
  readonly base: string
}

/** What commits and blobs hold and where two commits part, by their ids: an object of git never changes, wherever it lies. */
const read = {
  files: new Map<string, Promise<Files>>(),
  texts: new Map<string, Promise<string>>(),
  bases: new Map<string, Promise<string>>(),
}
/** Repositories in memory as they were opened, by who opened them, with which words, and when: the next one is a copy. */
const opened = new Map<string, Promise<MemoryFiles>>()

export class Repository {
  readonly #clock: Clock
  readonly #owner: Author
  readonly #welcome: string
  readonly #folder: string | undefined
  readonly #memory = new MemoryFiles()
  readonly #fs: FileSystem
  readonly #git: { readonly fs: { promises: never }; readonly gitdir: string }
  #ready: Promise<void> | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** `folder`: where the bare repository lies on disk; absent: in memory. `welcome`: text of its README. */
  constructor(part: { clock: Clock; owner: Author; welcome: string; folder?: string }) {
    this.#clock = part.clock
    this.#owner = part.owner
    this.#welcome = part.welcome
    this.#folder = part.folder
    // Wrapped here, or else each call of git would try out anew what kind of file system it was given.
    this.#fs = new FileSystem(part.folder ? { promises } : this.#memory)
    this.#git = { fs: this.#fs as unknown as { promises: never }, gitdir: part.folder ?? '/repo.git' }
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
    await this.#begin()
    return (await git.listBranches(this.#git)).includes(branch) ? this.#tip(branch) : undefined
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
      const parent = (await this.revision(branch)) ?? (await this.#tip('main'))
      const blob = await git.writeBlob({ ...this.#git, blob: Buffer.from(text) })
      const files = new Map(await this.#filesOf(parent)).set(path, blob)
      return this.#commit(branch, files, [parent], author, message)
    })
  }

  /** Paths that a branch adds, changes or (null) deletes, seen from where it left main. */
  async changes(branch: string): Promise<Map<string, string | null>> {
    await this.#begin()
    const changed = await this.#changed(await this.#fork(branch))
    const found = new Map<string, string | null>()
    for (const [path, oid] of changed) found.set(path, oid === null ? null : await this.#text(oid))
    return found
  }

  /** Merges a branch into main with a commit of two parents. `conflict`: main changed the same file meanwhile. */
  merge(branch: string, message: string): Promise<{ merged: string } | { conflict: string }> {
    return this.#inTurn(async () => {
      const fork = await this.#fork(branch)
      const [before, main] = [await this.#filesOf(fork.base), new Map(await this.#filesOf(fork.main))]
      for (const [path, oid] of await this.#changed(fork)) {
        if (main.get(path) !== before.get(path) && main.get(path) !== oid) return { conflict: path }
        if (oid === null) main.delete(path)
        else main.set(path, oid)
      }
      return { merged: await this.#commit('main', main, [fork.main, fork.branch], this.#owner, message) }
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
    const found = await this.#fs.read(`${this.#git.gitdir}/${path}`).catch(() => null)
    return found === null ? undefined : Buffer.from(found)
  }

  /** Removes a repository that lies on disk. */
  close(): void {
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true })
  }

  /** One writer after the other: two requests at once must not lose a commit. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    await this.#begin()
    const mine = this.#turn.then(work, work)
    this.#turn = mine.catch(() => undefined)
    return mine
  }

  #begin(): Promise<void> {
    this.#ready ??= this.#folder ? this.#open() : this.#openInMemory()
    return this.#ready
  }

  async #openInMemory(): Promise<void> {
    const like = JSON.stringify([this.#owner, this.#welcome, epochSeconds(this.#clock.now())])
    const same = await once(opened, like, async () => {
      await this.#open()
      return new MemoryFiles(this.#memory)
    })
    this.#memory.fill(same)
  }

  async #open(): Promise<void> {
    if (this.#folder) mkdirSync(this.#folder, { recursive: true })
    await git.init({ ...this.#git, bare: true, defaultBranch: 'main' })
    if ((await git.listBranches(this.#git)).includes('main')) return
    const readme = await git.writeBlob({ ...this.#git, blob: Buffer.from(this.#welcome) })
    const files = new Map([['README.md', readme]])
    await this.#commit('main', files, [], this.#owner, 'Open the repository of the community')
  }

  #tip(branch: string): Promise<string> {
    return git.resolveRef({ ...this.#git, ref: `refs/heads/${branch}` })
  }

  async #fork(branch: string): Promise<Fork> {
    const oids = [await this.#tip('main'), await this.#tip(branch)] as const
    const base = await once(read.bases, oids.join(), async () => {
      const [first] = (await git.findMergeBase({ ...this.#git, oids: [...oids] })) as string[]
      return first as string
    })
    return { main: oids[0], branch: oids[1], base }
  }

  async #changed({ base, branch }: Fork): Promise<Map<string, string | null>> {
    const [before, after] = [await this.#filesOf(base), await this.#filesOf(branch)]
    const changed = new Map<string, string | null>()
    for (const path of new Set([...before.keys(), ...after.keys()]))
      if (before.get(path) !== after.get(path)) changed.set(path, after.get(path) ?? null)
    return changed
  }

  #filesOf(commit: string): Promise<Files> {
    return once(read.files, commit, () => this.#treeOf(commit))
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
    return once(read.texts, oid, async () => {
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
