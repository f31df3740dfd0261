/** Do the elements that the payer holds and a profile marks as must-support come along? */
import { undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import type { Conformance, MustSupport } from '../../conformance/conformance.ts'
import { few } from '../../core/judging.ts'
import { keyOf, type Resource } from '../../core/received.ts'
import { expected } from '../holdings.ts'

/** Elements of the seeded record that a profile marks as must-support, and that did not come along. */
export function givenElements(
  _transcript: Transcript,
  scene: Scene,
  judged: readonly Conformance[],
  mustSupport: MustSupport,
): Finding[] {
  const seeds = new Map([...(expected(scene, 'search') ?? [])])
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
    const names = [...new Set(ids.map((path) => path.split('.')[0] ?? ''))]
    const lost = names.filter(
      (name) => elementsNamed(seed, name).length > 0 && elementsNamed(resource, name).length === 0,
    )
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

const elementsNamed = (resource: Resource, name: string): string[] => {
  const stem = name.endsWith('[x]') ? name.slice(0, -3) : undefined
  return Object.keys(resource).filter((key) =>
    stem === undefined ? key === name : key.startsWith(stem) && /[A-Z]/.test(key[stem.length] ?? ''),
  )
}
