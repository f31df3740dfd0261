/**
 * The pack: all sheets that the project ships in one compressed file, read piece by piece. Layout: 4 bytes of length, the compressed
 * index, then compressed chunks. A chunk is opened when the first definition in it is asked for.
 */
import { readFileSync } from 'node:fs'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { type ProfileSheet, parseSheet, sheetText } from '../compile/sheet.ts'
import type { CodeSystemSheet, ValueSetSheet } from '../terminology/sheets.ts'
import { Directory, directoryText, type Entry } from './directory.ts'
import type { DefinitionKind, DefinitionPackage } from './package.ts'

/** A package without its definitions. */
interface Head {
  readonly id: string
  readonly version: string
  readonly dependencies: readonly (readonly [string, string])[]
  readonly globals: DefinitionPackage['globals']
}
interface Index {
  readonly chunks: readonly number[]
  readonly packages: readonly Head[]
  /** The text of a directory for each kind of definitions. */
  readonly directories: Readonly<Record<DefinitionKind, string>>
}

const compress = (bytes: Uint8Array): Buffer =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })

/** What to pack: a package and its definitions in the order in which they should lie together. */
export interface Packing extends Head {
  /** Groups of profiles; each becomes a chunk. */
  readonly profiles: readonly (readonly ProfileSheet[])[]
  readonly valueSets: readonly ValueSetSheet[]
  readonly codeSystems: readonly CodeSystemSheet[]
}

/** The bytes of a pack. The same sheets give the same bytes. */
export function writePack(packings: readonly Packing[]): Buffer {
  const chunks: Buffer[] = []
  const entries: Record<DefinitionKind, (Entry & { url: string })[]> = {
    profile: [],
    'value-set': [],
    'code-system': [],
  }
  packings.forEach(({ profiles, valueSets, codeSystems, version: own }, home) => {
    const lay = <T extends { url: string; version: string }>(
      kind: DefinitionKind,
      items: readonly T[],
      text: (item: T) => string,
    ): void => {
      if (items.length === 0) return
      const parts: Buffer[] = []
      let at = 0
      for (const item of items) {
        const bytes = Buffer.from(text(item))
        parts.push(bytes)
        const start = at
        at += bytes.length
        const version = item.version === own ? '' : item.version
        entries[kind].push({ url: item.url, home, version, chunk: chunks.length, start, end: at })
      }
      chunks.push(compress(Buffer.concat(parts)))
    }
    for (const group of profiles) lay('profile', group, (sheet) => sheetText(sheet).replace(/\n */g, ''))
    lay('value-set', valueSets, (sheet) => JSON.stringify(sheet))
    lay('code-system', codeSystems, (sheet) => JSON.stringify(sheet))
  })
  return packOf(
    packings.map(({ id, version, dependencies, globals }) => ({ id, version, dependencies, globals })),
    entries,
    chunks,
  )
}

function packOf(
  packages: readonly Head[],
  entries: Readonly<Record<DefinitionKind, readonly (Entry & { readonly url: string })[]>>,
  chunks: readonly Buffer[],
): Buffer {
  const index: Index = {
    chunks: chunks.map(({ length }) => length),
    packages,
    directories: {
      profile: directoryText(entries.profile),
      'value-set': directoryText(entries['value-set']),
      'code-system': directoryText(entries['code-system']),
    },
  }
  const compressed = compress(Buffer.from(JSON.stringify(index)))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(compressed.length)
  return Buffer.concat([length, compressed, ...chunks])
}

/** Bytes of opened chunks that are held. */
const holding = 8_000_000

/** The packages of a pack file, in its order. Only the index is read now. */
export function readPack(path: string): DefinitionPackage[] {
  const bytes = readFileSync(path)
  const indexEnd = 4 + bytes.readUInt32BE(0)
  const index = JSON.parse(brotliDecompressSync(bytes.subarray(4, indexEnd)).toString('utf8')) as Index
  const starts: number[] = []
  let at = indexEnd
  for (const length of index.chunks) {
    starts.push(at)
    at += length
  }
  // Most recently used last. What is read of a chunk is kept as sheets; the chunk itself only while it is likely to be asked again.
  const opened = new Map<number, Buffer>()
  let held = 0
  const open = (chunk: number): Buffer => {
    let known = opened.get(chunk)
    if (known) opened.delete(chunk)
    else {
      const start = starts[chunk] as number
      known = brotliDecompressSync(bytes.subarray(start, start + (index.chunks[chunk] as number)))
      held += known.length
    }
    opened.set(chunk, known)
    for (const [oldest, buffer] of opened) {
      if (held <= holding || oldest === chunk) break
      opened.delete(oldest)
      held -= buffer.length
    }
    return known
  }
  const { directories } = index
  const find: Directories = {
    profile: new Directory(directories.profile),
    'value-set': new Directory(directories['value-set']),
    'code-system': new Directory(directories['code-system']),
  }
  return index.packages.map((head, home) => new PackPackage(head, home, find, open))
}

type Directories = Readonly<Record<DefinitionKind, Directory>>

class PackPackage implements DefinitionPackage {
  readonly id: string
  readonly version: string
  readonly dependencies: DefinitionPackage['dependencies']
  readonly globals: DefinitionPackage['globals']
  /** Its number in the pack. */
  readonly #home: number
  readonly #directories: Directories
  readonly #open: (chunk: number) => Buffer
  readonly #sheets = new Map<string, ProfileSheet>()

  constructor(head: Head, home: number, directories: Directories, open: (chunk: number) => Buffer) {
    this.id = head.id
    this.version = head.version
    this.dependencies = head.dependencies
    this.globals = head.globals
    this.#home = home
    this.#directories = directories
    this.#open = open
  }

  #entry(kind: DefinitionKind, url: string): Entry | undefined {
    // Few URLs are in more than a handful of packages.
    for (const entry of this.#directories[kind].find(url)) if (entry.home === this.#home) return entry
    return undefined
  }

  #text(kind: DefinitionKind, url: string): string | undefined {
    const entry = this.#entry(kind, url)
    return entry && this.#open(entry.chunk).toString('utf8', entry.start, entry.end)
  }

  versionOf(kind: DefinitionKind, url: string): string | undefined {
    const entry = this.#entry(kind, url)
    return entry && (entry.version || this.version)
  }

  sheet(url: string): ProfileSheet | undefined {
    const known = this.#sheets.get(url)
    if (known) return known
    const text = this.#text('profile', url)
    if (text === undefined) return undefined
    const sheet = parseSheet(text)
    this.#sheets.set(url, sheet)
    return sheet
  }

  valueSet(url: string): ValueSetSheet | undefined {
    const text = this.#text('value-set', url)
    return text === undefined ? undefined : (JSON.parse(text) as ValueSetSheet)
  }

  codeSystem(url: string): CodeSystemSheet | undefined {
    const text = this.#text('code-system', url)
    return text === undefined ? undefined : (JSON.parse(text) as CodeSystemSheet)
  }

  urls(kind: DefinitionKind): Iterable<string> {
    return this.#directories[kind].urls(this.#home)
  }
}
