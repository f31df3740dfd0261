/** Time, as everybody in the house sees it: nobody else calls Date.now or setTimeout to know or to wait. */

export interface Clock {
  /** The present. */
  now(): Date
  /** Resolves after that many seconds of this clock's time (at once on a virtual clock, which moves on instead). */
  wait(seconds: number): Promise<void>
}

/** The wall clock: against a stranger there is no other. */
export const systemClock: Clock = {
  now: () => new Date(),
  wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
}

/** Waits that nobody who looks on wonders about. */
const shortWait = 5

/** The wall clock, which tells of each longer wait when it begins. */
export const tellingClock = (waits: (seconds: number) => void): Clock => ({
  ...systemClock,
  wait: (seconds) => {
    if (seconds >= shortWait) waits(seconds)
    return systemClock.wait(seconds)
  },
})

/** A clock that stands still until somebody waits; shared by every actor of one scenario in self-play. */
export class VirtualClock implements Clock {
  #now: number
  constructor(start: Date) {
    this.#now = start.getTime()
  }
  now(): Date {
    return new Date(this.#now)
  }
  async wait(seconds: number): Promise<void> {
    this.#now += seconds * 1000
  }
}

/** Seconds since 1970, as JWT claims count them. */
export const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** `YYYY-MM-DD` in UTC. */
export const day = (date: Date): string => date.toISOString().slice(0, 10)

/** That many days later (earlier when negative). */
export const daysLater = (date: Date, days: number): Date => new Date(date.getTime() + days * 86_400_000)
