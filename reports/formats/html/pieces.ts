/**
 * The bodies of a run as report.html keeps them. The same resource is said in many bundles: bodies are cut before every
 * resource, each stretch of text is kept once, and a body is the list of its stretches.
 */
import type { SentRequest, SentResponse } from '../../../harness/transcript.ts'
import { packed } from './packed.ts'

/** A body by the numbers of its pieces, or itself when it is short; `cut` is its length when only its beginning is here. */
export type BodyRef = string | readonly number[]
export interface StoredBody {
  readonly body: BodyRef
  readonly cut?: number
}

/** Some of the pieces, packed. */
export interface PiecePart {
  /** Number of its first piece. */
  readonly first: number
  readonly text: string
}

export interface Pieces {
  readonly store: (message: SentRequest | SentResponse) => StoredBody
  /** What was stored. */
  readonly end: () => Promise<readonly PiecePart[]>
}

/** Characters of a body that the report shows; the record has the rest. */
const longest = 256 * 1024
/** Shorter bodies stay where they are said. */
const inline = 120
/** Characters of one part before it is compressed. */
const partSize = 512 * 1024
/** Where a bundle's entries and the resources in them begin. */
const beginnings = /\{"(?:fullUrl|resource(?:Type)?)":/g

export function piecesOf(): Pieces {
  const known = new Map<string, { readonly text: string; readonly number: number }[]>()
  const parts: Promise<PiecePart>[] = []
  let count = 0
  let open: string[] = []
  let size = 0
  const close = (): void => {
    const first = count - open.length
    if (open.length > 0) parts.push(packed(JSON.stringify(open)).then((text) => ({ first, text })))
    open = []
    size = 0
  }
  const numberOf = (text: string): number => {
    const key = keyOf(text)
    const alike = known.get(key)
    const found = alike?.find((one) => one.text === text)
    if (found) return found.number
    // A part of a string keeps the whole in memory: this one stands alone.
    const own = Buffer.from(text).toString()
    const number = count++
    if (alike) alike.push({ text: own, number })
    else known.set(key === text ? own : key, [{ text: own, number }])
    open.push(own)
    size += own.length
    if (size > partSize) close()
    return number
  }
  const cut = (text: string): number[] => {
    const numbers: number[] = []
    let from = 0
    beginnings.lastIndex = 1
    for (let next = beginnings.exec(text); next; next = beginnings.exec(text)) {
      numbers.push(numberOf(text.slice(from, next.index)))
      from = next.index
    }
    numbers.push(numberOf(text.slice(from)))
    return numbers
  }
  return {
    store: ({ body }) => {
      if (body.length <= inline) return { body }
      if (body.length <= longest) return { body: cut(body) }
      return { body: cut(body.slice(0, longest)), cut: body.length }
    },
    end: () => {
      close()
      return Promise.all(parts)
    },
  }
}

/** A map reads a long text to its end before it finds it, which takes long; ends and length nearly always tell it apart. */
const keyOf = (text: string): string =>
  text.length < 256 ? text : `${text.length} ${text.slice(0, 96)}${text.slice(-32)}`
