/** Bodies that are read when somebody asks for them: most of a record is bodies, and most readers need few of them. */

const texts = new WeakMap<object, string>()

/**
 * The message with a body that stands between the quotes of a JSON string, each character a byte of UTF-8. It is decoded when
 * it is first read; `damaged` says what is thrown when that cannot be done.
 */
export function withUnreadBody<T extends object>(message: T, json: string, damaged: () => Error): T {
  let text: string | undefined
  const whole = {
    ...message,
    get body() {
      text ??= decoded(json, damaged)
      return text
    },
  }
  texts.set(whole, json)
  return whole
}

type Message = { readonly body: string }

/** Whether there is more of it than that many characters. */
export function isLonger(message: Message, length: number): boolean {
  const json = texts.get(message)
  // Each is written as one byte at least, and as six at most.
  if (json !== undefined && json.length <= length) return false
  if (json !== undefined && json.length > 6 * length) return true
  return message.body.length > length
}

/** The first characters of a body, of which the rest is left unread. */
export function beginning(message: Message, length: number): string {
  const json = texts.get(message)
  if (json === undefined || json.length <= 2 * length) return message.body.slice(0, length)
  // It may be cut in the middle of an escape, which has six characters at most.
  for (let end = 2 * length; end > 2 * length - 6; end--)
    try {
      const start = JSON.parse(`"${fromBytes(json.slice(0, end))}"`) as string
      // The last may be one of a cut character.
      if (start.length > length) return start.slice(0, length)
    } catch {}
  return message.body.slice(0, length)
}

/** How often a text of ASCII stands in a body. */
export function countIn(message: Message, text: string): number {
  const json = texts.get(message)
  const [where, what] = json === undefined ? [message.body, text] : [json, JSON.stringify(text).slice(1, -1)]
  let count = 0
  for (let at = where.indexOf(what); at >= 0; at = where.indexOf(what, at + what.length)) count++
  return count
}

/** The same for two messages if they say the same. */
export const sameness = (message: Message): string => texts.get(message) ?? message.body

function decoded(json: string, damaged: () => Error): string {
  try {
    return JSON.parse(`"${fromBytes(json)}"`) as string
  } catch {
    throw damaged()
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const beyondAscii = /[^\x00-\x7f]/

/** The text behind characters that are each a byte of UTF-8. */
export const fromBytes = (bytes: string): string =>
  beyondAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes
