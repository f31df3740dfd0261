/** Several flows as one: each is performed after the other, whatever came of it. */
import type { Flow } from '../harness/actor.ts'

export const inTurn = (title: string, ...flows: readonly Flow<unknown>[]): Flow<void> => ({
  title,
  moves: [...new Set(flows.flatMap(({ moves }) => moves))],
  perform: async (actor) => {
    for (const flow of flows) await flow.perform(actor)
  },
})
