/** What somebody who mistyped a word may have meant. */

/** The few that need the least typing to become right. */
export const nearest = (wanted: string, known: readonly string[], few = 4): string[] =>
  ranked(wanted, known)
    .slice(0, few)
    .map(({ one }) => one)

/** The one that was most likely meant: a slip away, not another word. */
export const meant = (wanted: string, known: readonly string[]): string | undefined => {
  const best = ranked(wanted.toLowerCase(), known)[0]
  return best && best.far <= Math.max(1, Math.floor(wanted.length / 3)) ? best.one : undefined
}

const ranked = (wanted: string, known: readonly string[]): { readonly one: string; readonly far: number }[] =>
  known
    .map((one) => ({ one, far: Math.min(distance(wanted, one), distance(wanted, one.toLowerCase())) }))
    .sort((a, b) => a.far - b.far || (a.one < b.one ? -1 : 1))

/** Levenshtein. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length] ?? 0
}
