/** Edits the strings of a JSON text where they stand: everything else stays the bytes that were sent, broken JSON included. */

/** What to put in place of a string value; undefined leaves it as it was written. Outer keys come outermost first. */
export type EditString = (
  value: string,
  key: string | undefined,
  outer: readonly (string | undefined)[],
) => string | undefined

/** Calls `edit` for every string value of the text. Members of an array come with the key of the array. */
export function editJsonStrings(text: string, edit: EditString): string {
  const parts: string[] = []
  let from = 0
  let key: string | undefined
  const keys: (string | undefined)[] = []
  let at = 0
  while (at < text.length) {
    const char = text.charCodeAt(at)
    if (char === code.openBrace || char === code.openBracket) {
      keys.push(key)
      if (char === code.openBrace) key = undefined
      at++
    } else if (char === code.closeBrace || char === code.closeBracket) {
      key = keys.pop()
      at++
    } else if (char === code.quote) {
      const end = endOfString(text, at)
      const value = decoded(text, at, end)
      if (isFollowedByColon(text, end)) key = value
      else {
        const changed = edit(value, key, keys)
        if (changed !== undefined && changed !== value) {
          parts.push(text.slice(from, at), JSON.stringify(changed))
          from = end
        }
      }
      at = end
    }
    // A comma among them: inside an array the key of the array goes on; inside an object the next string is a key and replaces it.
    else at++
  }
  return from === 0 ? text : parts.join('') + text.slice(from)
}

const code = { quote: 34, backslash: 92, colon: 58, openBrace: 123, closeBrace: 125, openBracket: 91, closeBracket: 93 }
const isLineEnd = (char: number): boolean => char === 10 || char === 13

/** After the closing quote; a broken text may end, or its line, before there is one. */
function endOfString(text: string, quote: number): number {
  let at = quote + 1
  while (at < text.length) {
    const char = text.charCodeAt(at)
    if (char === code.quote) return at + 1
    if (isLineEnd(char)) return at
    if (char === code.backslash) {
      // Nothing is escaped by a backslash at the end of a line.
      if (at + 1 >= text.length || isLineEnd(text.charCodeAt(at + 1))) return at
      at++
    }
    at++
  }
  return at
}

function decoded(text: string, from: number, end: number): string {
  const closed = end - from > 1 && text.charCodeAt(end - 1) === code.quote
  const inner = text.slice(from + 1, closed ? end - 1 : end)
  if (!inner.includes('\\')) return inner
  try {
    return JSON.parse(text.slice(from, end)) as string
  } catch {
    return inner
  }
}

function isFollowedByColon(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === code.colon) return true
    if (char > 32 && char < 128) return false
    if (!/\s/.test(text.charAt(at))) return false
  }
  return false
}

/** Every object in a parsed JSON value, outermost first. */
export function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  const waiting: unknown[] = [value]
  for (let next = waiting.pop(); next !== undefined || waiting.length > 0; next = waiting.pop()) {
    if (!next || typeof next !== 'object') continue
    if (!Array.isArray(next)) yield next as Record<string, unknown>
    for (const part of Object.values(next)) waiting.push(part)
  }
}

/** The JSON values of a text: one, or one a line (NDJSON). Lines that are no JSON are left out. */
export function jsonValues(text: string): unknown[] {
  const whole = tryParse(text)
  if (whole !== undefined) return [whole]
  if (!text.includes('\n')) return []
  return text
    .split('\n')
    .map((line) => tryParse(line))
    .filter((value) => value !== undefined)
}

/** The value, or undefined when the text is no JSON. */
export function tryParse(text: string): unknown {
  const start = text.trimStart()[0]
  if (start !== '{' && start !== '[' && start !== '"') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
