/** The trust community that the harness plays: its authorities, revocation status, trust manager, and who belongs to it. */
import { isIP } from 'node:net'
import { authorities } from '../../certs/authorities.ts'
import { distinguishedName } from '../../certs/distinguished-name.ts'
import { identity, mistakenOf } from '../../certs/identity.ts'
import { issue } from '../../certs/issue.ts'
import { authorityByRequest } from '../../certs/request.ts'
import type { ActorName, Identity, SigningAlgorithm } from '../../harness/actor.ts'
import type { Clock } from '../../harness/clock.ts'
import { fetchTrusting } from '../../harness/fetch.ts'
import { random } from '../../harness/random.ts'
import type { Credentials } from '../../harness/wire.ts'
import type { Fault } from '../../simulators/faults/fault.ts'
import { type HostOptions, startHost } from '../../simulators/host.ts'
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

interface Party {
  readonly name: string
  readonly uri: string
  readonly value: string
  /** Kind of the key of its certificate. */
  readonly key: 'ec' | 'rsa'
  /** How it signs JWTs. */
  readonly alg: SigningAlgorithm
}
const party = (name: string, uri: string, value: string, key: Party['key'], alg: Party['alg']): Party => ({
  name,
  uri,
  value,
  key,
  alg,
})

/**
 * Who sits where. Both kinds of keys are always on the stage: each of the two clients has one kind for its certificate and the
 * other for its JWTs. Those who sign most do not use P-384, which takes several times as long as RSA, and that as P-256.
 */
const parties: Readonly<Record<ActorName, Party>> = {
  'requesting payer': party('New Harbor Health', 'https://new-harbor.example/payer', '95001', 'ec', 'RS384'),
  'responding payer': party('Old Mill Health', 'https://old-mill.example/payer', '95002', 'ec', 'ES256'),
  'another payer': party('Third Ridge Plan', 'https://third-ridge.example/payer', '95003', 'rsa', 'ES384'),
  'trust manager': party('Payer Trust Exchange', 'https://trust-exchange.example', '95004', 'ec', 'ES256'),
  'a stranger': party('Far Field Insurance', 'https://far-field.example/payer', '95005', 'ec', 'ES384'),
}

export interface CommunityOptions {
  /** Folder where the authorities are kept. */
  readonly certs: string
  /** Certificates and registrations that a plan brings along. */
  readonly brought?: Readonly<Partial<Record<ActorName, Partial<Identity>>>>
  /** Where revocation lists and the repository are served; any free port on loopback unless told. */
  readonly port?: number
  readonly address?: string
  /** Told of what is asked of its host. */
  readonly onExchange?: HostOptions['onExchange']
  readonly onUnexpected?: HostOptions['onUnexpected']
}

/** Opens it. Throws `file-trouble` when the authorities cannot be kept, `port-taken` when the port is not free. */
export async function openCommunity(options: CommunityOptions): Promise<Community> {
  const all = await authorities(options.certs)
  const { intermediate, trusted } = all
  // Who listens there shows a certificate for that name.
  const reached = options.address ? [options.address] : []
  const made = await Promise.all(
    Object.entries(parties).map(async ([actor, { name, uri, value, key, alg }]) => {
      const own = await identity({
        authority: intermediate,
        name,
        uri,
        identifier: { system: naic, value },
        key,
        alg,
        ips: [...new Set(['127.0.0.1', ...reached.filter(isIP)])],
        dns: [...new Set(['localhost', ...reached.filter((host) => !isIP(host))])],
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
    ...(options.onExchange ? { onExchange: options.onExchange } : {}),
    ...(options.onUnexpected ? { onUnexpected: options.onUnexpected } : {}),
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
