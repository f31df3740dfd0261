/** JSON as it should be read before it is judged: mistakes with line and column, keys that are given twice, depth and length bounded. */
import { decode } from './encoding.ts'
import { shown, wrongValue } from './json-words.ts'
import { defaultLimits, type Limits, sizeText, type Trouble, type TroubleCode } from './trouble.ts'

export interface ReadJson {
  /** The value, or undefined where there is none to judge. */
  readonly value: unknown
  readonly troubles: readonly Trouble[]
}

/** Reads one JSON document from bytes. `firstLine` is the number of its first line in the file. */
export function readJson(bytes: Uint8Array, firstLine = 1, limits: Limits = defaultLimits): ReadJson {
  if (bytes.length > limits.document) {
    const message = `The document has ${sizeText(bytes.length)}; up to ${sizeText(limits.document)} are read at once. Many resources belong into NDJSON, one a line.`
    return {
      value: undefined,
      troubles: [{ severity: 'error', code: 'input-too-large', message, line: firstLine, column: 1 }],
    }
  }
  const { text, troubles } = decode(bytes, firstLine)
  if (text === undefined) return { value: undefined, troubles }
  const read = readJsonText(text, firstLine, limits)
  return troubles.length === 0 ? read : { value: read.value, troubles: [...troubles, ...read.troubles] }
}

const nothing: readonly Trouble[] = []

/** The same from text. */
export function readJsonText(text: string, firstLine = 1, limits: Limits = defaultLimits): ReadJson {
  const found = scan(text, limits, firstLine)
  if (found.length === 0) {
    try {
      return { value: JSON.parse(text) as unknown, troubles: nothing }
    } catch (error) {
      // The scan and the parser agree on the grammar; should they ever not, the parser's word counts.
      found.push({ code: 'json-syntax', at: 0, message: error instanceof Error ? error.message : String(error) })
    }
  }
  const troubles = found.map(({ code, at, message }): Trouble => {
    const before = text.slice(0, at)
    const lastBreak = before.lastIndexOf('\n')
    let line = firstLine
    for (let next = before.indexOf('\n'); next !== -1; next = before.indexOf('\n', next + 1)) line++
    return { severity: 'error', code, message, line, column: at - lastBreak }
  })
  const readable = found.every(({ code }) => code === 'json-duplicate-key')
  return { value: readable ? (JSON.parse(text) as unknown) : undefined, troubles }
}

interface Found {
  readonly code: TroubleCode
  readonly at: number
  readonly message: string
}

const quote = 34
const backslash = 92
const [comma, colon, openBracket, closeBracket, openBrace, closeBrace] = [44, 58, 91, 93, 123, 125]

/** How many keys of one object are compared one by one before a set is made. */
const few = 16
/** So many mistakes of the harmless kind are named; then enough is known. */
const many = 20

/**
 * One pass over the text by RFC 8259: the first mistake of grammar ends it. Arrays stand in for objects here: it runs over
 * every byte that is validated, so the levels are numbers on a stack and keys are compared in place.
 */
