/** Dates in a search: every date is a span of time, and a prefix says how two spans must lie (FHIR R4 search, date). */
import { span } from '../state/period.ts'

export type Prefix = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le' | 'sa' | 'eb' | 'ap'
export const prefixes: readonly Prefix[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'sa', 'eb', 'ap']

/** Milliseconds since 1970; `until` is the first that is outside. */
export interface Range {
  readonly from: number
  readonly until: number
}

const toTheMinute = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})?$/
const withoutZone = /T\d{2}:\d{2}:\d{2}(\.\d+)?$/

/** The span that a date, dateTime or instant covers at its precision; without a zone it is read as UTC. */
export function rangeOf(text: unknown): Range | undefined {
  if (typeof text !== 'string') return undefined
  const minute = toTheMinute.exec(text)
  const whole = span(minute ? `${minute[1]}:00${minute[2] ?? 'Z'}` : withoutZone.test(text) ? `${text}Z` : text)
  return whole && { from: whole.first, until: minute ? whole.first + 60_000 : whole.last + 1 }
}

/** The span of an element: a date in any form, a Period with open ends, a Timing from its first to its last moment. */
export function rangeOfElement(value: unknown): Range | undefined {
  if (typeof value === 'string') return rangeOf(value)
  if (value === null || typeof value !== 'object') return undefined
  const { start, end, event, repeat } = value as Record<string, unknown>
  if (Array.isArray(event)) {
    const ranges = event.flatMap((one) => rangeOf(one) ?? [])
    if (ranges.length === 0) return undefined
    return { from: Math.min(...ranges.map((r) => r.from)), until: Math.max(...ranges.map((r) => r.until)) }
  }
  if (repeat !== null && typeof repeat === 'object') {
    const bounds = (repeat as { boundsPeriod?: unknown }).boundsPeriod
    return bounds === undefined ? undefined : rangeOfElement(bounds)
  }
  if (start === undefined && end === undefined) return undefined
  const from = start === undefined ? Number.NEGATIVE_INFINITY : rangeOf(start)?.from
  const until = end === undefined ? Number.POSITIVE_INFINITY : rangeOf(end)?.until
  return from === undefined || until === undefined ? undefined : { from, until }
}

export interface DateCriterion {
  readonly prefix: Prefix
  readonly range: Range
}

/** `ge2020-01` read; undefined when it is none. A space in a zone is a plus that nobody escaped. */
export function dateCriterion(text: string): DateCriterion | undefined {
  const prefix = prefixes.find((p) => text.startsWith(p))
  const range = rangeOf((prefix ? text.slice(2) : text).replace(/ (\d{2}:\d{2})$/, '+$1'))
  return range && { prefix: prefix ?? 'eq', range }
}

/** Does the element's span lie so to the asked one? `now` is what "approximately" is measured from. */
export function liesSo(element: Range, { prefix, range }: DateCriterion, now: number): boolean {
  const within = range.from <= element.from && element.until <= range.until
  switch (prefix) {
    case 'eq':
      return within
    case 'ne':
      return !within
    case 'gt':
      return element.until > range.until
    case 'lt':
      return element.from < range.from
    case 'ge':
      return element.until > range.until || within
    case 'le':
      return element.from < range.from || within
    case 'sa':
      return element.from >= range.until
    case 'eb':
      return element.until <= range.from
    case 'ap': {
      // A tenth of the distance from now, as R4 suggests.
      const slack = Math.abs(now - range.from) / 10
      return element.from < range.until + slack && element.until > range.from - slack
    }
  }
}
