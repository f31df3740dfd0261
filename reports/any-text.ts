/** For tests: text of any characters. fast-check's own unit `binary` builds a table of a million of them in every worker. */
import fc from 'fast-check'

const character = fc.nat(0x10ffff).map((point) => String.fromCodePoint(point))

/** Any text, lone halves of surrogate pairs included. */
export const anyText = (
  constraints: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> => fc.string({ ...constraints, unit: character })
