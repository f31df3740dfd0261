/** The breaker: a run stops when the system has answered nothing for several scenarios, instead of waiting for it hundreds of times. */
import { defaults } from '../harness/config.ts'
import type { Failure } from '../harness/failure.ts'
import type { Exchange } from '../harness/transcript.ts'
import type { Run } from './run.ts'

/** A refusal is an answer of a kind, and that we hang up is not the system's doing. */
const silences: ReadonlySet<Failure['kind']> = new Set(['unreachable', 'timeout', 'cut-off', 'garbled'])

/**
 * Counts the scenario that has ended with these exchanges, and interrupts the run at the limit. Only what was said to a seat
 * under test counts, where there is one: those that the harness plays always answer.
 */
export function watchTheBreaker(
  run: Pick<Run, 'stage' | 'unreachable' | 'interrupted'>,
  said: readonly Exchange[],
): void {
  const tested = run.stage.seats.filter(({ played }) => played === 'under test').map(({ actor }) => actor)
  const exchanges = tested.length > 0 ? said.filter(({ to }) => tested.includes(to)) : said
  const lost = exchanges.filter(({ failure }) => failure && silences.has(failure.kind))
  if (exchanges.some(({ response }) => response)) run.unreachable = 0
  else if (lost.length > 0) run.unreachable += 1
  if (run.unreachable < defaults.unreachableLimit) return
  const why = lost.at(-1)?.failure?.message ?? ''
  run.interrupted ??= `${run.unreachable} scenarios in a row got no answer (${why}); "npx vitruvian doctor --plan FILE" tells what keeps the system from being reached`
}
