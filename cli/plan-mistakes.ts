/** Where a mistake in a plan stands, and how it is said: in words about the plan, not about its parser. */
import { type Document, isNode, type LineCounter, type YAMLError } from 'yaml'
import type { z } from 'zod'
import { meant } from '../harness/nearest.ts'

/** `line:column what`, in the order in which one reads the file. */
export interface Mistake {
  readonly offset: number
  readonly says: string
}

/** Each with its place, in the order in which one reads the file. */
export const told = (mistakes: readonly Mistake[], path: string, lines: LineCounter): string[] =>
  [...mistakes]
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, says }) => {
      const { line, col } = lines.linePos(offset)
      return `${path}:${line}:${col} ${says}`
    })

/**
 * What keeps the text from being YAML. Whatever comes after a place where it breaks is read amiss, so only the first such place is
 * told, with every word that stands twice.
 */
export function yamlMistakes(errors: readonly YAMLError[]): Mistake[] {
  const twice = errors.filter(({ code }) => code === 'DUPLICATE_KEY')
  const breaks = errors.find(({ code }) => code !== 'DUPLICATE_KEY')
  return [...twice, ...(breaks ? [breaks] : [])].map((error) => ({ offset: error.pos[0], says: inWords(error) }))
}

function inWords({ code, message }: YAMLError): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'this word stands here for the second time'
    case 'TAB_AS_INDENT':
      return 'this line begins with a tab: indent it by spaces'
    case 'MULTIPLE_DOCS':
      return 'a second plan begins here ("---"): a file holds one'
    case 'BAD_INDENT':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'this cannot stand here: either the line is indented otherwise than its neighbours, or a text with ": " in it needs quotes'
    default:
      return (message.split('\n')[0] as string).replace(/^Missing closing (\S).*/, 'a closing $1 is missing')
  }
}

/** What a rule of the plan has against what stands there. `words` are those that may stand at some keys. */
export function ruleMistakes(
  issue: z.core.$ZodIssue,
  { document, raw, words }: { document: Document; raw: unknown; words: (keys: readonly PropertyKey[]) => string[] },
): Mistake[] {
  const at = (keys: readonly PropertyKey[], says: string): Mistake => ({
    offset: offsetOf(document, keys),
    says: `${keys.length ? `${keys.join('.')}: ` : ''}${says}`,
  })
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const known = words(issue.path)
      const other = meant(key, known)
      const what =
        issue.path[0] === 'people' && issue.path.length === 1 ? 'is nobody of the cast' : 'is not a word of the plan'
      return at(
        [...issue.path, key],
        other ? `${what}: did you mean "${other}"?` : `${what}; here may stand: ${known.join(', ')}`,
      )
    })
  return [at(issue.path, readable(issue, valueAt(raw, issue.path)))]
}

const kinds: Readonly<Record<string, string>> = {
  string: 'must be text',
  array: 'must be a list, with a "- " before each item',
  object: 'must hold words with their values, each on a line below it',
  record: 'must hold words with their values, each on a line below it',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
}

function readable(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return 'is missing'
  if (value === null) return 'has no value'
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.path.length === 0)
        return 'a plan consists of words with their values, such as "seats:"; this is something else'
      const kind = kinds[issue.expected] ?? issue.message
      return issue.expected === 'string' && typeof value !== 'object' ? `${kind}: put ${value} in quotes` : kind
    }
    case 'invalid_value': {
      const known = issue.values.map(String)
      const other = meant(String(value), known)
      return `must be one of: ${known.join(', ')}${other ? ` (did you mean ${other}?)` : ''}`
    }
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be at least ${issue.minimum}`
        : 'must not be empty'
    case 'too_big':
      return `must be at most ${issue.maximum}`
    default:
      return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
  }
}

const valueAt = (raw: unknown, keys: readonly PropertyKey[]): unknown =>
  keys.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | null | undefined)?.[key], raw)

/** Offset of the node at these keys, or of the nearest one above that is there. */
export function offsetOf(document: Document, keys: readonly PropertyKey[]): number {
  for (let n = keys.length; n > 0; n--) {
    const path = keys.slice(0, n)
    const parent = n === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
    // The key itself is a better place to point at than its value.
    const pair = (parent as { items?: { key?: { value?: unknown; range?: number[] } }[] } | null)?.items?.find(
      (item) => item?.key?.value === path.at(-1),
    )
    if (pair?.key?.range) return pair.key.range[0] as number
    const node = document.getIn(path, true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}
