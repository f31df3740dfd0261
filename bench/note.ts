/** How a measurement is told. */

/** What was measured, the figure, the promise, and whether it is kept. */
export type Note = (what: string, measured: string, promised: string, kept: boolean) => void

/** The figure in the middle, of an odd number of them. */
export const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[figures.length >> 1] as number
