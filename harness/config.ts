/** The defaults of the house, in one documented table. A plan or an argument may change them; nothing else holds a number like these. */
export const defaults = {
  /** Where the virtual clock of self-play starts: the same story on every day of the year. */
  virtualStart: '2026-03-02T15:00:00.000Z',
  /** Seed of the population and of every other chance. */
  seed: 'vitruvian',
  /** Seconds a simulated access token lives (SMART Backend Services: at most 300). */
  tokenSeconds: 300,
  /** Seconds an assertion may live (SMART: at most five minutes). */
  assertionSeconds: 300,
  /** Failed matches of one client with the same demographics before a simulated payer calls it guessing. */
  matchAttempts: 5,
  /** Entries of a page of a search or of $everything. */
  pageSize: 50,
  /** Seconds that a finished export can be fetched. */
  exportSeconds: 3600,
  /** Milliseconds until a request is given up. */
  timeout: 30_000,
  /** Milliseconds and bytes that an errand of a simulator to an address that a stranger named may cost: key sets, revocation lists. */
  errandTime: 10_000,
  errandSize: 16 * 2 ** 20,
  /** "Cannot reach" in a row before a run stops. */
  unreachableLimit: 3,
  /** Longest wait, in seconds, that a run against a real clock accepts. */
  longestWait: 120,
  /** The longest, in seconds, that a plan may ask for. */
  longestOfAll: 3600,
} as const
