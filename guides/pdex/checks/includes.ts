/** What comes along with claims: all that they point at, as it can be read, and the payor (CapStmt notes). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { crawlFrom } from '../../core/crawls.ts'
import { few, isMistaken, requests, status } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { at, keyOf, type Received, resourceOf, resourcesIn } from '../../core/received.ts'
import { asked, localKey, succeeded } from '../../core/rest.ts'
import { includeOf, notAllPages } from '../include-searches.ts'

export const claimsIncludeEverything = check(
  'PDEX-358',
  'SHALL',
  '_include=ExplanationOfBenefit:* brings what a claim points at',
  (transcript, scene) => {
    const made = includeOf(transcript, scene, /^ExplanationOfBenefit:\*$/, 'ExplanationOfBenefit')
    if (made.length === 0) return [undecided(undefined, 'nobody asked for _include=ExplanationOfBenefit:*')]
    const later = transcript.from(0)
    return made.flatMap((x): Finding[] => {
      const found = status(x, [200], '_include=ExplanationOfBenefit:* is supported')
      if (found.length > 0) return found
      const claims = matchesOf(x)
      if (claims.length === 0) return [undecided(x, 'no ExplanationOfBenefit was found')]
      // A page may end between a claim and what comes with it.
      const { received, complete } = crawlFrom(x, later)
      const got = new Set(received.map(({ resource }) => keyOf(resource)))
      const lost = claims.flatMap(({ resource }) =>
        // What the CapabilityStatements list as includes of a claim.
        ['patient', 'insurer', 'provider', 'insurance.coverage', 'careTeam.provider'].flatMap((path) => {
          const keys = at(resource, `${path}.reference`).flatMap(
            (reference) => localKey(String(reference), asked(x).base) ?? [],
          )
          return keys.filter((key) => !got.has(key)).map((key) => `${path}: ${key}`)
        }),
      )
      if (lost.length > 0 && !complete) return [notAllPages(x)]
      return lost.length > 0
        ? [
            unmet(
              x,
              'missing-include',
              `the search leaves out resources that claims point at (${lost.length} in all)`,
              {
                expected: lost.slice(0, 5),
              },
            ),
          ]
        : []
    })
  },
)

export const includedEqualsRead = check(
  'PDEX-357',
  'SHALL',
  'What a claim points at is the same by _include and by read',
  (transcript, scene) => {
    const made = includeOf(transcript, scene, /^ExplanationOfBenefit:/, 'ExplanationOfBenefit')
    const included = new Map(
      made
        .flatMap((x) =>
          resourcesIn(x).filter(({ resource, mode }) => mode === 'include' && resource.resourceType !== 'Provenance'),
        )
        .map((one) => [keyOf(one.resource), one]),
    )
    const reads = requests(
      transcript,
      scene,
      ({ interaction, type, id, version }, x) =>
        succeeded(x) &&
        (interaction === 'read' ||
          (interaction === 'vread' && included.get(`${type}/${id}`)?.resource.meta?.versionId === version)) &&
        included.has(`${type}/${id}`),
    )
    if (reads.length === 0) return [undecided(made[0], 'nothing that was included was read as well')]
    return few(
      reads.flatMap((x) => {
        const { type, id } = asked(x)
        const one = included.get(`${type}/${id}`) as Received
        const read = resourceOf(x)
        return read && sorted(read) === sorted(one.resource)
          ? []
          : [
              unmet(x, 'different-content', `${type}/${id} differs between ${asked(x).interaction} and include`, {
                expression: one.expression,
              }),
            ]
      }),
    )
  },
)

/** JSON without regard to the order of properties. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

export const payorIsIncluded = check(
  'PDEX-359',
  'SHOULD',
  'The client includes the payor of the coverage with claims',
  (transcript, scene) => {
    const made = transcript.some('search', {
      from: scene.requester,
      to: scene.responder,
      where: (x) =>
        asked(x).type === 'ExplanationOfBenefit' &&
        asked(x)
          .params.getAll('_include')
          .some((value) => /coverage|\*/.test(value)) &&
        !isMistaken(x),
    })
    const asking = made.some((x) =>
      asked(x)
        .params.getAll('_include:iterate')
        .some((value) => value === 'Coverage:payor'),
    )
    const everything = made.some((x) => asked(x).params.has('_include:iterate'))
    return asking
      ? []
      : [
          unmet(
            made[0],
            'missing-parameter',
            'claims are included with their coverage, and its payor is not asked for',
            { expected: '_include:iterate=Coverage:payor', actual: everything ? 'another iteration' : undefined },
          ),
        ]
  },
)

export const includeChecks: readonly Check[] = [claimsIncludeEverything, includedEqualsRead, payorIsIncluded]
