/** The trust community that the harness plays: its authorities, revocation status, trust manager, and who belongs to it. */
import { authorities } from '../../certs/authorities.ts'
import { distinguishedName } from '../../certs/distinguished-name.ts'
import { identity, mistakenOf } from '../../certs/identity.ts'
import { issue } from '../../certs/issue.ts'
import { authorityByRequest } from '../../certs/request.ts'
import type { ActorName, Identity } from '../../harness/actor.ts'
import type { Clock } from '../../harness/clock.ts'
import { fetchTrusting } from '../../harness/fetch.ts'
import { random } from '../../harness/random.ts'
import type { Credentials } from '../../harness/wire.ts'
import type { Fault } from '../../simulators/faults/fault.ts'
import { startHost } from '../../simulators/host.ts'
import { keySets } from '../../simulators/key-sets.ts'
import type { PayerHostsOptions } from '../../simulators/payer-hosts.ts'
import { spoiled, type Watch } from '../../simulators/spoil.ts'
import type { TrustManagerState } from '../../simulators/state/trust-manager-state.ts'
import { trustManager } from '../../simulators/trust-manager.ts'

export interface Community {
  readonly identities: Readonly<Record<ActorName, Identity>>
  /** PEM of the roots that members trust. */
  readonly trusted: readonly string[]
  /** UDAP credentials of the responding payer for a tenant with these FHIR bases. */
  readonly udap: NonNullable<PayerHostsOptions['udap']>
  /** A trust manager, a repository and revocation lists of their own for one scenario. */
  open(tenant: string, clock: Clock, faults?: readonly Fault[], watch?: Watch): Promise<TrustTenant>
  stop(): Promise<void>
}

export interface TrustTenant {
  readonly base: string
  readonly state: TrustManagerState
  /** Where that payer, whom the harness plays, publishes its JWK set. */
  keySet(actor: ActorName): string
  close(): void
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
  /** Certificates and registrations that a plan brings along. */
  readonly brought?: Readonly<Partial<Record<ActorName, Partial<Identity>>>>
  /** Where revocation lists and the repository are served; any free port on loopback unless told. */
  readonly port?: number
  readonly address?: string
}

/** Opens it. Throws `file-trouble` when the authorities cannot be kept, `port-taken` when the port is not free. */
export async function openCommunity(options: CommunityOptions): Promise<Community> {
  const all = await authorities(options.certs)
  const { intermediate, trusted } = all
  const made = await Promise.all(
    Object.entries(parties).map(async ([actor, { name, uri, value, key }]) => {
      const own = await identity({
        authority: intermediate,
        name,
        uri,
        identifier: { system: naic, value },
        key,
        alg: key === 'rsa' ? 'RS384' : 'ES384',
        ips: ['127.0.0.1'],
        dns: ['localhost'],
      })
      const member: Identity = { ...own, ...options.brought?.[actor as ActorName] }
      // Wrong certificates are wrong versions of the one that is really shown.
      const { credentials } = member
      return [actor, credentials ? { ...member, mistaken: mistakenOf(all, { ...member, credentials }) } : member]
    }),
  )
  const identities = Object.fromEntries(made) as Record<ActorName, Identity>
  const manager = identities['trust manager']
  const responder = identities['responding payer']
  const { cert, key } = manager.credentials as Credentials
  const host = await startHost({
    tls: { cert, key },
    ...(options.port ? { port: options.port } : {}),
    ...(options.address ? { address: options.address } : {}),
  })
  const fetch = fetchTrusting(trusted)
  // Its signing certificate is the trust manager's for good; what it has signed and revoked is each scenario's own.
  const own = await authorityByRequest(all.root, distinguishedName(manager.name))
  return {
    identities,
    trusted,
    udap: (bases) => ({
      community: manager.uri,
      // Made when somebody asks: most scenarios never do.
      credentials: once(async () => {
        const terms = { subject: distinguishedName(responder.name), uris: bases, key: 'rsa' } as const
        return (await issue(intermediate, terms)).credentials
      }),
    }),
    async open(tenant, clock, faults = [], watch) {
      const base = `${host.origin}/${tenant}`
      const simulation = await trustManager({
        clock,
        random: random(`trust/${tenant}`),
        identity: manager,
        base,
        authorities: all,
        own,
        fetch,
      })
      const told = watch && { tenant, tell: watch }
      const of = <State>(name: Fault['actor']) =>
        faults.filter(({ actor }) => actor === name) as readonly Fault<State>[]
      host.open(tenant, spoiled(simulation, of<TrustManagerState>('trust manager'), told))
      const published = keySets(Object.values(identities))
      const keys = host.open(`${tenant}-keys`, spoiled(published, of('requesting payer'), told))
      return {
        base,
        state: simulation.state,
        keySet: (actor) => `${keys}/${new URL(identities[actor].uri).hostname}/jwks.json`,
        close: () => {
          host.close(tenant)
          host.close(`${tenant}-keys`)
        },
      }
    },
    stop: () => host.stop(),
  }
}

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