function scan(text: string, limits: Limits, firstLine: number): Found[] {
  const found: Found[] = []
  const length = text.length
  /** Start of each open level: as it is for an object, -1 - start for an array. */
  const levels: number[] = []
  /** Where the keys of each open object begin on the stack of keys. */
  const bases: number[] = []
  const keys: number[] = []
  const sets: (Set<string> | undefined)[] = []
  let at = 0
  let afterValue = false

  const fail = (code: TroubleCode, where: number, message: string): Found[] => {
    found.push({ code, at: where, message })
    return found
  }
  /** Did the last string hold an escape? */
  let escaped = false
  /** End of the string that begins at `start` (just after the closing quote), or -1 when found has the reason. */
  const stringEnd = (start: number): number => {
    let i = start + 1
    escaped = false
    for (;;) {
      const c = text.charCodeAt(i)
      if (c === quote) break
      if (c === backslash) {
        escaped = true
        const next = text[i + 1]
        if (next === 'u') {
          if (!/^[0-9a-fA-F]{4}$/.test(text.slice(i + 2, i + 6))) {
            fail('json-syntax', i, '\\u must be followed by four hexadecimal digits.')
            return -1
          }
          i += 6
        } else if (next !== undefined && '"\\/bfnrt'.includes(next)) i += 2
        else {
          fail(
            'json-syntax',
            i,
            `A backslash must be followed by one of " \\ / b f n r t u, not by ${shown(text, i + 1)}.`,
          )
          return -1
        }
        continue
      }
      if (!(c >= 32)) {
        if (i >= length) fail('json-syntax', start, 'The string that begins here never ends.')
        else
          fail(
            'json-syntax',
            i,
            `A ${c === 10 || c === 13 ? 'line break' : c === 9 ? 'tab' : `control character (U+${c.toString(16).padStart(4, '0')})`} inside of a string must be written as ${c === 10 ? '\\n' : c === 13 ? '\\r' : c === 9 ? '\\t' : `\\u${c.toString(16).padStart(4, '0')}`}; or a quote is missing before.`,
          )
        return -1
      }
      i++
      if ((i & 0xfffff) === 0 && i - start > limits.string) break
    }
    if (i - start > limits.string) {
      fail(
        'json-string-too-long',
        start,
        `A string of more than ${sizeText(limits.string)} begins here; no longer one is read.`,
      )
      return -1
    }
    return i + 1
  }
  const sameKey = (a: number, aEnd: number, b: number, bEnd: number): boolean => {
    if (aEnd - a !== bEnd - b) return false
    for (let i = 0; i < aEnd - a; i++) if (text.charCodeAt(a + i) !== text.charCodeAt(b + i)) return false
    return true
  }
  const plainKey = (start: number, end: number): string => {
    const raw = text.slice(start, end)
    return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
  }
  const twice = (start: number, end: number): void => {
    if (found.length >= many) return
    const name = plainKey(start, end)
    found.push({
      code: 'json-duplicate-key',
      at: start - 1,
      message: `The property "${name.slice(0, 80)}" is given twice in one object; which of its values counts is not defined.`,
    })
  }
  const addKey = (start: number, end: number): void => {
    const level = bases.length - 1
    const base = bases[level] as number
    let set = sets[level]
    if (!set && (escaped || keys.length - base >= few * 2)) {
      set = new Set()
      for (let i = base; i < keys.length; i += 2) set.add(plainKey(keys[i] as number, keys[i + 1] as number))
      sets[level] = set
    }
    if (set) {
      const name = plainKey(start, end)
      if (set.has(name)) twice(start, end)
      else set.add(name)
      return
    }
    for (let i = base; i < keys.length; i += 2) {
      if (sameKey(keys[i] as number, keys[i + 1] as number, start, end)) {
        twice(start, end)
        return
      }
    }
    keys.push(start, end)
  }

  for (;;) {
    let c = text.charCodeAt(at)
    while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at)
    const level = levels.length === 0 ? 0 : (levels[levels.length - 1] as number)
    const inObject = levels.length > 0 && level >= 0
    if (at >= length) {
      if (levels.length === 0)
        return afterValue ? found : fail('input-empty', at, 'There is nothing here: JSON was expected.')
      const start = inObject ? level : -1 - level
      const before = text.slice(0, start)
      return fail(
        'json-syntax',
        at,
        `The text ends within the ${inObject ? 'object' : 'array'} that begins ${placeText(before, firstLine)}: it is cut off, or a ${inObject ? '}' : ']'} is missing.`,
      )
    }
    if (afterValue) {
      if (levels.length === 0)
        return fail(
          'json-syntax',
          at,
          `The JSON value ends before this; ${shown(text, at)} does not belong here. One resource a line is NDJSON: name the file *.ndjson.`,
        )
      if (c === comma) {
        afterValue = false
        const comes = at
        c = text.charCodeAt(++at)
        while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at)
        if (c === closeBrace || c === closeBracket)
          return fail('json-syntax', comes, `A comma with nothing after it before the ${c === closeBrace ? '}' : ']'}.`)
      } else if (c === (inObject ? closeBrace : closeBracket)) {
        close()
        continue
      } else
        return fail(
          'json-syntax',
          at,
          `A comma or ${inObject ? '}' : ']'} was expected after the value, but here is ${shown(text, at)}.`,
        )
      if (at >= length) continue
    } else if (inObject && c === closeBrace) {
      close()
      continue
    } else if (levels.length > 0 && !inObject && c === closeBracket) {
      close()
      continue
    }
    if (inObject) {
      if (c !== quote)
        return fail('json-syntax', at, `A property name in double quotes was expected, but here is ${shown(text, at)}.`)
      const end = stringEnd(at)
      if (end === -1) return found
      addKey(at + 1, end - 1)
      at = end
      c = text.charCodeAt(at)
      while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at)
      if (c !== colon)
        return fail('json-syntax', at, `A colon was expected after the property name, but here is ${shown(text, at)}.`)
      c = text.charCodeAt(++at)
      while (c === 32 || c === 10 || c === 13 || c === 9) c = text.charCodeAt(++at)
    }
    if (c === quote) {
      const end = stringEnd(at)
      if (end === -1) return found
      at = end
      afterValue = true
    } else if (c === openBrace || c === openBracket) {
      if (levels.length >= limits.depth)
        return fail(
          'json-too-deep',
          at,
          `Arrays and objects nest more than ${limits.depth} levels deep here; no resource does.`,
        )
      levels.push(c === openBrace ? at : -1 - at)
      if (c === openBrace) {
        bases.push(keys.length)
        sets.push(undefined)
      }
      at++
      afterValue = false
    } else if (c >= 49 && c <= 57 && plainNumberEnd(text, at) > 0) {
      at = plainNumberEnd(text, at)
      afterValue = true
    } else {
      literal.lastIndex = at
      const word = literal.exec(text)?.[0]
      if (word === undefined) return fail('json-syntax', at, wrongValue(text, at))
      at += word.length
      afterValue = true
    }
  }

  function close(): void {
    if ((levels.pop() as number) >= 0) {
      keys.length = bases.pop() as number
      sets.pop()
    }
    at++
    afterValue = true
  }
}

/** End of a number of digits alone, the usual kind; 0 for any other. */
function plainNumberEnd(text: string, start: number): number {
  let at = start
  let c = text.charCodeAt(at)
  while (c >= 48 && c <= 57) c = text.charCodeAt(++at)
  return c === comma || c === closeBrace || c === closeBracket ? at : 0
}

const literal = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y

const placeText = (before: string, firstLine: number): string => {
  const lines = before.split('\n')
  return `at line ${firstLine + lines.length - 1}, column ${(lines.at(-1) as string).length + 1}`
}
