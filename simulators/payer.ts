/**
 * A health plan (PDex) that answers another plan: trust first, then identity, then the member's record. Two tables: what is
 * behind mutual TLS, and what anybody may ask over ordinary TLS.
 */
import type { Identity } from '../harness/actor.ts'
import type { Clock } from '../harness/clock.ts'
import { defaults } from '../harness/config.ts'
import type { Editions } from '../harness/edition.ts'
import type { Random } from '../harness/random.ts'
import { mutualTls } from './guards/mutual-tls.ts'
import { authorizationRoutes, openAuthorizationRoutes } from './parts/authorization-routes.ts'
import { dataRoutes, metadataRoute } from './parts/data-routes.ts'
import { discoveryRoutes, matchRoutes } from './parts/match-routes.ts'
import type { Route, Simulation } from './simulator.ts'
import { Clients } from './state/clients.ts'
import { Consents } from './state/consents.ts'
import type { Directory } from './state/directory.ts'
import { ExportJobs } from './state/export-jobs.ts'
import { Members } from './state/members.ts'
import type { PayerSettings, PayerState } from './state/payer-state.ts'
import { Records } from './state/records.ts'
import { Tokens } from './state/tokens.ts'

export interface PayerOptions {
  readonly clock: Clock
  readonly editions: Editions
  readonly random: Random
  readonly identity: Identity
  readonly base: string
  readonly openBase: string
  readonly directory: Directory
  readonly fetch?: PayerState['fetch']
  readonly udap?: PayerState['udap']
  readonly settings?: Partial<PayerSettings>
}

/** The choices of the reference payer. */
export const honestSettings: PayerSettings = {
  segmentation: 'excludes',
  memberId: true,
  foreign: 404,
  pageSize: defaults.pageSize,
  tokenSeconds: defaults.tokenSeconds,
}

/** What a payer knows before anybody has asked. */
export function payerState(options: PayerOptions): PayerState {
  const { settings, fetch, udap, ...rest } = options
  return {
    ...rest,
    ...(fetch ? { fetch } : {}),
    ...(udap ? { udap } : {}),
    settings: { ...honestSettings, ...settings },
    clients: new Clients(options.random.fork('clients')),
    tokens: new Tokens(),
    members: new Members(),
    consents: new Consents(),
    records: new Records(options.clock),
    jobs: new ExportJobs(options.clock),
  }
}

/** The payer behind mutual TLS: registration, tokens, the match, the data. What is particular comes before what is generic. */
export const payer = (state: PayerState): Simulation<PayerState> => {
  const member = mutualTls(state)
  // Every row, discovery too: on this host nobody is spoken to who is not of the trust community.
  return { state, routes: guardedRoutes(state).map((row) => ({ ...row, guards: [member, ...row.guards] })) }
}

/** The same payer over ordinary TLS: discovery, and nothing of any member. */
export const openPayer = (state: PayerState): Simulation<PayerState> => {
  let guarded: readonly Route[] | undefined
  const offered = (): readonly Route[] => {
    guarded ??= guardedRoutes(state)
    return guarded
  }
  return {
    state,
    routes: [...openAuthorizationRoutes(state), ...discoveryRoutes(state), metadataRoute(state, offered)],
    elsewhere: `this host serves discovery, everything else is behind mutual TLS at ${state.base}`,
  }
}

const guardedRoutes = (state: PayerState): Route[] => {
  const before = [...authorizationRoutes(state), ...matchRoutes(state)]
  return [...before, ...dataRoutes(state, before)]
}
