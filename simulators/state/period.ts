/** FHIR dates as spans of time: a partial date covers all of its days, and both ends of a Period are inclusive. In UTC unless an offset is given. */

import { once } from '../../harness/once.ts'

const form =
  /^(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01])(?:T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00))?)?)?$/

interface Span {
  readonly first: number
  readonly last: number
}
const read = new Map<string, Span | undefined>()

/** First and last millisecond that a FHIR date or dateTime covers; undefined when the text is none. */
export const span = (text: unknown): Span | undefined =>
  typeof text === 'string' ? once(read, text, () => spanOf(text)) : undefined

function spanOf(text: string): Span | undefined {
  const found = form.exec(text)
  if (!found) return undefined
  const [, y, m, d, hours, minutes, seconds, fraction, zone] = found
  const year = Number(y)
  if (year === 0) return undefined
  const month = m === undefined ? 0 : Number(m) - 1
  const date = d === undefined ? 1 : Number(d)
  if (d !== undefined && new Date(utc(year, month, date)).getUTCDate() !== date) return undefined
  if (hours === undefined) {
    const next =
      m === undefined ? utc(year + 1, 0, 1) : d === undefined ? utc(year, month + 1, 1) : utc(year, month, date + 1)
    return { first: utc(year, month, date), last: next - 1 }
  }
  const offset = zone === 'Z' ? 0 : minutesOf(zone as string)
  const whole = utc(year, month, date) + ((Number(hours) * 60 + Number(minutes) - offset) * 60 + Number(seconds)) * 1000
  if (fraction === undefined) return { first: whole, last: whole + 999 }
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return { first: whole + milliseconds, last: whole + Number(fraction.slice(0, 3).padEnd(3, '9')) }
}

/** Where an instant lies; undefined when an end is missing, no date, or before the start. */
export function placeInPeriod(start: unknown, end: unknown, now: Date): 'before' | 'within' | 'after' | undefined {
  const from = span(start)
  const to = span(end)
  if (!from || !to || to.last < from.first) return undefined
  const at = now.getTime()
  return at < from.first ? 'before' : at > to.last ? 'after' : 'within'
}

/** Date.UTC takes 0 to 99 for the twentieth century; a FHIR year means what it says. */
const utc = (year: number, month: number, date: number): number => {
  const at = new Date(0)
  at.setUTCFullYear(year, month, date)
  return at.getTime()
}

const minutesOf = (zone: string): number => {
  const sign = zone.startsWith('-') ? -1 : 1
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)))
}
