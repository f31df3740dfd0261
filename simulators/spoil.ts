/** Puts a fault over a table: the honest row goes on existing inside it and knows nothing of it. */
import type { Asked } from './asked.ts'
import type { Fault } from './faults/fault.ts'
import type { Handler, Route, Simulation, Visit } from './simulator.ts'

/** Guards and handler of a row as one handler. */
export const whole =
  ({ guards, handler }: Route): Handler =>
  async (request, visit) => {
    for (const guard of guards) {
      const refusal = await guard(request, visit)
      if (refusal) return refusal
    }
    return handler(request, visit)
  }

/** Does the fault name this row? `POST *` names every row of that method, `*` every row. */
export const names = (fault: Pick<Fault, 'route'>, route: Pick<Route, 'name' | 'method'>): boolean => {
  const [method, path] = fault.route.split(' ')
  if (fault.route === '*') return true
  return path === '*' ? route.method === method : route.name === fault.route
}

/** A request that reached a row somebody watches. */
export interface Seen {
  readonly tenant: string
  /** Name of the row. */
  readonly route: string
  readonly method: string
  readonly url: string
  /** The fault that lies over the row, if one does. */
  readonly fault?: string
  /** The fault did something: the answer, the question or the caller is not what the honest row gave or was given. */
  readonly altered: boolean
}

/** Told of each request when it has been answered. */
export type Watch = (seen: Seen) => void

/** The simulation with these faults over the rows that they name, the first innermost; told of what reaches its rows. */
export function spoiled<State>(
  simulation: Simulation<State>,
  faults: readonly Fault<State>[],
  watch?: { readonly tenant: string; readonly tell: Watch },
): Simulation<State> {
  const { state } = simulation
  if (faults.length === 0 && !watch) return simulation
  const over = (route: Route): Route => {
    const here = faults.filter((fault) => names(fault, route))
    if (here.length === 0) return watch ? watched(route, watch) : route
    const handler = here.reduce<Handler>((honest, fault) => wrapped(fault, honest, state, route, watch), whole(route))
    return { ...route, guards: [], handler }
  }
  return { ...simulation, routes: simulation.routes.map(over) }
}

/** The honest row, which tells that it was asked. */
const watched = (row: Route, { tenant, tell }: { readonly tenant: string; readonly tell: Watch }): Route => ({
  ...row,
  guards: [
    ({ method, url }) => {
      tell({ tenant, route: row.name, method, url, altered: false })
      return undefined
    },
    ...row.guards,
  ],
})

/** The row under a fault; whoever watches is told whether the fault left question and answer alone. */
function wrapped<State>(
  fault: Fault<State>,
  honest: Handler,
  state: State,
  row: Route,
  watch: { readonly tenant: string; readonly tell: Watch } | undefined,
): Handler {
  if (!watch) return fault.spoil(honest, state)
  // A fault is made once for a tenant and may remember things: what belongs to one call is kept by its request.
  const visits = new WeakMap<Asked, Visit>()
  const calls = new WeakMap<Asked, { answer: Response; same: boolean }>()
  const noted: Handler = async (request, visit) => {
    const answer = await honest(request, visit)
    calls.set(request, { answer, same: visits.get(request) === visit })
    return answer
  }
  const spoilt = fault.spoil(noted, state)
  return async (request, visit) => {
    visits.set(request, visit)
    const answer = await spoilt(request, visit)
    const call = calls.get(request)
    const altered = !call?.same || call.answer !== answer
    watch.tell({
      tenant: watch.tenant,
      route: row.name,
      method: request.method,
      url: request.url,
      fault: fault.id,
      altered,
    })
    return answer
  }
}
