/**
 * The bodies of a run as report.html keeps them. The same resource is said in many bundles: bodies are cut before every
 * resource, each stretch of text is kept once, and a body is the list of its stretches.
 */
import type { SentRequest, SentResponse } from '../../../harness/transcript.ts'
import { fromBytes, unreadBody } from '../../unread.ts'
import { type Part, packed } from './packed.ts'

/** A body by the numbers of its pieces, or itself when it is short; `cut` is its length when only its beginning is here. */
export type BodyRef = string | readonly number[]
export interface StoredBody {
  readonly body: BodyRef
  readonly cut?: number
}

export interface Pieces {
  readonly store: (message: SentRequest | SentResponse) => StoredBody
  /** What was stored, and the number of the first piece of each part. */
  readonly end: () => { readonly parts: readonly Part[]; readonly firsts: readonly number[] }
}

/** Characters of a body that the report shows; the record has the rest. */
const longest = 256 * 1024
/** Shorter bodies stay where they are said. */
const inline = 120
/** Characters of one part before it is compressed. */
const partSize = 512 * 1024
/** Where a bundle's entries and the resources in them begin. */
const beginnings = /\{\\"(?:fullUrl|resource(?:Type)?)\\":/g

/** Every text in here is JSON without its quotes, each character a byte of UTF-8. */
export function piecesOf(): Pieces {
  const known = new Map<string, { readonly json: string; readonly number: number }[]>()
  const parts: Part[] = []
  const firsts: number[] = []
  let count = 0
  let open: string[] = []
  let size = 0
  const close = (): void => {
    if (open.length > 0) parts.push(packed(`pieces-${parts.length}`, Buffer.from(`["${open.join('","')}"]`, 'latin1')))
    open = []
    size = 0
  }
  const numberOf = (json: string): number => {
    const key = keyOf(json)
    const alike = known.get(key)
    const found = alike?.find((one) => one.json === json)
    if (found) return found.number
    // A part of a string keeps the whole in memory, which is a block of the record: this one stands alone.
    const own = Buffer.from(json, 'latin1').toString('latin1')
    JSON.parse(`"${fromBytes(own)}"`)
    const number = count++
    if (alike) alike.push({ json: own, number })
    else known.set(key === json ? own : key, [{ json: own, number }])
    if (open.length === 0) firsts.push(number)
    open.push(own)
    size += own.length
    if (size > partSize) close()
    return number
  }
  const cut = (json: string): number[] => {
    const numbers: number[] = []
    let from = 0
    beginnings.lastIndex = 1
    for (let next = beginnings.exec(json); next; next = beginnings.exec(json)) {
      numbers.push(numberOf(json.slice(from, next.index)))
      from = next.index
    }
    numbers.push(numberOf(json.slice(from)))
    return numbers
  }
  return {
    store: (message) => {
      const json = unreadBody(message)
      if (json !== undefined && json.length <= longest) {
        try {
          return { body: cut(json) }
        } catch {
          // It is no text; reading it says whose.
          return { body: message.body }
        }
      }
      const { body } = message
      if (body.length <= inline) return { body }
      const kept = body.length > longest ? body.slice(0, longest) : body
      const numbers = cut(Buffer.from(JSON.stringify(kept).slice(1, -1)).toString('latin1'))
      return { body: numbers, ...(kept === body ? {} : { cut: body.length }) }
    },
    end: () => {
      close()
      return { parts, firsts }
    },
  }
}

/** A map reads a long text to its end before it finds it, which takes long; ends and length nearly always tell it apart. */
const keyOf = (json: string): string =>
  json.length < 256 ? json : `${json.length} ${json.slice(0, 96)}${json.slice(-32)}`
