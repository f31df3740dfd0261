/** How two showings of one resource differ: the smallest elements that do, with what may legally differ left out of sight. */
import type { Resource } from '../core/received.ts'
import { anyKey } from '../core/rest.ts'

/** One element that is not the same. */
export interface Difference {
  readonly expression: string
  readonly here: unknown
  readonly there: unknown
}

/** What a server may write anew each time: meta is about the copy, the narrative is derived. */
const ofTheCopy = new Set(['meta', 'text'])

/** How the content of a document is given: inline, or at an address that may be made for the occasion (Bulk Data "Attachments"). */
const ofTheContent = new Set(['url', 'data', 'size', 'hash'])
const none: ReadonlySet<string> = new Set()

/** What is left out of sight where these two stand. */
const unseen = (a: Node, b: Node, root: boolean): ReadonlySet<string> =>
  root ? ofTheCopy : isContent(a) && isContent(b) && !isComparable(a, b) ? ofTheContent : none

const isContent = ({ contentType, url, data }: Node): boolean =>
  typeof contentType === 'string' && (typeof url === 'string' || typeof data === 'string')

/** Both inline, or both at resources of the server. */
const isComparable = (a: Node, b: Node): boolean =>
  (a.data !== undefined && b.data !== undefined) ||
  (anyKey(String(a.url)) !== undefined && anyKey(String(b.url)) !== undefined)

/** True when nothing differs that matters. */
export const isSame = (here: Resource, there: Resource): boolean => equal(here, there, '', 0, anew())

/** The elements that differ, each as far down as both have it. Empty when the resources are the same. */
export function differences(here: Resource, there: Resource): Difference[] {
  const found: Difference[] = []
  descend(here, there, here.resourceType, '', 0, anew(), found)
  return found
}

type Node = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)

/** How much more is compared: lists in lists, in whatever order, could take for ever. What is left over counts as the same. */
interface Patience {
  left: number
}
const anew = (): Patience => ({ left: 500_000 })

/** No resource is deeper than this; what an answer nests further is not compared. */
const deepest = 100

function equal(a: unknown, b: unknown, name: string, depth: number, patience: Patience): boolean {
  if (a === b || depth > deepest || patience.left-- <= 0) return true
  if (typeof a === 'string' && typeof b === 'string') return isAddress(name) && keyOr(a) === keyOr(b)
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b, name, depth + 1, patience)
  if (!isNode(a) || !isNode(b)) return false
  const skipped = unseen(a, b, depth === 0)
  let count = 0
  for (const key in a) {
    if (skipped.has(key)) continue
    count++
    if (!(key in b) || !equal(a[key], b[key], key, depth + 1, patience)) return false
  }
  for (const key in b) if (!skipped.has(key)) count--
  return count === 0
}

/** In whatever order: no list of a resource means anything by it that two routes could not write differently. */
function equalLists(
  a: readonly unknown[],
  b: readonly unknown[],
  name: string,
  depth: number,
  patience: Patience,
): boolean {
  if (a.length !== b.length) return false
  if (a.every((item, i) => equal(item, b[i], name, depth, patience))) return true
  const rest = [...b]
  return a.every((item) => {
    const at = rest.findIndex((other) => equal(item, other, name, depth, patience))
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
}

/** A reference may be relative on one route and absolute on another. */
const isAddress = (name: string): boolean => name === 'reference' || name === 'url'
const keyOr = (text: string): string => anyKey(text) ?? text

function descend(
  a: unknown,
  b: unknown,
  path: string,
  name: string,
  depth: number,
  patience: Patience,
  found: Difference[],
): void {
  if (equal(a, b, name, depth, patience)) return
  if (isNode(a) && isNode(b)) {
    const skipped = unseen(a, b, depth === 0)
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      if (!skipped.has(key)) descend(a[key], b[key], `${path}.${key}`, key, depth + 1, patience, found)
    return
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
    for (const [i, item] of a.entries()) descend(item, b[i], `${path}[${i}]`, name, depth + 1, patience, found)
    return
  }
  found.push({ expression: path, here: a, there: b })
}
