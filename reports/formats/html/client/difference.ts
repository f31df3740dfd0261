/** Expected beside found: two lines for plain values, a line-by-line difference for structures. */
import { valueText } from '../../../wording.ts'
import { h } from './dom.ts'

/** Longer values are shown one after the other: a difference of that many lines helps nobody. */
const longest = 400

export interface DiffLine {
  readonly side: 'both' | 'expected' | 'found'
  readonly text: string
}

/** The lines of both, with the longest common subsequence once. */
export function difference(expected: readonly string[], found: readonly string[]): DiffLine[] {
  const rows = expected.length + 1
  const columns = found.length + 1
  const length = new Uint32Array(rows * columns)
  for (let i = expected.length - 1; i >= 0; i--)
    for (let j = found.length - 1; j >= 0; j--)
      length[i * columns + j] =
        expected[i] === found[j]
          ? (length[(i + 1) * columns + j + 1] as number) + 1
          : Math.max(length[(i + 1) * columns + j] as number, length[i * columns + j + 1] as number)
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < expected.length || j < found.length) {
    if (i < expected.length && j < found.length && expected[i] === found[j]) {
      lines.push({ side: 'both', text: expected[i] as string })
      i++
      j++
    } else if (
      j >= found.length ||
      (i < expected.length && (length[(i + 1) * columns + j] as number) >= (length[i * columns + j + 1] as number))
    ) {
      lines.push({ side: 'expected', text: expected[i] as string })
      i++
    } else {
      lines.push({ side: 'found', text: found[j] as string })
      j++
    }
  }
  return lines
}

/** Both values of a finding; undefined when it has neither. */
export function differenceView(expected: unknown, found: unknown): HTMLElement | undefined {
  if (expected === undefined && found === undefined) return undefined
  const left = expected === undefined ? [] : valueText(expected, 2).split('\n')
  const right = found === undefined ? [] : valueText(found, 2).split('\n')
  const structured = (value: unknown): boolean => typeof value === 'object' && value !== null
  const lines =
    structured(expected) && structured(found) && left.length * right.length <= longest * longest
      ? difference(left, right)
      : [
          ...left.map((text): DiffLine => ({ side: 'expected', text })),
          ...right.map((text): DiffLine => ({ side: 'found', text })),
        ]
  let side = ''
  return h(
    'div',
    // Long ones scroll, so the keyboard can come to them.
    { class: 'diff', tabindex: lines.length > 12 ? '0' : false, role: 'group', 'aria-label': 'Expected and found' },
    ...lines.slice(0, 2 * longest).map((line) => {
      const label = line.side === side ? '' : line.side
      side = line.side
      return h('div', { class: `line ${line.side}` }, h('span', { class: 'side' }, label), h('code', {}, line.text))
    }),
  )
}
