/**
 * An oracle looks at a whole scenario after its last sentence, for what no sentence asked about. What it finds is told as a
 * verdict on the statement that forbids it; where it finds nothing it says nothing: not having looked for something is no pass.
 *
 * An oracle keeps out of the promise of the tags by design. A tag says what a scenario sets out to judge, and an oracle sets
 * out to judge nothing: it may find any of its statements broken in any scenario, and need not find one.
 */
import { holdsAt } from '../../harness/edition.ts'
import type { Requirement } from '../../harness/requirement.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Transcript } from '../../harness/transcript.ts'
import { costOf, type Finding, type Verdict } from '../../harness/verdict.ts'

/** Something that an oracle found, and the statement that forbids it. */
export interface Suspicion {
  readonly requirement: string
  readonly finding: Finding
  /** Ids of further exchanges that it was told from. */
  readonly beside?: readonly string[]
}

export interface Oracle {
  /** `leak-oracle`: second half of the name of its verdicts. */
  readonly id: string
  /** What would have held, had it found nothing. */
  readonly title: string
  /** Every statement that it may find broken. */
  readonly requirements: readonly string[]
  readonly look: (transcript: Transcript, scene: Scene) => readonly Suspicion[]
}

/** What the oracles found, weighed by the verbs of the ledger: one verdict for each statement that was broken. */
export function verdictsOf(
  oracles: readonly Oracle[],
  transcript: Transcript,
  scene: Scene,
  ledger: ReadonlyMap<string, Requirement>,
): Verdict[] {
  return oracles.flatMap(({ id, title, look }) => {
    const found = grouped(look(transcript, scene), ({ requirement }) => requirement)
    return [...found].flatMap(([name, suspicions]): Verdict[] => {
      const requirement = ledger.get(name)
      const version = requirement && scene.editions[requirement.guide]
      if (!requirement || (version !== undefined && !holdsAt(requirement.versions, version))) return []
      const findings = suspicions.map(({ finding }) => finding)
      return [
        {
          requirement: name,
          check: `${name}/${id}`,
          verb: requirement.level,
          title,
          code: findings.some(({ severity }) => severity === 'error') ? costOf[requirement.level] : 'warning',
          findings,
          evidence: [
            ...new Set(suspicions.flatMap(({ finding, beside = [] }) => [finding.exchange ?? [], ...beside].flat())),
          ],
        },
      ]
    })
  })
}

/** The items by what is alike in them, in the order of first sight. */
export function grouped<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
