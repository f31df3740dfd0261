/** Dates as people name them, by a clock: the ends of a consent period. */
import { day, daysLater } from '../harness/clock.ts'

export const moments: Readonly<Record<string, (now: Date) => string>> = {
  'three months ago': (now) => day(daysLater(now, -90)),
  yesterday: (now) => day(daysLater(now, -1)),
  today: day,
  tomorrow: (now) => day(daysLater(now, 1)),
  'in three months': (now) => day(daysLater(now, 90)),
  'last year': (now) => String(now.getUTCFullYear() - 1),
  'this year': (now) => String(now.getUTCFullYear()),
  'next year': (now) => String(now.getUTCFullYear() + 1),
  'this month': (now) => day(now).slice(0, 7),
  'a minute ago': (now) => new Date(now.getTime() - 60_000).toISOString(),
  'in a minute': (now) => new Date(now.getTime() + 60_000).toISOString(),
}
