/**
 * Does a finding point at the right exchange? The rule:
 *
 * 1. It names an exchange that went otherwise than in the honest play of the same scenario (or that was not made there), and
 *    the faulty part was reached by then: *touched* where the faulty part itself answered or asked, *dependent* where it is a
 *    later consequence.
 * 2. Where the comparison is blind (keys, signatures, random ids), the exchange is one in which the faulty part did something.
 * 3. A finding that compares two exchanges may name the honest one, when the check read one of the first kind as well: *compared*.
 * 4. A client that does not say what it should leaves a gap: *silent* is the exchange before the gap, and the first one after
 *    it that the check read.
 * 5. A finding about what never came names no exchange; then what the check read must contain one of the first kind: *read*.
 *
 * Everything else points elsewhere and does not count.
 */
import type { Said } from './facts.ts'

/** A request that reached the faulty part. */
export interface Mark {
  /** Index of the exchange in the transcript during which it happened. */
  readonly during: number
  /** Question or answer were not passed on as they were. */
  readonly altered: boolean
  /** It was the exchange itself; else an errand that a simulated system ran meanwhile. */
  readonly itself: boolean
  /** Nothing reached anybody: just before this exchange the faulty client kept back what it should have said. */
  readonly silence?: true
}

export type Pointing = 'touched' | 'dependent' | 'silent' | 'compared' | 'read' | 'elsewhere'

export interface Play {
  readonly honest: readonly Said[]
  readonly now: readonly Said[]
  readonly marks: readonly Mark[]
}

/** Where something that was said honestly is not said any more: the exchange that comes next, or the end. */
export function gapsIn(honest: readonly Said[], now: readonly Said[]): number[] {
  const place = new Map(honest.map(({ key }, index) => [key, index]))
  const said = new Set(now.map(({ key }) => key))
  const gaps = honest.flatMap(({ key }, index) => {
    if (said.has(key)) return []
    const following = now.findIndex((one) => (place.get(one.key) ?? -1) > index)
    return [following < 0 ? now.length : following]
  })
  return [...new Set(gaps)]
}

/** Where a finding points. `at`: index of the exchange that it names. `evidence`: indices of those that its check read. */
export function pointing(play: Play, at: number | undefined, evidence: readonly number[]): Pointing {
  const known = new Map(play.honest.map((said) => [said.key, said]))
  const first = Math.min(...play.marks.map(({ during }) => during))
  const kind = (index: number): 'touched' | 'dependent' | undefined => {
    const said = play.now[index]
    if (!said || index < first) return undefined
    const here = play.marks.filter(({ during, silence }) => during === index && !silence)
    const same = known.get(said.key)
    if (!same || same.digest !== said.digest) return here.length > 0 ? 'touched' : 'dependent'
    return said.blind && here.some(({ altered }) => altered) ? 'touched' : undefined
  }
  if (at !== undefined) {
    const direct = kind(at)
    if (direct) return direct
    const silences = play.marks.filter(({ silence }) => silence).map(({ during }) => during)
    const afterGap = (gap: number): number => Math.min(...evidence.filter((index) => index >= gap))
    if (silences.some((gap) => at === gap - 1 || at === afterGap(gap))) return 'silent'
    return evidence.some((index) => index !== at && kind(index) !== undefined) ? 'compared' : 'elsewhere'
  }
  return evidence.some((index) => kind(index) !== undefined) ? 'read' : 'elsewhere'
}
