/** Whoever comes back sooner than they were told to is told again (429 and Retry-After). */
import type { Clock } from '../../harness/clock.ts'
import { type Guard, outcome, type Visit } from '../simulator.ts'

/** `earliest` says when that visit was due, in milliseconds since 1970; undefined: any time. */
export const rateLimit =
  (clock: Clock, earliest: (visit: Visit) => number | undefined): Guard =>
  (_request, visit) => {
    const due = earliest(visit)
    const wait = due === undefined ? 0 : due - clock.now().getTime()
    return wait > 0
      ? outcome(429, 'throttled', 'too early: wait as long as Retry-After says', {
          'retry-after': String(Math.ceil(wait / 1000)),
        })
      : undefined
  }
