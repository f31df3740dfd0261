/** A payer in a process of its own and a client that has registered with it: where the benchmarks of the wire begin. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { authorities } from '../certs/authorities.ts'
import { discoverSmart } from '../flows/discover.ts'
import { register } from '../flows/register.ts'
import { requestMatchToken } from '../flows/request-token.ts'
import { Actor, type Identity, type Places } from '../harness/actor.ts'
import { systemClock } from '../harness/clock.ts'
import type { Person } from '../harness/person.ts'
import { Transcript } from '../harness/transcript.ts'
import { type Credentials, Wire } from '../harness/wire.ts'

/** Of the payer's process, since it was asked last. */
export interface Spent {
  /** Highest RSS, in bytes. */
  readonly peak: number
  /** Seconds of CPU: what is left to compare where the machine has other work. */
  readonly cpu: number
}

export interface Meeting {
  readonly child: ChildProcess
  readonly payer: Actor
  readonly client: Actor
  readonly transcript: Transcript
  readonly ready: { readonly places: Places; readonly bare: string; readonly ana: Person }
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string }
  spent(): Promise<Spent>
  end(): Promise<void>
}

/** A payer in a process of its own, and a client that is registered with it and holds a match. */
export async function withPayer(certs: string, wanted: { members: number; resources: number }): Promise<Meeting> {
  // From the same bundle as `simulate`, and with the same nursery.
  const child = fork(fileURLToPath(new URL('payer.mjs', import.meta.url)), [JSON.stringify({ certs, ...wanted })], {
    execArgv: ['--max-semi-space-size=32'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [ready] = (await once(child, 'message')) as [
    { places: Places; bare: string; identity: Identity; ana: Person; requester: Identity },
  ]
  // The payer knows the certificate that its own process published for the requester.
  const { trusted } = await authorities(certs)
  const { cert, key } = ready.requester.credentials as Credentials
  const transcript = new Transcript()
  const wire = new Wire()
  const common = { clock: systemClock, transcript, wire, ca: trusted }
  const payer = new Actor({ name: 'responding payer', identity: ready.identity, places: ready.places, ...common })
  const client = new Actor({ name: 'requesting payer', identity: ready.requester, places: {}, ...common })
  await client.performs(discoverSmart(payer))
  await client.performs(register(payer))
  await client.performs(requestMatchToken(payer))
  return {
    child,
    payer,
    client,
    transcript,
    ready,
    tls: { cert, key, ca: trusted.join('\n') },
    spent: async () => {
      child.send('spent')
      const [spent] = (await once(child, 'message')) as [Spent]
      return spent
    },
    end: async () => {
      wire.close()
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
