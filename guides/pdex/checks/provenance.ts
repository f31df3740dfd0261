/** Provenance: who it is from, and that it can be had (PDex prov, hprov, overview §126-§128, SD pdex-provenance). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { isPersonal } from '../../core/compartment.ts'
import { crawlFrom } from '../../core/crawls.ts'
import { few, status } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { refusedAltogether } from '../../core/offered-parameters.ts'
import { at, keyOf, type Received, resourcesIn } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { holdings } from '../holdings.ts'
import { revincludes } from '../include-searches.ts'
import { agentsOf, formatsOf, isOrigin, isProvenance, provenancesIn, targetsOf } from '../origins.ts'
import { searchedTypes } from '../profiles.ts'
import { each, pdexProvenanceIsSound, sourceFormatStandsRight } from './provenance-profile.ts'

const withMatches = (made: readonly Exchange[]): Exchange[] =>
  made.filter((x) => succeeded(x) && matchesOf(x).length > 0)

export const sourceIsDescribed = check(
  'PDEX-062',
  'SHOULD',
  'Provenance of the original source comes with a search',
  (transcript, scene) => {
    const found = withMatches(revincludes(transcript, scene))
    if (found.length === 0) return [undecided(undefined, 'no search with _revinclude=Provenance:target found anything')]
    const described = found.some((x) =>
      resourcesIn(x)
        .filter(isProvenance)
        .some(({ resource }) => agentsOf(resource).some(isOrigin)),
    )
    return described
      ? []
      : [
          unmet(found[0], 'missing-provenance', 'no search brought a Provenance with an author or source', {
            expected: 'agent of type author or source',
          }),
        ]
  },
)

/** Each member-related resource has an origin, in particular when it is asked for. */
export const eachHasAnOrigin = check(
  'PDEX-063',
  'SHOULD',
  'Each resource of the member comes with an origin Provenance',
  (transcript, scene) => {
    const found = withMatches(revincludes(transcript, scene))
    const wholes = holdings(transcript, scene).filter(({ method }) => method !== 'search')
    const findings: Finding[] = []
    let judged = 0
    const count = (
      where: string,
      exchange: Exchange | undefined,
      records: readonly Received[],
      provenance: readonly Received[],
    ): void => {
      const covered = new Set(
        provenance
          .filter(({ resource }) => agentsOf(resource).some(isOrigin))
          .flatMap(({ resource }) => targetsOf(resource)),
      )
      const without = records.filter(({ resource }) => !covered.has(keyOf(resource)))
      judged += records.length
      if (without.length > 0)
        findings.push(
          unmet(
            exchange,
            'missing-provenance',
            `${without.length} of ${records.length} resources of ${where} have no origin Provenance`,
            {
              expected: without.slice(0, 5).map(({ resource }) => keyOf(resource)),
            },
          ),
        )
    }
    for (const x of found) {
      const records = matchesOf(x).filter(({ resource }) => isPersonal(resource.resourceType))
      if (records.length > 0) count(`the search of ${asked(x).type}`, x, records, resourcesIn(x).filter(isProvenance))
    }
    for (const holding of wholes)
      count(
        holding.method,
        holding.exchanges.at(-1),
        [...holding.seen.values()].filter(({ resource }) => isPersonal(resource.resourceType)),
        provenancesIn(holding),
      )
    return judged === 0 ? [undecided(undefined, 'nothing of the member came that could have an origin')] : few(findings)
  },
)

const elements = ['target.reference', 'recorded', 'agent.type', 'agent.who', 'entity.role', 'entity.what'] as const

export const elementsAreThere = check(
  'PDEX-066',
  'SHOULD',
  'Provenance has target, recorded, agent, entity and source format',
  (transcript, scene) =>
    each(transcript, scene, ({ resource, exchange, expression }) => {
      const missing: string[] = elements.filter((path) => at(resource, path).length === 0)
      if (formatsOf(resource).length === 0) missing.push('entity.extension[ProvenanceSourceFrom]')
      return missing.length > 0
        ? [
            unmet(exchange, 'missing-element', `${keyOf(resource)} lacks ${missing.join(', ')}`, {
              expected: missing,
              expression,
            }),
          ]
        : []
    }),
)

/** Types whose search the CapabilityStatements list with _revinclude=Provenance:target. */
const withRevInclude = (scene: Scene): string[] =>
  searchedTypes(scene.editions).filter((type) => type !== 'ExplanationOfBenefit')

export const provenanceCanBeHad = check(
  'PDEX-070',
  'SHALL',
  '_revinclude=Provenance:target brings Provenance for every type',
  (transcript, scene) => {
    const made = revincludes(transcript, scene).filter((x) => withRevInclude(scene).includes(asked(x).type ?? ''))
    const refused = refusedAltogether(made).flatMap((x) =>
      status(x, [200], `a search of ${asked(x).type} takes _revinclude=Provenance:target`),
    )
    const found = withMatches(made)
    const later = transcript.from(0)
    const ignored = found
      .filter((x) => !crawlFrom(x, later).received.some(isProvenance))
      .map((x) =>
        unmet(x, 'missing-include', `_revinclude=Provenance:target brings no Provenance of any ${asked(x).type}`, {
          expected: 'Provenance',
        }),
      )
    if (refused.length + ignored.length > 0) return few([...refused, ...ignored])
    return found.length === 0
      ? [undecided(undefined, 'no search with _revinclude=Provenance:target found anything')]
      : []
  },
)

export const provenanceChecks: readonly Check[] = [
  sourceIsDescribed,
  eachHasAnOrigin,
  elementsAreThere,
  provenanceCanBeHad,
  pdexProvenanceIsSound,
  sourceFormatStandsRight,
]
