/** $everything of a member: both kinds of ExplanationOfBenefit, nothing withheld, closed in itself (PDex p2p-single §212-§214). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, hasToken, isMistaken, status, suspicious } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { bundleOf, keyOf, type Received, referencesIn, resourcesIn } from '../../core/received.ts'
import { asked, localKey, succeeded } from '../../core/rest.ts'
import { expected, hidden, holdings, isFrom2point2 } from '../holdings.ts'
import { explanations, keepsToRights } from '../rights.ts'

const everythingCalls = (
  transcript: Transcript,
  scene: Scene,
  where: (x: Exchange) => boolean = () => true,
): Exchange[] =>
  transcript.some(['everything', 'probe'], {
    from: scene.requester,
    to: scene.responder,
    where: (x) => asked(x).operation === '$everything' && asked(x).type === 'Patient' && where(x),
  })

export const everythingIsSupported = check(
  'PDEX-128',
  'SHALL',
  '$everything returns a searchset with the Patient',
  (transcript, scene) => {
    const made = everythingCalls(transcript, scene, (x) => !isMistaken(x) && hasToken(x))
    return few(
      made.flatMap((x) => {
        const found = status(x, [200], '$everything of the matched member is supported')
        if (found.length > 0) return found
        if (bundleOf(x)?.type !== 'searchset')
          return [
            unmet(x, 'wrong-bundle', '$everything returns a searchset', {
              expected: 'searchset',
              actual: bundleOf(x)?.type ?? 'no Bundle',
            }),
          ]
        const { id, params } = asked(x)
        const whole = ['_type', '_since', 'start', 'end', '_count'].every((name) => !params.has(name))
        const patient = resourcesIn(x).some(({ resource }) => resource.resourceType === 'Patient' && resource.id === id)
        return !whole || patient || bundleOf(x)?.link?.some(({ relation }) => relation === 'next')
          ? []
          : [unmet(x, 'missing-resource', 'the Patient is not in the Bundle', { expected: `Patient/${id}` })]
      }),
    )
  },
)

export const everythingIsLimited = check(
  'PDEX-129',
  'SHALL',
  '$everything holds nothing that the requester may not see',
  (transcript, scene) => keepsToRights('$everything', transcript, scene),
)
/** ExplanationOfBenefits of a use that another method, or the record, has and $everything has not. */
function droppedFromEverything(transcript: Transcript, scene: Scene, use: 'claim' | 'preauthorization'): Finding[] {
  const all = holdings(transcript, scene)
  const everything = all.find(({ method }) => method === '$everything')
  if (!everything) return [undecided(undefined, 'the data was not retrieved completely by $everything')]
  const permitted =
    use === 'claim' ? scene.permissions?.claims !== false : scene.permissions?.priorAuthorizations !== false
  if (!permitted) return [undecided(everything.exchanges[0], `this client may not see any ${use}`)]
  const known = new Set<string>()
  for (const holding of all) for (const key of explanations(holding, use)) known.add(key)
  for (const [key, resource] of expected(scene, 'search') ?? [])
    if (resource.resourceType === 'ExplanationOfBenefit' && resource.use === use) known.add(key)
  if (known.size === 0)
    return [undecided(everything.exchanges[0], `nothing shows that the payer holds a ${use} of the member`)]
  const lost = [...known].filter((key) => !everything.seen.has(key))
  return lost.length > 0
    ? [
        unmet(
          everything.exchanges.at(-1),
          'missing-records',
          `$everything leaves out ${lost.length} of ${known.size} ExplanationOfBenefits of use ${use}`,
          {
            expected: lost.slice(0, 5),
            actual: known.size - lost.length,
          },
        ),
      ]
    : []
}

export const everythingHoldsBothKinds = check(
  'PDEX-130',
  'SHALL',
  '$everything holds prior authorizations and claims',
  (transcript, scene) => [
    ...droppedFromEverything(transcript, scene, 'preauthorization'),
    ...droppedFromEverything(transcript, scene, 'claim'),
  ],
)
export const everythingDropsNoClaims = check(
  'PDEX-132',
  'SHALL NOT',
  '$everything leaves out claims of an entitled requester',
  (transcript, scene) => droppedFromEverything(transcript, scene, 'claim'),
)

