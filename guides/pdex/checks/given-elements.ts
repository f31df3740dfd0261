/** Do the elements that the payer holds and a profile marks as must-support come along? */
import { undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { type Conformance, hasValue, insteadOf, type MustSupport } from '../../conformance/conformance.ts'
import { few } from '../../core/judging.ts'
import { keyOf, type Resource } from '../../core/received.ts'

/** Elements of the seeded record that a profile marks as must-support, and that did not come along. */
export function givenElements(
  _transcript: Transcript,
  scene: Scene,
  judged: readonly Conformance[],
  mustSupport: MustSupport,
): Finding[] {
  const seeds = new Map(((scene.person?.record ?? []) as unknown as Resource[]).map((seed) => [keyOf(seed), seed]))
  if (seeds.size === 0) return [undecided(undefined, 'what the payer holds is not known')]
  const findings: Finding[] = []
  let compared = 0
  for (const { received, profile } of judged) {
    const { resource, exchange, expression } = received
    const seed = seeds.get(keyOf(resource))
    const ids = profile === undefined ? undefined : mustSupport(profile, scene.editions)
    // A version that is newer than the seed may have lost an element by an update.
    if (!seed || !ids || (resource.meta?.versionId ?? '') !== (seed.meta?.versionId ?? resource.meta?.versionId ?? ''))
      continue
    compared++
    const missing = ids.filter(
      (path) => hasValue(seed, path) && insteadOf(path).every((other) => !hasValue(resource, other)),
    )
    // Of what is missing as a whole, no part is told as well.
    const lost = missing.filter((path) => !missing.some((above) => path.startsWith(`${above}.`)))
    if (lost.length > 0)
      findings.push(
        unmet(
          exchange,
          'missing-element',
          `${keyOf(resource)} comes without ${lost.join(', ')}, which the payer holds`,
          { expected: lost, expression },
        ),
      )
  }
  return compared === 0
    ? [undecided(undefined, 'nothing that came could be compared with what the payer holds')]
    : few(findings)
}
