/** A part against the whole: small pages against large ones, what changed since a time and what is of some types against everything. */
import { unmet } from '../../harness/check.ts'
import type { Exchange } from '../../harness/transcript.ts'
import { exportsIn } from '../bulk/exports.ts'
import { isPersonal } from '../core/compartment.ts'
import { crawlFrom } from '../core/crawls.ts'
import { keyOf, type Received } from '../core/received.ts'
import { type Asked, asked, succeeded } from '../core/rest.ts'
import type { Suspicion } from './oracle.ts'
import { isPlain, type Party } from './views.ts'

/** The statements about parts. */
export interface PartRules {
  readonly pages: string
  readonly everythingPart: string
  readonly exportSince: string
  readonly exportTypes: string
}

/** One retrieval that was followed to its end. */
interface Retrieval {
  readonly first: Exchange
  readonly way: 'search' | '$everything' | 'export'
  /** What was asked for besides the ways to narrow it that are compared here. */
  readonly question: string
  readonly since: number | undefined
  readonly types: ReadonlySet<string> | undefined
  readonly count: string | undefined
  readonly received: readonly Received[]
}

/** The member's records that it brought, each as it came last. */
const gotBy = ({ received }: Retrieval): ReadonlyMap<string, Received> =>
  new Map(
    received
      .filter(({ resource, mode }) => isPersonal(resource.resourceType) && mode !== 'include')
      .map((one) => [keyOf(one.resource), one]),
  )

/** Where a part and its whole do not agree. */
export function partsAgree(of: Party, rules: PartRules): Suspicion[] {
  const { timeOf, scopeOf } = of
  const all = retrievals(of)
  return all.flatMap((part) => {
    const whole = all.find(
      (other) =>
        other !== part &&
        other.question === part.question &&
        other.since === undefined &&
        other.types === undefined &&
        isLarger(other, part) &&
        timeOf(other.first) === timeOf(part.first) &&
        scopeOf(other.first) === scopeOf(part.first),
    )
    if (!whole) return []
    const rule =
      part.since === undefined && part.types === undefined
        ? rules.pages
        : part.way !== 'export'
          ? rules.everythingPart
          : part.since === undefined
            ? rules.exportTypes
            : rules.exportSince
    return compared(part, whole, rule)
  })
}

/** Each pair is looked at once: a narrowed one against a plain one, a paged one against one that asked for no size. */
const isLarger = (whole: Retrieval, part: Retrieval): boolean =>
  part.since !== undefined || part.types !== undefined || (whole.count === undefined && part.count !== undefined)

function compared(part: Retrieval, whole: Retrieval, requirement: string): Suspicion[] {
  const [inWhole, inPart] = [gotBy(whole), gotBy(part)]
  const missing = [...inWhole].filter(([key, { resource }]) => !inPart.has(key) && isMeant(resource, part))
  const extra = [...inPart].filter(([key]) => !inWhole.has(key))
  const told = (what: string, code: string, keys: readonly [string, Received][]): Suspicion[] =>
    keys.length === 0
      ? []
      : [
          {
            requirement,
            finding: unmet(
              part.first,
              code,
              `${part.way}${narrowed(part)} ${what} ${keys[0]?.[0]}${keys.length > 1 ? ` and ${keys.length - 1} more` : ''}`,
              { expected: `what ${whole.way} gives as a whole`, actual: keys.slice(0, 6).map(([key]) => key) },
            ),
            beside: [whole.first.id, ...new Set([...inPart.values()].map(({ exchange }) => exchange.id))],
          },
        ]
  return [...told('leaves out', 'missing-record', missing), ...told('gives, unlike the whole,', 'extra-record', extra)]
}

const narrowed = ({ since, types, count }: Retrieval): string =>
  [
    ...(since === undefined ? [] : [` since ${new Date(since).toISOString()}`]),
    ...(types === undefined ? [] : [` of ${[...types].join(', ')}`]),
    ...(count === undefined ? [] : [` by ${count}`]),
  ].join('')

/** Certainly part of the part: of its types, and changed clearly after its time. */
const isMeant = ({ resourceType, meta }: Received['resource'], { since, types }: Retrieval): boolean =>
  (types?.has(resourceType) ?? true) && (since === undefined || Date.parse(meta?.lastUpdated ?? '') > since + 1000)

function retrievals({ transcript, scene, party }: Party): Retrieval[] {
  const all = transcript.from(0)
  const crawls = all.flatMap((first): Retrieval[] => {
    if (first.move !== 'search' && first.move !== 'everything') return []
    if (first.from !== party || first.to !== scene.responder || !succeeded(first) || !isPlain(first)) return []
    const asks = asked(first)
    const way =
      asks.operation === '$everything' ? '$everything' : asks.interaction === 'search-type' ? 'search' : undefined
    if (!way) return []
    const { complete, received } = crawlFrom(first, all)
    return complete ? [retrieval(first, way, asks, received)] : []
  })
  const exports = exportsIn(transcript, scene.responder)
    .filter(({ kickOff, whole }) => whole && kickOff.from === party && isPlain(kickOff))
    .map(({ kickOff, received }) => retrieval(kickOff, 'export', asked(kickOff), received))
  return [...crawls, ...exports]
}

/** Parameters that change the form of an answer and not whose or which data it is. */
const formal = new Set(['_count', '_format', '_pretty', '_sort', '_total', '_outputFormat'])

function retrieval(first: Exchange, way: Retrieval['way'], asks: Asked, received: readonly Received[]): Retrieval {
  const rest: string[] = []
  for (const [name, value] of asks.params)
    if (!formal.has(name) && name !== '_since' && name !== '_type')
      rest.push(`${name}=${value.replace(/^Patient\//, '')}`)
  const types = way === 'search' ? [] : asks.params.getAll('_type').flatMap((value) => value.split(','))
  const since = Date.parse(asks.params.get('_since') ?? '')
  return {
    first,
    way,
    question: [way, asks.type, asks.id, ...rest.sort()].join(' '),
    since: Number.isNaN(since) ? undefined : since,
    types: types.length > 0 ? new Set(types) : undefined,
    count: asks.params.get('_count') ?? undefined,
    received,
  }
}
