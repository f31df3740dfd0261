/**
 * The community's public repository: a branch for each submission and what was merged on main, made of real objects of git
 * that anybody may clone. In memory; made when somebody first uses it.
 */
import { deflateSync } from 'node:zlib'
import type { Clock } from '../../harness/clock.ts'
import { epochSeconds } from '../../harness/clock.ts'
import { type Author, blob, commit, type GitObject, type TreeEntry, tree } from './git-objects.ts'

/** Path -> id of its blob, in git's order. */
type Files = ReadonlyMap<string, string>

/** A commit, and what it comes from. */
interface Revision {
  readonly id: string
  readonly parents: readonly Revision[]
  readonly files: Files
}

export class Repository {
  readonly #clock: Clock
  readonly #owner: Author
  readonly #welcome: string
  readonly #objects = new Map<string, Buffer>()
  readonly #texts = new Map<string, string>()
  readonly #branches = new Map<string, Revision>()

  /** `welcome`: text of its README. */
  constructor(part: { clock: Clock; owner: Author; welcome: string }) {
    this.#clock = part.clock
    this.#owner = part.owner
    this.#welcome = part.welcome
  }

  /** Has anybody used it? Before that main is empty and nothing was made. */
  get begun(): boolean {
    return this.#branches.size > 0
  }

  /** Branches and the commits that they are at. */
  branches(): Map<string, string> {
    this.#begin()
    const names = [...this.#branches.keys()].sort()
    return new Map(names.map((name) => [name, this.#at(name).id]))
  }

  /** Commit that a branch is at; undefined when there is none. */
  revision(branch: string): string | undefined {
    this.#begin()
    return this.#branches.get(branch)?.id
  }

  /** The files of a branch: path and text. Throws RangeError when there is no such branch. */
  files(branch: string): Map<string, string> {
    this.#begin()
    return new Map([...this.#at(branch).files].map(([path, id]) => [path, this.#text(id)]))
  }

  /** Puts a file on a branch, which is begun from main if it is new. Returns the commit. */
  put(branch: string, path: string, text: string, author: Author, message: string): string {
    this.#begin()
    const parent = this.#branches.get(branch) ?? this.#at('main')
    return this.#commit(branch, new Map(parent.files).set(path, this.#write(text)), [parent], author, message)
  }

  /** Paths that a branch adds, changes or (null) deletes, seen from where it left main. */
  changes(branch: string): Map<string, string | null> {
    this.#begin()
    const changed = this.#changed(branch)
    return new Map([...changed].map(([path, id]) => [path, id === null ? null : this.#text(id)]))
  }

  /** Merges a branch into main with a commit of two parents. `conflict`: main changed the same file meanwhile. */
  merge(branch: string, message: string): { merged: string } | { conflict: string } {
    this.#begin()
    const [ours, theirs, before] = [this.#at('main'), this.#at(branch), this.#base(branch).files]
    const main = new Map(ours.files)
    for (const [path, id] of this.#changed(branch)) {
      if (main.get(path) !== before.get(path) && main.get(path) !== id) return { conflict: path }
      if (id === null) main.delete(path)
      else main.set(path, id)
    }
    return { merged: this.#commit('main', main, [ours, theirs], this.#owner, message) }
  }

  /** Takes a file off main: the owner's own commit. Returns the commit. */
  remove(path: string, message: string): string {
    this.#begin()
    const parent = this.#at('main')
    const files = new Map(parent.files)
    files.delete(path)
    return this.#commit('main', files, [parent], this.#owner, message)
  }

  /** A file of the bare repository itself, for the dumb HTTP protocol; undefined when there is none. */
  raw(path: string): Uint8Array | undefined {
    if (path === 'HEAD') return Buffer.from('ref: refs/heads/main\n')
    if (path === 'info/refs')
      return Buffer.from([...this.branches()].map(([name, id]) => `${id}\trefs/heads/${name}\n`).join(''))
    // Objects are loose, never packed.
    if (path === 'objects/info/packs') return Buffer.from('\n')
    const [, folder = '', name = ''] = /^objects\/([0-9a-f]{2})\/([0-9a-f]{38})$/.exec(path) ?? []
    const object = this.#objects.get(folder + name)
    return object && deflateSync(object)
  }

  #begin(): void {
    if (this.begun) return
    const files = new Map([['README.md', this.#write(this.#welcome)]])
    this.#commit('main', files, [], this.#owner, 'Open the repository of the community')
  }

  #at(branch: string): Revision {
    const found = this.#branches.get(branch)
    if (!found) throw new RangeError(`there is no branch ${branch}`)
    return found
  }

  #text(id: string): string {
    return this.#texts.get(id) as string
  }

  /** Where a branch left main, or was merged last. A branch never merges: its history is a line that leads to main's. */
  #base(branch: string): Revision {
    const main = new Set<Revision>([this.#at('main')])
    for (const { parents } of main) for (const parent of parents) main.add(parent)
    let at = this.#at(branch)
    while (!main.has(at)) at = at.parents[0] as Revision
    return at
  }

  #changed(branch: string): Map<string, string | null> {
    const [before, after] = [this.#base(branch).files, this.#at(branch).files]
    const changed = new Map<string, string | null>()
    for (const path of new Set([...before.keys(), ...after.keys()]))
      if (before.get(path) !== after.get(path)) changed.set(path, after.get(path) ?? null)
    return changed
  }

  #commit(branch: string, content: Files, parents: readonly Revision[], author: Author, message: string): string {
    const files = new Map([...content].sort(([one], [other]) => (one < other ? -1 : 1)))
    const id = this.#keep(
      commit({
        tree: this.#tree(files),
        parents: parents.map((parent) => parent.id),
        author,
        committer: this.#owner,
        at: epochSeconds(this.#clock.now()),
        message,
      }),
    )
    this.#branches.set(branch, { id, parents, files })
    return id
  }

  #tree(files: Files): string {
    const entries: TreeEntry[] = []
    const folders = new Map<string, Map<string, string>>()
    for (const [path, id] of files) {
      const [name, ...rest] = path.split('/') as [string, ...string[]]
      if (rest.length === 0) entries.push({ name, id })
      else folders.set(name, (folders.get(name) ?? new Map()).set(rest.join('/'), id))
    }
    for (const [name, within] of folders) entries.push({ name, id: this.#tree(within), folder: true })
    return this.#keep(tree(entries))
  }

  #write(text: string): string {
    const id = this.#keep(blob(text))
    this.#texts.set(id, text)
    return id
  }

  #keep({ id, bytes }: GitObject): string {
    this.#objects.set(id, bytes)
    return id
  }
}
