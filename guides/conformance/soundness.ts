/** Values that are there and say nothing: empty ones, and reasons where an element could simply be left out. */
import { undecided, unmet } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { few, suspicious } from '../core/judging.ts'
import { keyOf, type Received } from '../core/received.ts'
import { payload } from './payload.ts'

const reasonUrl = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason'

/** Values that FHIR forbids: empty strings, objects and lists, and null where nothing stands beside it. */
export function emptyValues(transcript: Transcript, scene: Scene): Finding[] {
  const all = payload(transcript, scene)
  return few(all.flatMap((one) => emptiesIn(one.resource, one.resource.resourceType).map((path) => empty(one, path))))
}

const empty = ({ exchange, resource, expression }: Received, path: string): Finding =>
  unmet(exchange, 'empty-value', `${keyOf(resource)} has an empty value`, { expression: `${expression}: ${path}` })

function emptiesIn(value: unknown, path: string, hasSibling = false): string[] {
  if (value === '' || (typeof value === 'string' && value.trim() === '')) return [path]
  if (Array.isArray(value))
    return value.length === 0
      ? [path]
      : value.flatMap((item, i) =>
          item === null ? (hasSibling ? [] : [`${path}[${i}]`]) : emptiesIn(item, `${path}[${i}]`),
        )
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
    // The values of a list and what is said of them stand in two lists, and each may hold null where the other does not.
    const sibling = (name: string): string => (name.startsWith('_') ? name.slice(1) : `_${name}`)
    return entries.length === 0
      ? [path]
      : entries.flatMap(([name, item]) =>
          emptiesIn(item, `${path}.${name}`, Array.isArray((value as Record<string, unknown>)[sibling(name)])),
        )
  }
  return value === null ? [path] : []
}

/** Elements that carry no value but the reason "unknown". */
export function unknownReasons(transcript: Transcript, scene: Scene): Finding[] {
  const found = payload(transcript, scene).flatMap((one) =>
    reasonsIn(one.resource, one.resource.resourceType)
      .filter(({ code, path, coded }) => code === 'unknown' && !coded && isOptional(path))
      .map(({ path }) =>
        suspicious(
          one.exchange,
          'needless-element',
          `${keyOf(one.resource)} says "unknown" where the element could be left out`,
          {
            expression: `${one.expression}: ${path}`,
          },
        ),
      ),
  )
  return few(found)
}

/** Elements whose minimum is above zero in a payload profile: there a reason is the way to say it. */
const required =
  /^(Patient\.(identifier|name|gender|birthDate)|\w+\.(code|status|category|subject|patient|effective\w*|performed\w*|occurrence\w*|vaccineCode|type|class|period|intent|authoredOn|requester|recorded|agent|target|content|date))\b/
const isOptional = (path: string): boolean => !required.test(path)

interface Reason {
  readonly code: string
  readonly path: string
  readonly wellFormed: boolean
  /** Given as a code where a value may be missing: no element could be left out instead. */
  readonly coded?: true
}

const codes = new Set(
  'unknown asked-unknown temp-unknown not-asked asked-declined masked not-applicable unsupported as-text error not-a-number negative-infinity positive-infinity not-performed not-permitted'.split(
    ' ',
  ),
)

function reasonsIn(value: unknown, path: string): Reason[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => reasonsIn(item, `${path}[${i}]`))
  if (value === null || typeof value !== 'object') return []
  const { url, valueCode } = value as { url?: unknown; valueCode?: unknown }
  if (url === reasonUrl)
    return [
      {
        code: String(valueCode),
        path: path.replace(/\.extension\[\d+\]$/, '').replace(/\._/g, '.'),
        wellFormed: codes.has(String(valueCode)),
      },
    ]
  const { system, code } = value as { system?: unknown; code?: unknown }
  if (system === 'http://terminology.hl7.org/CodeSystem/data-absent-reason')
    return [{ code: String(code), path, wellFormed: codes.has(String(code)), coded: true }]
  return Object.entries(value).flatMap(([name, item]) => reasonsIn(item, `${path}.${name}`))
}

/** Reasons of the value set, where any are given. */
export function reasonsAreCoded(transcript: Transcript, scene: Scene): Finding[] {
  const all = payload(transcript, scene)
  const reasons = all.flatMap((one) =>
    reasonsIn(one.resource, one.resource.resourceType).map((reason) => ({ one, reason })),
  )
  if (reasons.length === 0) return [undecided(all[0]?.exchange, 'nothing that came says why a value is missing')]
  return few(
    reasons
      .filter(({ reason }) => !reason.wellFormed)
      .map(({ one, reason }) =>
        unmet(one.exchange, 'wrong-code', `${keyOf(one.resource)} gives a reason that the value set does not have`, {
          actual: reason.code,
          expression: `${one.expression}: ${reason.path}`,
        }),
      ),
  )
}
