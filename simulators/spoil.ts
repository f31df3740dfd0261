/** Puts a fault over a table: the honest row goes on existing inside it and knows nothing of it. */
import type { Fault } from './faults/fault.ts'
import type { Handler, Route, Simulation } from './simulator.ts'

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

/** The simulation with that fault over the rows that it names; as it was when it names none. */
export function spoiled<State>(simulation: Simulation<State>, fault: Fault<State>): Simulation<State> {
  const rows = simulation.routes.filter((route) => names(fault, route))
  return {
    state: simulation.state,
    routes: simulation.routes.map((route) =>
      rows.includes(route) ? { ...route, guards: [], handler: fault.spoil(whole(route), simulation.state) } : route,
    ),
  }
}
