/** The legal values nearest to a wrong one, by edit distance, for findings. */
import type { Membership } from '../terminology/membership.ts'

/** Levenshtein distance, given up beyond `limit`. */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      const value = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + cost,
      )
      current.push(value)
      if (value < least) least = value
    }
    if (least > limit) return limit + 1
    previous = current
  }
  return previous[b.length] as number
}

/** Up to three of `candidates` that are nearest to `wrong`; close ones only. */
export function nearestAmong(wrong: string | undefined, candidates: Iterable<string>): string[] {
  if (wrong === undefined || wrong === '' || wrong.length > 64) return []
  const limit = Math.max(1, Math.floor(wrong.length / 3))
  const lower = wrong.toLowerCase()
  const found: [string, number][] = []
  let seen = 0
  for (const candidate of candidates) {
    if (++seen > 2000) break
    const far = distance(lower, candidate.toLowerCase(), limit)
    if (far <= limit) found.push([candidate, far])
  }
  return found
    .sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 3)
    .map(([candidate]) => candidate)
}

/** Codes of a value set nearest to a wrong one; the whole of a small value set where none is near. */
export function nearestTo(wrong: string | undefined, membership: Membership): readonly string[] {
  const known = answers.get(membership) ?? new Map<string | undefined, readonly string[]>()
  answers.set(membership, known)
  let answer = known.get(wrong)
  if (!answer) {
    answer = searchNearest(wrong, membership)
    if (known.size > 1000) known.clear()
    known.set(wrong, answer)
  }
  return answer
}

/** The same wrong codes come again and again. */
const answers = new WeakMap<Membership, Map<string | undefined, readonly string[]>>()

function searchNearest(wrong: string | undefined, membership: Membership): string[] {
  const few: string[] = []
  const all: string[] = []
  for (const { code } of membership.codes()) {
    if (all.length < 2000) all.push(code)
    if (few.length < 7) few.push(code)
    if (all.length >= 2000) break
  }
  const near = nearestAmong(wrong, all)
  return near.length > 0 ? near : all.length <= 6 ? few : []
}
