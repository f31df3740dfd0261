/** A moment for `_since` by which it shows whether a server honours it, whenever its records were loaded. */
import type { Actor, Flow } from '../harness/actor.ts'
import type { FhirResource } from '../harness/person.ts'
import { received } from './member-requests.ts'

/** More than a clock's rounding after the last change. */
const margin = 2000

const changedAt = ({ meta }: FhirResource): number =>
  Date.parse(String((meta as { lastUpdated?: unknown } | undefined)?.lastUpdated))

/**
 * That moment, unless all that the client has got changed after it, as where the records were loaded for this run: then one
 * just after the last change, if it has come.
 */
export function tellingSince(client: Actor, payer: Actor, wanted: string): string {
  const changes = received(client, payer)
    .map(changedAt)
    .filter((at) => !Number.isNaN(at))
  if (changes.length === 0 || changes.some((at) => at < Date.parse(wanted))) return wanted
  const after = Math.max(...changes) + margin
  return after < client.clock.now().getTime() ? new Date(after).toISOString() : wanted
}

/** A flow that needs to know what was received before it. */
export const sinceTelling = (payer: Actor, wanted: string, flow: (since: string) => Flow<unknown>): Flow<unknown> => ({
  title: flow(wanted).title,
  moves: flow(wanted).moves,
  perform: (client) => flow(tellingSince(client, payer, wanted)).perform(client),
})
