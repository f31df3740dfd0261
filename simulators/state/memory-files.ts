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

const missing = (code: 'ENOENT' | 'EEXIST' | 'ENOTDIR', path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code })
const parent = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 1))
/** Most paths are as they should be: to take them apart would cost more than what is done with them. */
const clean = (path: string): string => (path.startsWith('/') && !/\/\.?(?:\/|$)/.test(path) ? path : tidied(path))
const tidied = (path: string): string =>
  `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`

/** The promises half of `node:fs`, over a map. */
export class MemoryFiles {
  readonly #files = new Map<string, Uint8Array>()
  readonly #folders = new Set<string>(['/'])

  /** What isomorphic-git takes for its `fs`. */
  readonly promises = {
    readFile: async (path: string, options?: string | { encoding?: string }): Promise<Uint8Array | string> => {
      const bytes = this.#files.get(clean(path))
      if (!bytes) throw missing('ENOENT', path)
      const encoding = typeof options === 'string' ? options : options?.encoding
      return encoding ? Buffer.from(bytes).toString('utf8') : bytes
    },
    writeFile: async (path: string, data: Uint8Array | string): Promise<void> => {
      if (!this.#folders.has(parent(clean(path)))) throw missing('ENOENT', path)
      this.#files.set(clean(path), typeof data === 'string' ? Buffer.from(data) : data)
    },
    unlink: async (path: string): Promise<void> => {
      if (!this.#files.delete(clean(path))) throw missing('ENOENT', path)
    },
    readdir: async (path: string): Promise<string[]> => {
      const folder = clean(path)
      if (!this.#folders.has(folder)) throw missing(this.#files.has(folder) ? 'ENOTDIR' : 'ENOENT', path)
      const within = folder === '/' ? '/' : `${folder}/`
      const names = [...this.#files.keys(), ...this.#folders].filter(
        (name) => name.startsWith(within) && name !== folder,
      )
      return [...new Set(names.map((name) => name.slice(within.length).split('/')[0] as string))].sort()
    },
    mkdir: async (path: string): Promise<void> => {
      const folder = clean(path)
      if (this.#folders.has(folder)) throw missing('EEXIST', path)
      if (!this.#folders.has(parent(folder))) throw missing('ENOENT', path)
      this.#folders.add(folder)
    },
    rmdir: async (path: string): Promise<void> => {
      if (!this.#folders.delete(clean(path))) throw missing('ENOENT', path)
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
    const name = clean(path)
    const bytes = this.#files.get(name)
    const folder = this.#folders.has(name)
    if (!bytes && !folder) throw missing('ENOENT', path)
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
