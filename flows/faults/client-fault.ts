/** A way for a client to be wrong: it gets between what a flow means to say and what is said. Honest flows never know of it. */
import type { Actor, ActorName, Message, Send } from '../../harness/actor.ts'
import type { Move } from '../../harness/move.ts'
import type { Exchange } from '../../harness/transcript.ts'

export interface ClientFault {
  readonly id: string
  /** One sentence: what the client does wrong. */
  readonly title: string
  readonly actor: Extract<ActorName, 'requesting payer'>
  /** What it is wrong about; everything else is said as it should be. */
  readonly moves: readonly Move[]
  /** Requirements that must catch it. */
  readonly breaks: readonly string[]
  /** Wraps the honest way of saying it, once for each scenario. */
  readonly spoil: (honest: Send, client: Actor) => Send
  /** A legal choice of the responding payer, by its id, without which the client never meets what it gets wrong. */
  readonly facing?: string
}

/** That fault for an actor: on its moves alone, and never on what a scenario gets wrong on purpose. */
export const spoiledBy =
  ({ moves, spoil }: ClientFault) =>
  (honest: Send, client: Actor): Send => {
    const spoiled = spoil(honest, client)
    return (move, to, message) =>
      moves.includes(move) && message.intent?.mistake === undefined
        ? spoiled(move, to, message)
        : honest(move, to, message)
  }

export const clientFault = (
  id: string,
  title: string,
  moves: Move | readonly Move[],
  breaks: readonly string[],
  spoil: ClientFault['spoil'],
): ClientFault => ({
  id,
  title,
  actor: 'requesting payer',
  moves: typeof moves === 'string' ? [moves] : moves,
  breaks,
  spoil,
})

/** What a change of a message may want to know. */
export interface Saying {
  readonly client: Actor
  readonly to: Actor
  readonly move: Move
}

/** Another message in the place of the one that was meant. */
export const saying =
  (change: (message: Message, about: Saying) => Message | Promise<Message>): ClientFault['spoil'] =>
  (honest, client) =>
  async (move, to, message) =>
    honest(move, to, await change(message, { client, to, move }))

/** Left unsaid where that holds: no request, nothing in the transcript, and the flow finds that nobody answered. */
export const leavingOut =
  (when: (message: Message, about: Saying) => boolean = () => true): ClientFault['spoil'] =>
  (honest, client) =>
  async (move, to, message) =>
    when(message, { client, to, move }) ? unsaid(client, move, to, message) : honest(move, to, message)

const unsaid = (client: Actor, move: Move, to: Actor, { method, url, headers, body, intent }: Message): Exchange => ({
  id: '',
  move,
  from: client.name,
  to: to.name,
  at: client.clock.now().toISOString(),
  intent: intent ?? {},
  request: { method, url, headers: headers ?? [], body: body ?? '' },
  failure: { kind: 'aborted', code: 'unsaid', message: `the ${client.name} does not say it` },
  timings: { connect: 0, firstByte: 0, total: 0 },
})

/** The same message with other headers; null takes one away. */
export function withHeaders(message: Message, changes: Readonly<Record<string, string | null>>): Message {
  const names = Object.keys(changes).map((name) => name.toLowerCase())
  const kept = (message.headers ?? []).filter(([name]) => !names.includes(name.toLowerCase()))
  const added = Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]))
  return { ...message, headers: [...kept, ...added] }
}

/** The same message to a URL that was changed in place. */
export function readdressed(message: Message, change: (url: URL) => void): Message {
  const url = new URL(message.url)
  change(url)
  return { ...message, url: url.href }
}

/** The same message with its JSON body changed in place. */
export function rewritten<T extends object>(message: Message, change: (body: T) => void): Message {
  const body = JSON.parse(message.body ?? '{}') as T
  change(body)
  return { ...message, body: JSON.stringify(body) }
}
