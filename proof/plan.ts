/** Who tries what: for each fault, client fault and variant the scenarios that can show it, as the honest run taught. */
import type { ClientFault } from '../flows/faults/client-fault.ts'
import { random } from '../harness/random.ts'
import type { Fault } from '../simulators/faults/fault.ts'
import { names } from '../simulators/spoil.ts'
import type { Variant } from '../simulators/variants/variant.ts'
import type { Fact, Judged } from './facts.ts'
import type { Trial } from './trial.ts'

export interface Planning {
  readonly facts: readonly Fact[]
  /** Play every scenario that reaches the faulty part, not only until each requirement has been found unmet. */
  readonly all: boolean
}

/** Does the scenario come to a row that the fault lies over? If it does not, nothing in it can be otherwise. */
const reaches = ({ rows }: Fact, fault: Pick<Fault, 'route'>): boolean =>
  rows.some((name) => names(fault, { name, method: name.split(' ')[0] ?? '' }))

const makes = ({ moves }: Fact, { actor, moves: spoiled }: ClientFault): boolean =>
  spoiled.some((move) => moves.includes(`${actor}: ${move}`))

/** Cheapest first; by id where they cost the same, so that the order is the same everywhere. */
const byCost = (a: Fact, b: Fact): number => a.cost - b.cost || (a.id < b.id ? -1 : 1)

const judges = (fact: Fact, ids: ReadonlySet<string>): boolean =>
  fact.judged.some(({ requirement }) => ids.has(requirement))

/** Those that judge what is named; all that reach it where everything is to be known. */
function candidatesFor({ facts, all }: Planning, named: readonly string[], reached: (fact: Fact) => boolean): string[] {
  const ids = new Set(named)
  return facts
    .filter((fact) => reached(fact) && (all || judges(fact, ids)))
    .toSorted(byCost)
    .map(({ id }) => id)
}

export const faultTrial = (planning: Planning, fault: Fault): Trial => ({
  id: fault.id,
  kind: 'fault',
  subjects: [fault.id],
  title: fault.title,
  goals: fault.breaks.map((id) => [id]),
  mayWarn: [],
  candidates: candidatesFor(planning, fault.breaks, (fact) => reaches(fact, fault)),
  all: planning.all,
})

export const clientFaultTrial = (planning: Planning, fault: ClientFault): Trial => ({
  id: fault.id,
  kind: 'client fault',
  subjects: [fault.id],
  title: fault.title,
  goals: fault.breaks.map((id) => [id]),
  mayWarn: [],
  candidates: candidatesFor(planning, fault.breaks, (fact) => makes(fact, fault)),
  all: planning.all,
})

/** Two at once: something of each must still be found, unless one keeps the other from showing. */
export const pairTrial = (planning: Planning, [one, other]: readonly [Fault, Fault]): Trial => ({
  id: `${one.id}+${other.id}`,
  kind: 'pair',
  subjects: [one.id, other.id],
  title: `${one.title}; ${other.title}`,
  goals: [one.breaks, other.breaks],
  mayWarn: [],
  candidates: [
    ...new Set([one, other].flatMap((fault) => candidatesFor(planning, fault.breaks, (fact) => reaches(fact, fault)))),
  ],
  all: false,
})

/**
 * A legal choice is judged by every check of the requirements that it comes near, each in one edition where it holds in
 * several, and not the same one for every choice, and by whatever else these scenarios judge; by every scenario where
 * everything is to be known.
 */
export function variantTrial({ facts, all }: Planning, variant: Variant): Trial {
  const ids = new Set(variant.touches)
  return {
    id: variant.id,
    kind: 'variant',
    subjects: [variant.id],
    title: variant.title,
    goals: [],
    mayWarn: variant.mayWarn ?? [],
    candidates: (all ? facts.toSorted(byCost) : covering(facts, ids, variant.id)).map(({ id }) => id),
    all: true,
  }
}

/** As few and cheap scenarios as hold every check of these requirements; the salt says in which of its editions. */
export function covering(facts: readonly Fact[], ids: ReadonlySet<string>, salt: string): Fact[] {
  const isMeant = ({ requirement, code }: Judged): boolean => code !== 'skip' && ids.has(requirement)
  const editions = new Map<string, Set<number>>()
  for (const { edition, judged } of facts)
    for (const { check } of judged.filter(isMeant)) editions.set(check, (editions.get(check) ?? new Set()).add(edition))
  const wanted = new Map(
    [...editions].map(([check, where]) => {
      const sorted = [...where].toSorted((a, b) => a - b)
      return [check, sorted[random(`${salt} ${check}`).between(0, sorted.length - 1)]] as const
    }),
  )
  const newIn = ({ edition, judged }: Fact): Set<string> =>
    new Set(judged.filter((one) => isMeant(one) && wanted.get(one.check) === edition).map(({ check }) => check))
  const chosen: Fact[] = []
  const sorted = facts.filter((fact) => judges(fact, ids)).toSorted(byCost)
  while (wanted.size > 0) {
    // The most for its price; the cheaper one where two give as much.
    let best: { fact: Fact; worth: number } | undefined
    for (const fact of sorted) {
      const worth = newIn(fact).size / (fact.cost + 3)
      if (worth > (best?.worth ?? 0)) best = { fact, worth }
    }
    if (!best) break
    chosen.push(best.fact)
    for (const check of newIn(best.fact)) wanted.delete(check)
  }
  return chosen.toSorted(byCost)
}

/**
 * The candidate to play next: the one that judges most of what has not been found yet for its cost. One that could not
 * decide about it in the honest play is a last resort. Undefined: none is left that can help.
 */
export function nextCandidate(
  candidates: readonly Fact[],
  played: ReadonlySet<string>,
  goals: readonly (readonly string[])[],
): Fact | undefined {
  let best: { fact: Fact; price: number } | undefined
  for (const fact of candidates) {
    if (played.has(fact.id)) continue
    const worth = goals.reduce((sum, goal) => sum + worthFor(fact, goal), 0)
    const price = (fact.cost + 3) / worth
    if (worth > 0 && (!best || price < best.price)) best = { fact, price }
  }
  return best?.fact
}

const worthFor = ({ judged }: Fact, goal: readonly string[]): number => {
  const here = judged.filter(({ requirement }) => goal.includes(requirement))
  if (here.length === 0) return 0
  return here.some(({ code }) => code !== 'skip') ? 1 : 0.01
}
