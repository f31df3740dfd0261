/**
 * References across the files of a run: where each resource lies is noted in a first pass, its content is read again when a reference
 * asks for it. Memory is bounded: so many places, so many bytes of targets.
 */
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs'
import { lineBatches, linesOf } from './batches.ts'
import { readDocument, readLine } from './document.ts'
import type { Source } from './sources.ts'
import { defaultLimits } from './trouble.ts'

/** A whole file, a stretch of an NDJSON file, or an entry of a Bundle in one of these; -1 where that does not apply. */
type TargetPlace = readonly [file: number, start: number, length: number, entry: number]

/** Plain data, so that every thread can have it. */
export interface References {
  readonly files: readonly string[]
  /** `Patient/1`, or the absolute fullUrl of a Bundle entry. Undefined stands for several with that name. */
  readonly places: ReadonlyMap<string, TargetPlace | undefined>
  /** False where not everything could be noted: then what is not found may still be there. */
  readonly complete: boolean
}

const mostPlaces = 500_000
const mostBytes = 32 * 2 ** 20

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** Notes where the resources of the sources lie. Standard input and packed files cannot be read again and are left out. */
export async function referencesOf(sources: readonly Source[], most = mostPlaces): Promise<References> {
  const files: string[] = []
  const places = new Map<string, TargetPlace | undefined>()
  const inBundles = new Set<string>()
  let complete = true
  const note = (name: string, place: TargetPlace): void => {
    const entry = place[3] !== -1
    if (!places.has(name)) {
      if (places.size >= most) {
        complete = false
        return
      }
      places.set(name, place)
      if (entry) inBundles.add(name)
    } else if (!entry && inBundles.delete(name)) places.set(name, place)
    // A resource that stands alone comes before its copies in Bundles; two of the same rank leave open which is meant.
    else if (!entry || inBundles.has(name)) places.set(name, undefined)
  }
  const take = (value: unknown, file: number, start: number, length: number): void => {
    if (!isObject(value)) return
    const { resourceType, id, entry } = value
    if (typeof resourceType === 'string' && typeof id === 'string')
      note(`${resourceType}/${id}`, [file, start, length, -1])
    if (resourceType !== 'Bundle' || !Array.isArray(entry)) return
    entry.forEach((each, at) => {
      if (!isObject(each) || !isObject(each.resource)) return
      const { resource, fullUrl } = each
      if (typeof resource.id === 'string') note(`${resource.resourceType}/${resource.id}`, [file, start, length, at])
      if (typeof fullUrl === 'string') note(fullUrl, [file, start, length, at])
    })
  }
  for (const source of sources) {
    const { path, name, kind } = source
    if (path === undefined || name.endsWith('.gz')) {
      complete = false
      continue
    }
    const file = files.push(path) - 1
    if (kind !== 'ndjson') {
      take(documentAt(path), file, -1, source.size)
      continue
    }
    let offset = 0
    for await (const batch of lineBatches(createReadStream(path, { highWaterMark: 2 ** 17 }))) {
      if (batch.oversize) {
        complete = false
        break
      }
      for (const { bytes } of linesOf(batch)) take(parsed(bytes), file, offset + bytes.byteOffset, bytes.length)
      offset += batch.bytes.length
    }
  }
  return { files, places, complete }
}

/** What cannot be read is reported where it is judged, not here. */
function documentAt(path: string): unknown {
  try {
    return readDocument(new Uint8Array(readFileSync(path)), defaultLimits).value
  } catch {
    return undefined
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch {
    return undefined
  }
}

/** Finds the target of a reference among the noted places. The targets last used are kept. */
export function resolverOf({ files, places }: References, bytes = mostBytes): (reference: string) => unknown {
  const held = new Map<string, { readonly value: unknown; readonly length: number }>()
  let size = 0
  const document = ([file, start, length]: TargetPlace): unknown => {
    const key = `${file} ${start}`
    const known = held.get(key)
    if (known) {
      held.delete(key)
      held.set(key, known)
      return known.value
    }
    const path = files[file] as string
    const value = start === -1 ? documentAt(path) : lineAt(path, start, length)
    held.set(key, { value, length })
    size += length
    for (const [oldest, { length: gone }] of held) {
      if (size <= bytes || held.size === 1) break
      held.delete(oldest)
      size -= gone
    }
    return value
  }
  return (reference) => {
    const place = places.get(reference) ?? places.get(plain(reference))
    if (!place) return undefined
    const value = document(place)
    const entry = place[3]
    return entry === -1 ? value : ((value as Json | undefined)?.entry as Json[] | undefined)?.[entry]?.resource
  }
}

/** Without version and fragment. */
const plain = (reference: string): string => reference.replace(/(\/_history\/[^/#]*)?(#.*)?$/, '')

function lineAt(path: string, start: number, length: number): unknown {
  const bytes = new Uint8Array(length)
  const file = openSync(path, 'r')
  try {
    readSync(file, bytes, 0, length, start)
  } finally {
    closeSync(file)
  }
  return readLine(bytes, 1, defaultLimits).value
}
