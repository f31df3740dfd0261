/** A way to be wrong: the route that it spoils and the requirements that must catch it. Honest code never knows of it. */
import type { HostTls } from '../host.ts'
import type { Handler } from '../simulator.ts'

export interface Fault<State = unknown> {
  readonly id: string
  /** One sentence: what the system does wrong. */
  readonly title: string
  /** The requesting payer answers for its key set alone; what it does as a client is spoiled where it speaks. */
  readonly actor: 'responding payer' | 'trust manager' | 'requesting payer'
  /** Name of the route: `POST /Patient/$member-match`; a `*` stands for every route of that method. */
  readonly route: string
  readonly breaks: readonly string[]
  /** How its connections are made, where that is a part of what is wrong: `route` then says who is reached all the same. */
  readonly host?: Pick<HostTls, 'admitStrangers' | 'minVersion'>
  /** Wraps the honest row (guards and handler together) from outside. */
  readonly spoil: (honest: Handler, state: State) => Handler
}
