/**
 * What an export is asked for (Bulk Data "Query Parameters"): read, refused where it cannot be honoured, or passed over
 * with a note where the caller asked for leniency. A filter that cannot be applied is never passed over.
 */

import { isAnswer } from '../said.ts'
import { type Pair, readCriteria } from '../search/criteria.ts'
import { rangeOf } from '../search/dates.ts'
import { searchTable } from '../search/table.ts'
import { outcome } from '../simulator.ts'
import type { ExportOrder, TypeFilter } from '../state/export-jobs.ts'
import { listed } from './operation-input.ts'

const formats = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson'])
const known = new Set([
  '_outputFormat',
  '_since',
  '_until',
  '_type',
  '_elements',
  '_typeFilter',
  'includeAssociatedData',
  'patient',
])
const associated = new Set(['LatestProvenanceResources', 'RelevantProvenanceResources'])

interface Circumstances {
  readonly base: string
  readonly now: number
  readonly method: string
  readonly handling: 'strict' | 'lenient' | undefined
  readonly patientId: string
}

/** The order, or the refusal. */
export function readOrder(input: readonly Pair[], about: Circumstances): ExportOrder | Response {
  const lenient = about.handling === 'lenient'
  const passedOver: string[] = []
  /** Refuses, unless the caller would rather have it passed over. */
  const refuse = (code: string, text: string): Response | undefined => {
    if (!lenient) return outcome(400, code, text)
    passedOver.push(text)
    return undefined
  }
  const value = (name: string): string | undefined => input.findLast(([n]) => n === name)?.[1]

  for (const [name] of input) {
    const refusal = known.has(name)
      ? undefined
      : refuse('not-supported', `${name.slice(0, 40)} is not offered for an export`)
    if (refusal) return refusal
  }
  const format = value('_outputFormat')
  // An unescaped plus comes as a space.
  if (format !== undefined && !formats.has(format.replace(' ', '+')))
    return outcome(400, 'not-supported', 'files are offered as application/fhir+ndjson only')

  const instants: { since?: number; until?: number } = {}
  for (const [name, key] of [
    ['_since', 'since'],
    ['_until', 'until'],
  ] as const) {
    const text = value(name)
    if (text === undefined) continue
    const range = /T/.test(text) ? rangeOf(text.replace(/ (\d{2}:\d{2})$/, '+$1')) : undefined
    if (!range) return outcome(400, 'invalid', `${name} is no instant`)
    instants[key] = key === 'since' ? range.from : range.until
  }

  const types = listed(input, '_type')
  const offered = types.filter((type) => searchTable[type] !== undefined)
  if (offered.length < types.length) {
    const refusal = refuse('not-supported', '_type names a type that is not exported')
    if (refusal) return refusal
  }

  const members = listed(input, 'patient')
  if (members.length && about.method === 'GET') return outcome(400, 'invalid', 'patient is for POST only')
  const own = new Set([`Patient/${about.patientId}`, `${about.base}/Patient/${about.patientId}`])
  if (members.some((reference) => !own.has(reference))) {
    const refusal = refuse('not-found', 'patient names somebody whom the access token is not for')
    if (refusal) return refusal
    if (!members.some((reference) => own.has(reference)))
      return outcome(400, 'not-found', 'patient names nobody whom the access token is for')
  }

  const data = listed(input, 'includeAssociatedData')
  if (data.some((code) => !associated.has(code))) {
    const refusal = refuse('not-supported', 'includeAssociatedData has a value that is not offered')
    if (refusal) return refusal
  }

  const filters = readFilters(input, about)
  if (isAnswer(filters)) return filters
  const elements = listed(input, '_elements')
  return {
    ...instants,
    ...(types.length ? { types: new Set(offered) } : {}),
    ...(elements.length ? { elements } : {}),
    filters,
    // The least restrictive of several wins.
    latestProvenance: data.includes('LatestProvenanceResources') && !data.includes('RelevantProvenanceResources'),
    passedOver,
  }
}

/** `Type?query`, several parted by commas; a query may hold commas of its own. */
function readFilters(input: readonly Pair[], { base, now }: Circumstances): TypeFilter[] | Response {
  const filters: TypeFilter[] = []
  const written = input
    .filter(([name]) => name === '_typeFilter')
    .flatMap(([, text]) => text.split(/,(?=[A-Z][A-Za-z]+\?)/))
  for (const text of written) {
    const [, type = '', query = ''] = /^([A-Z][A-Za-z]+)\?(.+)$/.exec(text.trim()) ?? []
    if (!searchTable[type]) return outcome(400, 'invalid', '_typeFilter is no query on a type that is exported')
    const pairs: Pair[] = [...new URLSearchParams(query)]
    const criteria = readCriteria(type, pairs, { base, now })
    const wrong = [...criteria.invalid, ...criteria.unknown]
    if (wrong.length || criteria.tests.length !== pairs.length)
      return outcome(400, 'not-supported', `_typeFilter for ${type} has a parameter that cannot be applied`)
    filters.push({ type, pairs })
  }
  return filters
}
