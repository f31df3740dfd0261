/**
 * The triangulation oracle: what one member's data looks like by one way must be what it looks like by every other (PDex
 * "Data Retrieval Methods"). Elements are compared wherever a resource was shown twice, records wherever two ways were
 * followed to their end; of many differences the smallest is told.
 */
import { unmet } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Transcript } from '../../harness/transcript.ts'
import { isPersonal } from '../core/compartment.ts'
import type { Received } from '../core/received.ts'
import { asked } from '../core/rest.ts'
import { covers, firstKeys, type Holding, holdings, mayDiffer, personal } from '../pdex/holdings.ts'
import { type Difference, differences, isSame } from './difference.ts'
import type { Oracle, Suspicion } from './oracle.ts'
import { partsAgree } from './parts.ts'
import { type Party, partyOf, type View, viewsOf } from './views.ts'

const note = 'found by the triangulation oracle'

/** The statements that are broken when two ways do not agree. */
const rules = {
  ways: 'PDEX-126',
  /** An export gives the latest version. */
  stale: 'BULK-090',
  /** What is listed can be read. */
  read: 'CORE-010',
  pages: 'CORE-037',
  everythingPart: 'CORE-053',
  exportSince: 'BULK-031',
  exportTypes: 'BULK-032',
} as const

export const triangulationOracle: Oracle = {
  id: 'triangulation-oracle',
  title: 'A member’s data is the same by whichever way it is had (triangulation oracle)',
  requirements: Object.values(rules),
  look: (transcript, scene) =>
    partiesOf(transcript, scene).flatMap((name) => {
      const party = partyOf(transcript, scene, name)
      const views = viewsOf(party)
      return [
        ...elementsAgree(views),
        ...recordsAgree(party),
        ...listedCanBeRead(party, views),
        ...partsAgree(party, rules).map(({ finding, ...rest }) => ({
          ...rest,
          finding: { ...finding, message: `${note}: ${finding.message}` },
        })),
      ]
    }),
}

/** Whoever asked the responder for a member's data. */
const partiesOf = (transcript: Transcript, scene: Scene): string[] => [
  ...new Set(
    transcript
      .from(0)
      .filter(({ move, to, response }) => move === 'member-token' && to === scene.responder && response?.status === 200)
      .map(({ from }) => from),
  ),
]

/** Two showings of one resource that are not the same. */
interface Pair {
  readonly here: View
  readonly there: View
  readonly differences: readonly Difference[]
}

function elementsAgree(views: ReadonlyMap<string, readonly View[]>): Suspicion[] {
  const stale: Pair[] = []
  const unlike: Pair[] = []
  for (const shown of views.values()) {
    if (shown.length < 2) continue
    for (const { here, there } of oddOnes(shown))
      if (isStale(here, there)) stale.push({ here, there, differences: [] })
      else unlike.push({ here, there, differences: differences(here.received.resource, there.received.resource) })
  }
  return [...oldVersions(stale), ...smallest(unlike)]
}

/** Each showing that is unlike what most of the comparable ones are; where it stands one against one, the later. */
function oddOnes(shown: readonly View[]): { here: View; there: View }[] {
  const kinds: [View, ...View[]][] = []
  for (const view of shown) {
    const kind = kinds.find(([first]) => comparable(view, first) && isAlike(view, first))
    if (kind) kind.push(view)
    else kinds.push([view])
  }
  if (kinds.length < 2) return []
  return kinds.flatMap(([here]) => {
    const rivals = kinds.filter(([other]) => other !== here && comparable(here, other))
    const size = (view: View): number => kinds.find(([first]) => first === view)?.length ?? 0
    const usual = rivals.find(
      ([other]) => size(other) > size(here) || (size(other) === size(here) && isBefore(other, here)),
    )
    return usual ? [{ here, there: usual[0] }] : []
  })
}

const isAlike = (here: View, there: View): boolean =>
  !isStale(here, there) && isSame(here.received.resource, there.received.resource)

const isBefore = ({ received: a }: View, { received: b }: View): boolean =>
  Number(a.exchange.id.slice(1)) < Number(b.exchange.id.slice(1))

const versionOf = ({ received }: View): string | undefined => received.resource.meta?.versionId

/** Shown in one time; versions are compared with the version that they are. */
const comparable = (here: View, there: View): boolean =>
  here.time === there.time &&
  ((here.way !== 'version' && there.way !== 'version') ||
    (versionOf(here) !== undefined && versionOf(here) === versionOf(there)))

const isStale = (here: View, there: View): boolean =>
  versionOf(here) !== undefined && versionOf(there) !== undefined && versionOf(here) !== versionOf(there)

/** One finding for each pair of ways: of the resources that came in two versions the first. */
function oldVersions(pairs: readonly Pair[]): Suspicion[] {
  return byWays(pairs).map(([first, ...rest]) => {
    const [old, current] = olderFirst(first)
    const { resource, exchange, expression } = old.received
    return {
      requirement: old.way === 'export' ? rules.stale : rules.ways,
      finding: unmet(
        exchange,
        'stale-version',
        `${note}: ${old.way} gives version ${versionOf(old)} of ${resource.resourceType}/${resource.id} where ${current.way} gives ${versionOf(current)}${more(rest.length)}`,
        { expected: versionOf(current), actual: versionOf(old), expression: `${expression}.meta.versionId` },
      ),
      beside: [current.received.exchange.id],
    }
  })
}

