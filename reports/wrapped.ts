/** Lines for terminals that are narrower than they are. */
import { stripVTControlCharacters } from 'node:util'

/** Below so many characters lines are wrapped and tables stand row under row. */
export const narrow = 80

/** Characters that are seen: colours are none. */
const seen = (text: string): number => stripVTControlCharacters(text).length

/** The pieces, each with the spaces before it, in as many lines as they need; all but the first begin with the indent. No piece is cut. */
export function flowing(pieces: readonly string[], width: number, indent: string): string {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line !== '' && seen(line + piece) > width) {
      lines.push(line)
      line = indent + piece.trimStart()
    } else line += piece
  }
  return [...lines, line].join('\n')
}

/** The line itself where it fits, else in several at its spaces, which stand a little further in than it begins. */
export function wrapped(line: string, width: number): string {
  if (seen(line) <= width) return line
  const plain = stripVTControlCharacters(line)
  const start = plain.length - plain.trimStart().length
  const from = line.indexOf(plain.charAt(start), start)
  // Wide gaps align columns; where a line is wrapped there are none, and two spaces set words apart.
  const words = line.slice(from).match(/ *[^ ]+/g) ?? []
  const [first = '', ...rest] = words.map((word) => word.replace(/^ {3,}/, '  '))
  return flowing([line.slice(0, from) + first, ...rest], width, ' '.repeat(start + 2))
}
