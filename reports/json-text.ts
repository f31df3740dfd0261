/** Edits the strings of a JSON text where they stand: everything else stays the bytes that were sent, broken JSON included. */

/** A string token from one quote to the other; a broken text may end before the second quote. */
const token = /"(?:[^"\\\n\r]|\\.)*"?/g

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
    const char = text[at]
    if (char === '{' || char === '[') {
      keys.push(key)
      if (char === '{') key = undefined
      at++
    } else if (char === '}' || char === ']') {
      key = keys.pop()
      at++
    } else if (char === ',') {
      // Inside an array the key of the array goes on; inside an object the next string is a key and replaces it.
      at++
    } else if (char === '"') {
      token.lastIndex = at
      const raw = token.exec(text)?.[0] ?? '"'
      const end = at + raw.length
      const value = decoded(raw)
      if (isFollowedByColon(text, end)) key = value
      else {
        const changed = edit(value, key, keys)
        if (changed !== undefined && changed !== value) {
          parts.push(text.slice(from, at), JSON.stringify(changed))
          from = end
        }
      }
      at = end
    } else at++
  }
  return from === 0 ? text : parts.join('') + text.slice(from)
}

function decoded(raw: string): string {
  try {
    return JSON.parse(raw) as string
  } catch {
    return raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined)
  }
}

function isFollowedByColon(text: string, from: number): boolean {
  let at = from
  while (at < text.length && /\s/.test(text[at] as string)) at++
  return text[at] === ':'
}

/** Every object in a parsed JSON value, outermost first. */
export function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  const waiting: unknown[] = [value]
  for (let next = waiting.pop(); next !== undefined || waiting.length > 0; next = waiting.pop()) {
    if (Array.isArray(next)) waiting.push(...next)
    else if (next && typeof next === 'object') {
      yield next as Record<string, unknown>
      waiting.push(...Object.values(next))
    }
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
