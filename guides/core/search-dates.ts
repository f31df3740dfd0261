/** Dates as a search compares them: a precision is a range, and a day has no zone (FHIR R4 search#date). */
import { once } from '../../harness/once.ts'

type Range = readonly [from: number, to: number]

/** First and last millisecond of a date, a dateTime, an instant or a Period; open ends are infinite. */
export function rangeOf(value: unknown): Range | undefined {
  if (typeof value === 'string') return textRange(value)
  const { start, end } = (value ?? {}) as { start?: string; end?: string }
  if (start === undefined && end === undefined) return undefined
  const from = start === undefined ? Number.NEGATIVE_INFINITY : textRange(start)?.[0]
  const to = end === undefined ? Number.POSITIVE_INFINITY : textRange(end)?.[1]
  return from === undefined || to === undefined ? undefined : [from, to]
}

const ranges = new Map<string, Range | 'none'>()

/** Read once: a search compares the same few texts with every resource. */
function textRange(text: string): Range | undefined {
  const range = once(ranges, text, () => readRange(text) ?? 'none', 5000)
  return range === 'none' ? undefined : range
}

function readRange(text: string): Range | undefined {
  const found = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/.exec(text)
  if (!found) return undefined
  const [, year, month, day, hour, , second, fraction, zone] = found
  if (hour !== undefined) {
    const from = Date.parse(zone ? text : `${text}Z`)
    if (Number.isNaN(from)) return undefined
    return [from, from + (second === undefined ? 60_000 : fraction ? 1 : 1000) - 1]
  }
  const from = Date.UTC(Number(year), month ? Number(month) - 1 : 0, day ? Number(day) : 1)
  const to = day
    ? from + 86_400_000
    : month
      ? Date.UTC(Number(year), Number(month), 1)
      : Date.UTC(Number(year) + 1, 0, 1)
  return [from, to - 1]
}

/** A day, a month, a year: without a zone, in the place of whoever wrote it. */
const isPlaceless = (text: string): boolean => !/T/.test(text)
const hour = 3_600_000
/** Where a server may be: its own zone counts where a date names none (FHIR R4 search#date). */
const placesEast = [-14 * hour, 0, 12 * hour]

/**
 * A date without a zone against a moment that has one: what counts is the server's own zone, which nobody here knows. Told
 * only where it makes no difference.
 */
export function dateAnswersAnywhere(found: unknown, value: string): boolean | undefined {
  const range = rangeOf(found)
  const asked = value.replace(/^(eq|ne|gt|ge|lt|le|sa|eb|ap)/, '')
  const texts = typeof found === 'string' ? [found] : Object.values((found ?? {}) as object).map(String)
  const mixed = texts.some((text) => isPlaceless(text) !== isPlaceless(asked))
  if (!range || !mixed) return dateAnswers(range, value)
  const answers = placesEast.map((east) => dateAnswers([range[0] + east, range[1] + east], value))
  return answers.every((answer) => answer === answers[0]) ? answers[0] : undefined
}

/** The rules of date prefixes: a precision is a range, and so is what is found. */
function dateAnswers(found: Range | undefined, value: string): boolean | undefined {
  const [, prefix = '', text = ''] = /^(eq|ne|gt|ge|lt|le|sa|eb|ap)?(.*)$/.exec(value) ?? []
  const wanted = textRange(text)
  if (!found || !wanted) return false
  const [from, to] = found
  const [low, high] = wanted
  switch (prefix) {
    case 'ne':
      return !(low <= from && to <= high)
    case 'gt':
      return to > high
    case 'ge':
      return to > high || (low <= from && to <= high) ? true : to >= low ? undefined : false
    case 'lt':
      return from < low
    case 'le':
      return from < low || (low <= from && to <= high) ? true : from <= high ? undefined : false
    case 'sa':
      return from > high
    case 'eb':
      return to < low
    case 'ap':
      // How near is near is for the server to say.
      return from <= high && to >= low ? true : undefined
    default:
      // Equal is what the precision holds wholly; a Period that only overlaps is found by some servers and not by others.
      return low <= from && to <= high ? true : from <= high && to >= low ? undefined : false
  }
}