/** Until 2.1. */
export const everythingHoldsPriorAuthorizations = check(
  'PDEX-133',
  'SHOULD',
  '$everything holds prior authorizations and no claims',
  (transcript, scene) => {
    const everything = holdings(transcript, scene).find(({ method }) => method === '$everything')
    if (!everything) return [undecided(undefined, 'the data was not retrieved completely by $everything')]
    const claims = [...everything.seen.values()].filter(
      ({ resource }) => resource.resourceType === 'ExplanationOfBenefit' && resource.use !== 'preauthorization',
    )
    const held =
      holdings(transcript, scene).some((holding) => explanations(holding, 'claim').length > 0) ||
      scene.person?.record?.some((r) => r.resourceType === 'ExplanationOfBenefit' && r.use === 'claim')
    if (!held) return [undecided(everything.exchanges[0], 'nothing shows that the payer holds claims of the member')]
    return few(
      claims.map(({ exchange, resource, expression }) =>
        unmet(exchange, 'claim-in-everything', `${keyOf(resource)} is a ${String(resource.use)}`, {
          expected: 'preauthorization',
          actual: resource.use,
          expression,
        }),
      ),
    )
  },
)

/** _type narrows $everything: nothing else but what was asked for and what it points at. */
export const everythingCanBeNarrowed = check(
  'PDEX-131',
  'MAY',
  '$everything with _type gives these types alone',
  (transcript, scene) => {
    const made = everythingCalls(
      transcript,
      scene,
      (x) => asked(x).params.has('_type') && !isMistaken(x) && succeeded(x),
    )
    const findings = made.flatMap((x) => {
      const types = new Set(
        asked(x)
          .params.getAll('_type')
          .flatMap((list) => list.split(',')),
      )
      const others = matchesOf(x).filter(({ resource, mode }) => mode === 'match' && !types.has(resource.resourceType))
      return others.map(({ resource, expression }) =>
        unmet(x, 'ignored-parameter', `${keyOf(resource)} is none of ${[...types].join(', ')}`, { expression }),
      )
    })
    const found = made.some((x) => resourcesIn(x).length > 0)
    return findings.length > 0 || found ? few(findings) : [undecided(made[0], 'the narrowed $everything holds nothing')]
  },
)

/** References in the Bundle lead somewhere. */
export const everythingIsClosed = check(
  'PDEX-139',
  'SHOULD',
  'References in $everything lead to resources in it or on the server',
  (transcript, scene) => {
    const everything = holdings(transcript, scene).find(({ method }) => method === '$everything')
    if (!everything) return [undecided(undefined, 'the data was not retrieved completely by $everything')]
    const base = asked(everything.exchanges[0] as Exchange).base
    const out = hidden(scene)
    const held = new Set((scene.person?.record ?? []).map((resource) => `${resource.resourceType}/${resource.id}`))
    const findings: Finding[] = []
    let open = 0
    const told = new Set<string>()
    for (const { resource, exchange, expression } of everything.seen.values())
      for (const pointer of localReferences(resource, base)) {
        // The content of a document is on the server, and no entry of a Bundle of records.
        if (pointer.key.startsWith('Binary/')) continue
        if (everything.seen.has(pointer.key) || told.has(pointer.key) || out.has(pointer.key)) continue
        told.add(pointer.key)
        const read = transcript
          .from(0)
          .findLast(
            (x) =>
              x.to === scene.responder &&
              x.response !== undefined &&
              asked(x).interaction === 'read' &&
              `${asked(x).type}/${asked(x).id}` === pointer.key,
          )
        if (read && succeeded(read)) continue
        if (read || held.has(pointer.key))
          findings.push(
            unmet(
              exchange,
              'dangling-reference',
              `${keyOf(resource)} points at ${pointer.key}, which ${read ? 'cannot be read' : 'the system holds'} and $everything leaves out`,
              { expression: `${expression}.${pointer.expression}` },
            ),
          )
        else if (isReachedByRights(pointer.key, scene)) open++
      }
    return [
      ...few(findings),
      ...(open > 0 && findings.length === 0
        ? [
            suspicious(
              everything.exchanges.at(-1),
              'dangling-reference',
              `references lead out of the Bundle (${open} in all), and nobody followed them`,
            ),
          ]
        : []),
    ]
  },
)

/** Claims that $everything leaves out until 2.1 are pointed at, and need not be there. */
const isReachedByRights = (key: string, scene: Scene): boolean =>
  !(!isFrom2point2(scene.editions.pdex) && key.startsWith('ExplanationOfBenefit/'))

function localReferences(resource: Received['resource'], base: string): { key: string; expression: string }[] {
  const found: { key: string; expression: string }[] = []
  for (const { reference, expression } of referencesIn(resource)) {
    const key = localKey(reference, base)
    if (key) found.push({ key, expression })
  }
  return found
}

export const everythingChecks: readonly Check[] = [
  everythingIsSupported,
  everythingIsLimited,
  everythingHoldsBothKinds,
  everythingCanBeNarrowed,
  everythingDropsNoClaims,
  everythingHoldsPriorAuthorizations,
  everythingIsClosed,
]
