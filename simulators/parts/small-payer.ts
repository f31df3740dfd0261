/** A payer small enough to know by heart: two members, a few records of each kind, tokens. For tests without a port. */
import type { Bundle } from 'fhir/r4.js'
import { VirtualClock } from '../../harness/clock.ts'
import type { Editions } from '../../harness/edition.ts'
import type { ConsentPolicy } from '../../harness/person.ts'
import { random } from '../../harness/random.ts'
import type { CertificateFacts } from '../../harness/transcript.ts'
import { Incoming } from '../asked.ts'
import { answer, type Route } from '../simulator.ts'
import { Clients } from '../state/clients.ts'
import { Consents } from '../state/consents.ts'
import type { Directory } from '../state/directory.ts'
import { ExportJobs } from '../state/export-jobs.ts'
import type { Grant } from '../state/grant.ts'
import { Members } from '../state/members.ts'
import type { PayerSettings, PayerState } from '../state/payer-state.ts'
import { Records } from '../state/records.ts'
import { Tokens } from '../state/tokens.ts'
import { dataRoutes } from './data-routes.ts'
import { recordOf } from './small-record.ts'

export const base = 'https://payer.example/t1'

export interface SmallPayer {
  readonly state: PayerState
  readonly clock: VirtualClock
  readonly routes: readonly Route[]
  /** Lets somebody in: a token for one of the members, with a consent. */
  admit(token: string, patientId: string, part?: Partial<Grant> & { readonly policy?: ConsentPolicy }): Grant
  /** GET, or what `init` says, of a path under the tenant's base or of one of its absolute URLs. */
  ask(token: string | undefined, path: string, init?: RequestInit): Promise<Response>
}

export const requester = { system: 'urn:naic', value: '00001' }

/** The request as a host receives it. A text without a media type is one of Fetch's. */
function cameWith(url: URL, { method = 'GET', body }: RequestInit, headers: Headers): Incoming {
  if (body !== undefined && typeof body !== 'string') throw new TypeError('the body of a test is a text')
  if (body !== undefined && !headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8')
  return new Incoming({ method, url: url.href, headers, body: body === undefined ? undefined : Buffer.from(body) })
}

/** Members `ana` and `bob`; nobody is admitted yet. */
export function smallPayer(
  part: {
    editions?: Editions
    settings?: Partial<PayerSettings>
    /** Puts something over the table: a fault. */
    wrap?: (routes: readonly Route[], state: PayerState) => readonly Route[]
  } = {},
): SmallPayer {
  const clock = new VirtualClock(new Date('2026-03-02T15:00:00Z'))
  const chance = random('small payer')
  const state: PayerState = {
    clock,
    editions: part.editions ?? { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0' },
    random: chance,
    identity: { name: 'Old Plan', uri: 'https://payer.example', identifier: { system: 'urn:naic', value: '95216' } },
    base,
    openBase: base,
    settings: {
      segmentation: 'excludes',
      memberId: true,
      foreign: 404,
      pageSize: 50,
      tokenSeconds: 300,
      ...part.settings,
    },
    directory: { standing: async () => ({ ok: true }) } as unknown as Directory,
    clients: new Clients(chance.fork('clients')),
    tokens: new Tokens(),
    members: new Members(),
    consents: new Consents(),
    records: new Records(clock),
    jobs: new ExportJobs(clock),
  }
  state.records.load('ana', recordOf('ana', 'Núñez'))
  state.records.load('bob', recordOf('bob', 'Baker'))
  const honest = dataRoutes(state)
  const routes = part.wrap?.(honest, state) ?? honest
  return {
    state,
    clock,
    routes,
    admit(token, patientId, { policy = 'sensitive', ...rest } = {}) {
      const grant: Grant = {
        clientId: `client-of-${token}`,
        organization: requester,
        scopes: ['patient/*.rs'],
        kind: 'member',
        patientId,
        expires: Math.floor(clock.now().getTime() / 1000) + 86_400,
        permissions: { claims: true, priorAuthorizations: true },
        ...rest,
      }
      state.tokens.keep(token, grant, 0)
      state.consents.store({
        patientId,
        clientId: grant.clientId,
        requester: grant.organization,
        policy,
        start: '2026-01-01',
        end: '2026-12-31',
        receivedAt: clock.now(),
      })
      return grant
    },
    ask(token, path, init = {}) {
      const url = new URL(path.startsWith('http') ? path : `${base}${path}`)
      const headers = new Headers(init.headers)
      if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
      return answer(routes, cameWith(url, init, headers), url.pathname.slice(new URL(base).pathname.length), {
        url,
        certificate: { thumbprint: 'x' } as CertificateFacts,
      })
    },
  }
}

/** The body of an answer. */
export const json = async <T = Bundle>(response: Response | Promise<Response>): Promise<T> =>
  (await (await response).json()) as T
/** What a Bundle holds, as keys; of one search mode when told. */
export const ids = (bundle: Bundle, mode?: string): string[] =>
  (bundle.entry ?? [])
    .filter((e) => mode === undefined || e.search?.mode === mode)
    .map((e) => `${e.resource?.resourceType}/${e.resource?.id}`)
/** Where a link of a Bundle leads. */
export const link = (bundle: Bundle, relation: string): string | undefined =>
  bundle.link?.find((l) => l.relation === relation)?.url
