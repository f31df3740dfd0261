/** Defects seeded into sound official examples: how many each validator finds, class by class. */
import { chanceFrom } from '../defects/chance.ts'
import { derivedIn } from '../defects/seeding.ts'
import { type Example, findingsIn } from '../defects/subjects.ts'
import { medplumAccepts } from './medplum.ts'

/** Seeded and found. */
type Tally = [made: number, found: number]
export interface Caught {
  readonly ours: Readonly<Tally>
  readonly theirs: Readonly<Tally>
}

/** A defect counts where the example was accepted before. `each` hears of every class. */
export function caughtBoth(
  sound: readonly Example[],
  perClass: number,
  each: (name: string, caught: Caught) => void,
): Caught {
  const total = { ours: [0, 0] as Tally, theirs: [0, 0] as Tally }
  for (const { name, mutants } of derivedIn(sound, chanceFrom('compare'))) {
    const caught = { ours: [0, 0] as Tally, theirs: [0, 0] as Tally }
    for (const { subject, resource } of mutants(perClass)) {
      const findings = findingsIn(subject, resource)
      const found = findings.some(({ severity }) => severity === 'error')
      // Codes that may not be shipped: ours says that it is open, which is neither a catch nor a miss.
      if (!found && findings.some(({ code }) => code === 'binding-not-decided') && name.startsWith('bad-required'))
        continue
      count(caught.ours, found)
      if (medplumAccepts(subject.resource, subject.profile) === true)
        count(caught.theirs, medplumAccepts(resource, subject.profile) === false)
    }
    each(name, caught)
    for (const side of ['ours', 'theirs'] as const)
      for (const at of [0, 1] as const) total[side][at] += caught[side][at]
  }
  return total
}

function count(tally: Tally, found: boolean): void {
  tally[0]++
  if (found) tally[1]++
}
