/**
 * The pack: all sheets that the project ships in one compressed file, read piece by piece. Layout: 4 bytes of length, the compressed
 * index, then compressed chunks. A chunk is opened when the first definition in it is asked for.
 */
import { readFileSync } from 'node:fs'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { type ProfileSheet, parseSheet, sheetText } from '../compile/sheet.ts'
import type { CodeSystemSheet, ValueSetSheet } from '../terminology/sheets.ts'
import type { DefinitionKind, DefinitionPackage } from './package.ts'

interface Entry {
  readonly url: string
  readonly version: string
  readonly chunk: number
  readonly start: number
  readonly end: number
}
interface PackedPackage {
  readonly id: string
  readonly version: string
  readonly dependencies: readonly (readonly [string, string])[]
  readonly globals: DefinitionPackage['globals']
  /** [url, version or '' for the package's, chunk, start, end] by kind. */
  readonly profiles: readonly PackedEntry[]
  readonly valueSets: readonly PackedEntry[]
  readonly codeSystems: readonly PackedEntry[]
}
type PackedEntry = readonly [url: string, version: string, chunk: number, start: number, end: number]
interface Index {
  readonly chunks: readonly number[]
  readonly packages: readonly PackedPackage[]
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
export interface Packing {
  readonly id: string
  readonly version: string
  readonly dependencies: readonly (readonly [string, string])[]
  readonly globals: DefinitionPackage['globals']
  /** Groups of profiles; each becomes a chunk. */
  readonly profiles: readonly (readonly ProfileSheet[])[]
  readonly valueSets: readonly ValueSetSheet[]
  readonly codeSystems: readonly CodeSystemSheet[]
}

/** The bytes of a pack. The same sheets give the same bytes. */
export function writePack(packings: readonly Packing[]): Buffer {
  const chunks: Buffer[] = []
  const lay = <T extends { url: string; version: string }>(
    items: readonly T[],
    home: string,
    text: (item: T) => string,
  ): PackedEntry[] => {
    if (items.length === 0) return []
    const chunk = chunks.length
    const parts: Buffer[] = []
    let at = 0
    const entries = items.map((item): PackedEntry => {
      const bytes = Buffer.from(text(item))
      parts.push(bytes)
      const start = at
      at += bytes.length
      return [item.url, item.version === home ? '' : item.version, chunk, start, at]
    })
    chunks.push(compress(Buffer.concat(parts)))
    return entries
  }
  const packages = packings.map(({ profiles, valueSets, codeSystems, ...head }): PackedPackage => {
    const text = (sheet: ProfileSheet): string => sheetText(sheet).replace(/\n */g, '')
    return {
      ...head,
      profiles: profiles.flatMap((group) => lay(group, head.version, text)),
      valueSets: lay(valueSets, head.version, (sheet) => JSON.stringify(sheet)),
      codeSystems: lay(codeSystems, head.version, (sheet) => JSON.stringify(sheet)),
    }
  })
  const index = compress(
    Buffer.from(JSON.stringify({ chunks: chunks.map(({ length }) => length), packages } satisfies Index)),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(index.length)
  return Buffer.concat([length, index, ...chunks])
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
  return index.packages.map((packed) => new PackPackage(packed, open))
}

class PackPackage implements DefinitionPackage {
  readonly id: string
  readonly version: string
  readonly dependencies: DefinitionPackage['dependencies']
  readonly globals: DefinitionPackage['globals']
  readonly #packed: PackedPackage
  readonly #open: (chunk: number) => Buffer
  readonly #entries = new Map<DefinitionKind, Map<string, Entry>>()
  readonly #sheets = new Map<string, ProfileSheet>()

  constructor(packed: PackedPackage, open: (chunk: number) => Buffer) {
    this.id = packed.id
    this.version = packed.version
    this.dependencies = packed.dependencies
    this.globals = packed.globals
    this.#packed = packed
    this.#open = open
  }

  #kind(kind: DefinitionKind): Map<string, Entry> {
    let known = this.#entries.get(kind)
    if (!known) {
      const { profiles, valueSets, codeSystems } = this.#packed
      const entries = kind === 'profile' ? profiles : kind === 'value-set' ? valueSets : codeSystems
      known = new Map(
        entries.map(([url, version, chunk, start, end]) => [
          url,
          { url, version: version || this.version, chunk, start, end },
        ]),
      )
      this.#entries.set(kind, known)
    }
    return known
  }

  #text(kind: DefinitionKind, url: string): string | undefined {
    const entry = this.#kind(kind).get(url)
    return entry && this.#open(entry.chunk).toString('utf8', entry.start, entry.end)
  }

  versionOf(kind: DefinitionKind, url: string): string | undefined {
    return this.#kind(kind).get(url)?.version
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
    return this.#kind(kind).keys()
  }
}
