/** What is wrong with a text that is no JSON, in words for who wrote it. */

/** Why no value begins there. */
export function wrongValue(text: string, at: number): string {
  const word = /^[^\s,:[\]{}"]{1,40}/.exec(text.slice(at, at + 40))?.[0] ?? ''
  if (at >= text.length) return 'A value was expected, but the text ends.'
  if (word.startsWith("'")) return 'Strings stand in double quotes, not in single ones.'
  if (word.startsWith('//') || word.startsWith('/*')) return 'JSON has no comments.'
  if (/^[+-]?(NaN|Infinity)$/.test(word)) return `${word} is no JSON number.`
  if (/^-?0[0-9]/.test(word)) return `A number must not begin with a zero: ${word}.`
  if (/^[+.]/.test(word) || /^-?[0-9]/.test(word)) return `${word} is no number by JSON's rules.`
  if (/^(True|False|None|TRUE|FALSE|NULL|undefined)$/.test(word))
    return `${word} is no JSON; true, false and null are lower case.`
  return `A value was expected, but here is ${shown(text, at)}.`
}

/** The character at hand, for a person. */
export function shown(text: string, at: number): string {
  const point = text.codePointAt(at)
  if (point === undefined) return 'the end of the text'
  if (point === 10 || point === 13) return 'the end of the line'
  const word = /^\w{2,30}/.exec(text.slice(at, at + 30))?.[0]
  if (word) return `"${word}"`
  const hex = point.toString(16).toUpperCase().padStart(4, '0')
  return point < 33 || (point > 126 && point < 161) || point === 0xfeff
    ? `U+${hex}`
    : `"${String.fromCodePoint(point)}"`
}
