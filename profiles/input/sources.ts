/** Which files are meant: a file, a folder with all below it, or standard input; and whether each is JSON, NDJSON or XML. */
import { closeSync, createReadStream, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { createGunzip } from 'node:zlib'
import { HarnessError } from '../../harness/errors.ts'

export type SourceKind = 'json' | 'ndjson' | 'xml'
export interface Source {
  /** Undefined for standard input. */
  readonly path: string | undefined
  /** How it is called in reports: the path as the user would write it. */
  readonly name: string
  readonly kind: SourceKind
  readonly size: number
  /** Named by the user, not found in a folder. */
  readonly named: boolean
}

const extension = /\.(json|xml|(?:ndjson|jsonl)(?:\.gz)?)$/i

/** The sources under a path, sorted by name so that the order is the same everywhere. Throws `bad-input`. */
export function sourcesAt(path: string): Source[] {
  let stat: ReturnType<typeof statSync>
  try {
    stat = statSync(path)
  } catch (cause) {
    throw new HarnessError('bad-input', `there is no file or folder ${path}`, {
      cause,
      remedy: 'give the path of a FHIR resource, of a folder with resources, or - for standard input',
    })
  }
  if (!stat.isDirectory()) return [sourceOf(path, path, true)]
  return [...below(path)].map((file) => sourceOf(file, shown(path, file), false))
}

const shown = (folder: string, file: string): string => join(folder, relative(folder, file)).split(sep).join('/')

/** Files with the name of a resource, in order. Links to folders are not followed, hidden ones and node_modules left out. */
function* below(folder: string): Generator<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* below(path)
    else if (extension.test(entry.name) && statSync(path, { throwIfNoEntry: false })?.isFile()) yield path
  }
}

function sourceOf(path: string, name: string, named: boolean): Source {
  const found = extension.exec(path)
  const { size } = statSync(path)
  return { path, name, kind: found ? kindOf(found[1] as string) : headKind(path), size, named }
}

const kindOf = (ending: string): SourceKind => {
  const lower = ending.toLowerCase()
  return lower === 'json' || lower === 'xml' ? lower : 'ndjson'
}

/** A file that cannot be read is judged as one that cannot be read. */
function headKind(path: string): SourceKind {
  try {
    return sniff(head(path))
  } catch {
    return 'json'
  }
}

function head(path: string): Uint8Array {
  const bytes = new Uint8Array(65_536)
  const file = openSync(path, 'r')
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(file)
  }
}

/** By the first bytes: markup is XML; a first line that is a whole JSON object, with more lines after it, is NDJSON. */
export function sniff(bytes: Uint8Array): SourceKind {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (text.startsWith('<')) return 'xml'
  const end = text.indexOf('\n')
  if (!text.startsWith('{') || end === -1 || text.slice(end).trim() === '') return 'json'
  try {
    JSON.parse(text.slice(0, end))
    return 'ndjson'
  } catch {
    return 'json'
  }
}

/** The bytes of a source, unpacked where its name ends in .gz. In pieces so small that their memory is soon free again. */
export function openSource(
  { path, name }: Source,
  standardInput: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (path === undefined) return standardInput
  const stream = createReadStream(path, { highWaterMark: 2 ** 17 })
  return name.endsWith('.gz') ? stream.pipe(createGunzip()) : stream
}
