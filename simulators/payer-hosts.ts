/** The responding payer on its two hosts, one behind mutual TLS and one that anybody may ask; tenants open and close in both. */
import type { Identity, Places } from '../harness/actor.ts'
import type { Clock } from '../harness/clock.ts'
import type { Editions } from '../harness/edition.ts'
import type { Fetch } from '../harness/fetch.ts'
import { random } from '../harness/random.ts'
import type { Credentials } from '../harness/wire.ts'
import type { Fault } from './faults/fault.ts'
import { type Host, type HostOptions, startHost } from './host.ts'
import { honestSettings, openPayer, payer, payerState } from './payer.ts'
import type { Simulation } from './simulator.ts'
import { spoiled, type Watch } from './spoil.ts'
import { Directory } from './state/directory.ts'
import type { PayerSettings, PayerState } from './state/payer-state.ts'
import type { HostChoice, Variant } from './variants/variant.ts'

export interface PayerHostsOptions {
  readonly identity: Identity
  /** Server certificate; the identity's own unless told. */
  readonly server?: Credentials
  /** PEM of the roots that client certificates must chain to. */
  readonly trusted: readonly string[]
  /** For revocation lists, the repository, key sets of clients. */
  readonly fetch: Fetch
  readonly seed: string
  /** UDAP credentials for a tenant with these FHIR bases; absent: no UDAP. */
  readonly udap?: (bases: readonly string[]) => NonNullable<PayerState['udap']>
  /** Of the host behind mutual TLS, and of the open one; 0 unless told. */
  readonly ports?: readonly [number, number]
  readonly address?: string
  readonly onExchange?: HostOptions['onExchange']
  readonly onUnexpected?: HostOptions['onUnexpected']
  readonly choice?: HostChoice
}

/** What a tenant's world is like. */
export interface TenantTerms {
  readonly clock: Clock
  readonly editions: Editions
  /** Base of the trust manager whose repository it refreshes its directory from; absent: it is told who belongs. */
  readonly trust?: string
  /** Make it wrong, each in one way; those of other actors are left aside. */
  readonly faults?: readonly Fault[]
  /** Told of what reaches its rows. */
  readonly watch?: Watch
  /** Its legal choices: those that it has settings for, and one made from outside. */
  readonly settings?: Partial<PayerSettings>
  readonly variant?: Variant
  /** Seconds that its copy of main and what it learned of revocation are good for; those of the directory unless told. */
  readonly freshSeconds?: number
}

export interface PayerTenant {
  readonly state: PayerState
  readonly places: Places
  close(): void
}

export interface PayerHosts {
  /** Roots of this payer's own server certificate are those of the community. */
  readonly origin: string
  open(tenant: string, terms: TenantTerms): PayerTenant
  stop(): Promise<void>
}

/** Opens both ports. Rejects with `port-taken`. */
export async function startPayerHosts(options: PayerHostsOptions): Promise<PayerHosts> {
  const { cert, key } = options.server ?? (options.identity.credentials as Credentials)
  const { headerCase, ...tls } = options.choice ?? {}
  const common = {
    ...(headerCase ? { headerCase } : {}),
    ...(options.address ? { address: options.address } : {}),
    ...(options.onExchange ? { onExchange: options.onExchange } : {}),
    ...(options.onUnexpected ? { onUnexpected: options.onUnexpected } : {}),
  }
  const starting = [
    startHost({
      ...common,
      port: options.ports?.[0] ?? 0,
      tls: { ...tls, cert, key, requestCert: true, ca: options.trusted },
    }),
    startHost({ ...common, port: options.ports?.[1] ?? 0, tls: { cert, key } }),
  ] as const
  const [guarded, open] = await Promise.all(starting).catch(async (error: unknown) => {
    // One that stays open behind the other's trouble would keep the process alive.
    for (const host of await Promise.allSettled(starting)) if (host.status === 'fulfilled') await host.value.stop()
    throw error
  })
  return {
    origin: guarded.origin,
    open: (tenant, terms) => openTenant(options, { guarded, open }, tenant, terms),
    stop: async () => {
      await Promise.all([guarded.stop(), open.stop()])
    },
  }
}

function openTenant(
  options: PayerHostsOptions,
  hosts: { readonly guarded: Host; readonly open: Host },
  tenant: string,
  { clock, editions, trust, faults = [], watch, settings, variant, freshSeconds }: TenantTerms,
): PayerTenant {
  const base = `${hosts.guarded.origin}/${tenant}`
  const openBase = `${hosts.open.origin}/${tenant}`
  const state = payerState({
    clock,
    editions,
    // A tenant's chance depends on its name alone: scenarios can be played in any order.
    random: random(`${options.seed}/${tenant}`),
    identity: options.identity,
    base,
    openBase,
    fetch: options.fetch,
    directory: new Directory({
      clock,
      trusted: options.trusted,
      own: options.identity.credentials?.cert,
      fetch: options.fetch,
      ...(trust ? { repository: `${trust}/repo/main/bundles` } : {}),
      seconds: freshSeconds,
    }),
    ...(options.udap ? { udap: options.udap([`${base}/fhir`, `${openBase}/fhir`]) } : {}),
    settings: { ...honestSettings, ...variant?.settings, ...settings },
  })
  const own = faults.filter(({ actor }) => actor === 'responding payer') as readonly Fault<PayerState>[]
  // A fault spoils what is said, and a variant may say it otherwise: the fault is inside.
  const dressed = (simulation: Simulation<PayerState>): Simulation<PayerState> => {
    const said = spoiled(simulation, own, watch && { tenant, tell: watch })
    return variant?.dress?.(said) ?? said
  }
  hosts.guarded.open(tenant, dressed(payer(state)))
  hosts.open.open(tenant, dressed(openPayer(state)))
  return {
    state,
    places: { fhir: `${base}/fhir`, open: `${openBase}/fhir` },
    close: () => {
      hosts.guarded.close(tenant)
      hosts.open.close(tenant)
    },
  }
}