const olderFirst = ({ here, there }: Pair): [View, View] => {
  const when = ({ received }: View): number => Date.parse(received.resource.meta?.lastUpdated ?? '')
  return when(there) < when(here) ? [there, here] : [here, there]
}

/** Of the resources that differ between two ways the one that differs least, and in it the element. */
function smallest(pairs: readonly Pair[]): Suspicion[] {
  return byWays(pairs).map((alike) => {
    const [least] = [...alike].sort((a, b) => a.differences.length - b.differences.length) as [Pair]
    const { resource, exchange, expression } = least.here.received
    const [element] = least.differences
    const others = least.differences.slice(1, 4).map((difference) => difference.expression)
    return {
      requirement: rules.ways,
      finding: unmet(
        exchange,
        'unlike',
        `${note}: ${resource.resourceType}/${resource.id} is not the same by ${least.here.way} as by ${least.there.way}${
          others.length ? ` (${others.join(', ')} differ as well)` : ''
        }${more(alike.length - 1)}`,
        {
          expected: element?.there ?? 'no such element',
          actual: element?.here ?? 'no such element',
          expression: `${expression}: ${element?.expression ?? ''}`,
        },
      ),
      beside: [least.there.received.exchange.id],
    }
  })
}

const more = (count: number): string => (count > 0 ? `; likewise ${count} more` : '')

/** Grouped by the two ways, so that a way that differs in everything is told once. */
function byWays(pairs: readonly Pair[]): [Pair, ...Pair[]][] {
  const groups = new Map<string, [Pair, ...Pair[]]>()
  for (const pair of pairs) {
    const key = `${pair.here.way} ${pair.there.way}`
    const group = groups.get(key)
    if (group) group.push(pair)
    else groups.set(key, [pair])
  }
  return [...groups.values()]
}

/** Records that one way gives and another does not, where both were followed to their end in one time. */
function recordsAgree({ transcript, scene, party, timeOf, scopeOf }: Party): Suspicion[] {
  const all = holdings(transcript, scene, party)
  if (all.length < 2) return []
  // In one time and by one right; undefined for what was had in several.
  const when = new Map(all.map((one) => [one, only(one.exchanges.map((x) => `${timeOf(x)} ${scopeOf(x)}`))]))
  return all.flatMap((one) =>
    all.flatMap((other): Suspicion[] => {
      if (one === other || when.get(one) === undefined || when.get(one) !== when.get(other)) return []
      const missing = personal(one).filter(
        ([key, { resource }]) =>
          !other.seen.has(key) && covers(other, resource.resourceType) && !mayDiffer(one, other, resource, scene),
      )
      return missing.length > 0 ? [missed(one, other, missing)] : []
    }),
  )
}

const only = (values: readonly string[]): string | undefined =>
  values.every((value) => value === values[0]) ? values[0] : undefined

function missed(one: Holding, other: Holding, missing: readonly [string, Received][]): Suspicion {
  const [[key, { resource, exchange }]] = missing as readonly [[string, Received]]
  const asking = other.exchanges.find((x) => asked(x).type === resource.resourceType)
  return {
    requirement: rules.ways,
    finding: unmet(
      asking ?? other.exchanges.at(-1),
      'missing-record',
      `${note}: ${other.method} leaves out ${key}, which ${one.method} gives${more(missing.length - 1)}`,
      // Where the other way says it is no place in the answer that leaves it out.
      { expected: firstKeys(missing), actual: `${other.seen.size} records, not these` },
    ),
    beside: [exchange.id, ...other.exchanges.map(({ id }) => id)],
  }
}

/** A record that was listed to a party and then cannot be read by it. */
function listedCanBeRead(
  { transcript, scene, party, timeOf, scopeOf }: Party,
  views: ReadonlyMap<string, readonly View[]>,
): Suspicion[] {
  return transcript.from(0).flatMap((x): Suspicion[] => {
    if (x.move !== 'read' || x.from !== party || x.to !== scene.responder) return []
    const { interaction, type, id } = asked(x)
    if (interaction !== 'read' || x.intent.mistake !== undefined || ![403, 404, 410].includes(x.response?.status ?? 0))
      return []
    if (!isPersonal(type ?? '')) return []
    const listed = views
      .get(`${type}/${id}`)
      ?.find((view) => view.time === timeOf(x) && scopeOf(view.received.exchange) === scopeOf(x))
    if (!listed) return []
    const message = `${note}: ${type}/${id}, which ${listed.way} lists, is answered with ${x.response?.status} when it is read`
    return [
      {
        requirement: rules.read,
        finding: unmet(x, 'unreadable', message, { expected: 200, actual: x.response?.status }),
      },
    ]
  })
}
