/** Second-order faults: pairs drawn by seed, so that the same seed tries the same pairs. */
import { random } from '../harness/random.ts'
import type { Fault } from '../simulators/faults/fault.ts'

/** That many different pairs of faults that name different requirements. */
export function samplePairs(faults: readonly Fault[], count: number, seed: string): (readonly [Fault, Fault])[] {
  const chance = random(`${seed}/pairs`)
  const drawn = new Map<string, readonly [Fault, Fault]>()
  // A list too short for so many pairs ends the search.
  for (let tries = 0; faults.length > 1 && drawn.size < count && tries < count * 50; tries++) {
    const one = chance.pick(faults)
    const other = chance.pick(faults)
    const apart = !one.breaks.some((id) => other.breaks.includes(id))
    const key = [one.id, other.id].toSorted().join('+')
    if (one !== other && apart && !drawn.has(key)) drawn.set(key, [one, other])
  }
  return [...drawn.values()]
}
