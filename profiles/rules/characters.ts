/** Characters that no text of FHIR may have: control characters, and halves of characters. */

// Surrogates are looked for in the same pass: most texts have none, and only a lone one is wrong.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const suspect = /[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x08\x0b\x0c\x0e-\x1f]/

/** Half of a character: JSON can escape it, Unicode has no text with it (RFC 8259, section 8.2), and FHIR's strings are Unicode. */
export const loneSurrogate = /\p{Surrogate}/u
export const halfACharacter = 'has half of a surrogate pair, which is no Unicode character'

/** What is wrong with the characters of a text, or undefined. */
export function characterProblem(text: string): string | undefined {
  if (!suspect.test(text)) return undefined
  return control.test(text) ? 'has a control character' : loneSurrogate.test(text) ? halfACharacter : undefined
}
