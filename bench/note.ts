/** How a measurement is told: what was measured, the figure, the promise, and whether it is kept. */
export type Note = (what: string, measured: string, promised: string, kept: boolean) => void
