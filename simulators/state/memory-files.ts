/** A file system in memory, as far as git needs one: a repository of a scenario leaves nothing behind. */

interface Stat {
  readonly type: 'file' | 'dir'
  readonly mode: number
  readonly size: number
  readonly ino: number
  readonly mtimeMs: number
  readonly ctimeMs: number
  readonly uid: number
  readonly gid: number
  readonly dev: number
  isFile(): boolean
  isDirectory(): boolean
  isSymbolicLink(): boolean
}

/** Git asks for much that is not there yet, and looks at the code alone: to note where it asked would cost more than to answer. */
const missing = (code: 'ENOENT' | 'EEXIST' | 'ENOTDIR', path: string): Error =>
  Object.assign(Object.create(Error.prototype) as Error, { message: `${code}: ${path}`, code })
const parent = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 1))

/** The promises half of `node:fs`, over a map. Paths are absolute and tidy, as git's library writes them. */
export class MemoryFiles {
  readonly #files = new Map<string, Uint8Array>()
  readonly #folders = new Set<string>(['/'])

  /** `like`: begins with what that one holds now. */
  constructor(like?: MemoryFiles) {
    if (like) this.fill(like)
  }

  /** Takes over what the other holds. */
  fill(from: MemoryFiles): void {
    for (const [path, bytes] of from.#files) this.#files.set(path, bytes)
    for (const path of from.#folders) this.#folders.add(path)
  }

  /** What isomorphic-git takes for its `fs`. */
  readonly promises = {
    readFile: async (path: string, options?: string | { encoding?: string }): Promise<Uint8Array | string> => {
      const bytes = this.#files.get(path)
      if (!bytes) throw missing('ENOENT', path)
      const encoding = typeof options === 'string' ? options : options?.encoding
      return encoding ? Buffer.from(bytes).toString('utf8') : bytes
    },
    writeFile: async (path: string, data: Uint8Array | string): Promise<void> => {
      // Else git would make the folder when it was told that there is none, and write again.
      for (let folder = parent(path); !this.#folders.has(folder); folder = parent(folder)) this.#folders.add(folder)
      this.#files.set(path, typeof data === 'string' ? Buffer.from(data) : data)
    },
    unlink: async (path: string): Promise<void> => {
      if (!this.#files.delete(path)) throw missing('ENOENT', path)
    },
    readdir: async (folder: string): Promise<string[]> => {
      if (!this.#folders.has(folder)) throw missing(this.#files.has(folder) ? 'ENOTDIR' : 'ENOENT', folder)
      const within = folder === '/' ? '/' : `${folder}/`
      const names = [...this.#files.keys(), ...this.#folders].filter(
        (name) => name.startsWith(within) && name !== folder,
      )
      return [...new Set(names.map((name) => name.slice(within.length).split('/')[0] as string))].sort()
    },
    mkdir: async (folder: string): Promise<void> => {
      if (this.#folders.has(folder)) throw missing('EEXIST', folder)
      if (!this.#folders.has(parent(folder))) throw missing('ENOENT', folder)
      this.#folders.add(folder)
    },
    rmdir: async (path: string): Promise<void> => {
      if (!this.#folders.delete(path)) throw missing('ENOENT', path)
    },
    stat: async (path: string): Promise<Stat> => this.#stat(path),
    lstat: async (path: string): Promise<Stat> => this.#stat(path),
    readlink: async (path: string): Promise<string> => {
      throw missing('ENOENT', path)
    },
    symlink: async (_target: string, path: string): Promise<void> => {
      throw missing('ENOENT', path)
    },
    chmod: async (): Promise<void> => undefined,
  }

  #stat(path: string): Stat {
    const bytes = this.#files.get(path)
    if (!bytes && !this.#folders.has(path)) throw missing('ENOENT', path)
    return {
      type: bytes ? 'file' : 'dir',
      mode: bytes ? 0o100644 : 0o40000,
      size: bytes?.length ?? 0,
      ino: 0,
      mtimeMs: 0,
      ctimeMs: 0,
      uid: 0,
      gid: 0,
      dev: 0,
      isFile: () => bytes !== undefined,
      isDirectory: () => bytes === undefined,
      isSymbolicLink: () => false,
    }
  }
}
