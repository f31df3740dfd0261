/** A trust community of two payers and its manager on one host, anew for each test: for tests of those who take part in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Authorities, authorities } from '../certs/authorities.ts'
import { identity } from '../certs/identity.ts'
import { Actor, type ActorName, type Identity } from '../harness/actor.ts'
import { VirtualClock } from '../harness/clock.ts'
import { random } from '../harness/random.ts'
import { Transcript } from '../harness/transcript.ts'
import { Wire } from '../harness/wire.ts'
import { startHost } from './host.ts'
import { trustManager } from './trust-manager.ts'

export const naic = 'urn:oid:2.16.840.1.113883.6.300'

/** What happens in one test. */
export interface TrustTenancy {
  readonly clock: VirtualClock
  readonly transcript: Transcript
  readonly base: string
  readonly payer: Actor
  /** The same payer with that FHIR base. */
  readonly payerAt: (fhir: string) => Actor
  readonly responder: Actor
  readonly trust: Actor
}

export interface SmallTrust {
  readonly all: Authorities
  readonly identities: Readonly<Record<'requesting payer' | 'responding payer' | 'trust manager', Identity>>
  /** A repository in which nothing was published, and a transcript in which nothing was said. */
  readonly open: () => Promise<TrustTenancy>
  readonly close: () => Promise<void>
}

export async function smallTrust(): Promise<SmallTrust> {
  const folder = mkdtempSync(join(tmpdir(), 'vitruvian-trust-'))
  const all = await authorities(folder)
  const host = await startHost()
  const wire = new Wire()
  const make = (name: string, uri: string, value: string): Promise<Identity> =>
    identity({ authority: all.intermediate, authorities: all, name, uri, identifier: { system: naic, value } })
  const identities = {
    'requesting payer': await make('New Plan', 'https://new-plan.example/payer', '1'),
    'responding payer': await make('Old Plan', 'https://old-plan.example/payer', '2'),
    'trust manager': await make('Trust Exchange', 'https://trust.example', '3'),
  }
  let tenants = 0
  return {
    all,
    identities,
    open: async () => {
      const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
      const transcript = new Transcript()
      const tenant = `t${++tenants}`
      const base = `${host.origin}/${tenant}`
      const simulation = await trustManager({
        clock,
        random: random(tenant),
        identity: identities['trust manager'],
        base,
        authorities: all,
      })
      host.open(tenant, simulation)
      const actor = (name: ActorName & keyof typeof identities, more = {}): Actor =>
        new Actor({ name, identity: identities[name], places: { trust: base, ...more }, clock, transcript, wire })
      return {
        clock,
        transcript,
        base,
        payer: actor('requesting payer'),
        payerAt: (fhir) => actor('requesting payer', { fhir }),
        responder: actor('responding payer', { fhir: 'https://127.0.0.1:1/x/fhir' }),
        trust: actor('trust manager'),
      }
    },
    close: async () => {
      wire.close()
      await host.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
