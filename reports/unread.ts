/**
 * Bodies that are read when somebody asks for them. Most of a record is bodies, most reports need few of them, and those that
 * show them all can take over the JSON text that they are in the record.
 */

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

/** The JSON text of a body as it was in the record; undefined for a message that was changed or made since, as any copy is. */
export const unreadBody = (message: object): string | undefined => texts.get(message)

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
