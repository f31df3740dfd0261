/** A way to be wrong: the route that it spoils and the requirements that must catch it. Honest code never knows of it. */
import type { Handler } from '../simulator.ts'

export interface Fault<State = unknown> {
  readonly id: string
  /** One sentence: what the system does wrong. */
  readonly title: string
  readonly actor: 'responding payer' | 'trust manager'
  /** Name of the route: `POST /Patient/$member-match`; a `*` stands for every route of that method. */
  readonly route: string
  readonly breaks: readonly string[]
  /** Wraps the honest row (guards and handler together) from outside. */
  readonly spoil: (honest: Handler, state: State) => Handler
}
