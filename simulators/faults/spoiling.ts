/** The ways in which a retrieval fault gets between the question and the honest answer. */

import type { Bundle, BundleEntry } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'
import { type Asked, altered } from '../asked.ts'
import { bearerOf } from '../parts/oauth.ts'
import type { Handler, Visit } from '../simulator.ts'
import type { CapturedConsent } from '../state/consents.ts'
import type { Grant } from '../state/grant.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'

/** A Bundle whose resources can be told apart. */
export type Pack = Bundle<FhirResource>

export type Spoil = (honest: Handler, state: PayerState) => Handler

/** The rows that these faults are about. */
export const rows = {
  search: 'GET /fhir/:type',
  post: 'POST /fhir/:type/_search',
  page: 'GET /fhir/:type/_page/:cursor',
  read: 'GET /fhir/:type/:id',
  vread: 'GET /fhir/:type/:id/_history/:version',
  history: 'GET /fhir/:type/:id/_history',
  binary: 'GET /fhir/Binary/:id',
  everything: 'GET /fhir/Patient/:id/$everything',
  everythingByPost: 'POST /fhir/Patient/:id/$everything',
  everythingPage: 'GET /fhir/Patient/_everything/:cursor',
  kickOff: 'GET /fhir/Patient/$export',
  status: 'GET /fhir/_export/:job',
  file: 'GET /fhir/_export/:job/:file',
  delete: 'DELETE /fhir/_export/:job',
  metadata: 'GET /fhir/metadata',
  all: '*',
} as const

export const fault = (
  id: string,
  title: string,
  row: keyof typeof rows,
  breaks: readonly string[],
  spoil: Spoil,
): Fault => ({ id, title, actor: 'responding payer', route: rows[row], breaks, spoil }) as Fault

/** The answer made another, whatever it was. */
export const misanswer =
  (change: (answer: Response, about: About) => Response | Promise<Response>): Spoil =>
  (honest, state) =>
  async (request, visit) =>
    change(await honest(request, visit), { state, visit, request })

export interface About {
  readonly state: PayerState
  readonly visit: Visit
  readonly request: Asked
}

/** The same answer with another body, and other headers where told; null takes one away. */
export function recast(
  answer: Response,
  body: string | null,
  changes: Record<string, string | null> = {},
  status = answer.status,
): Response {
  const headers = new Headers(answer.headers)
  for (const [name, value] of Object.entries(changes)) value === null ? headers.delete(name) : headers.set(name, value)
  return new Response(body, { status, headers })
}

/** A good JSON answer changed; every other answer stays. */
export const rewritten = <T>(change: (body: T, about: About) => object | Promise<object>): Spoil =>
  misanswer(async (answer, about) => {
    if (answer.status !== 200 || !/json(;|$)/.test(answer.headers.get('content-type') ?? '')) return answer
    return recast(answer, JSON.stringify(await change((await answer.json()) as T, about)))
  })

/** A good Bundle changed in place. */
export const rebundled = (change: (bundle: Pack, about: About) => void | Promise<void>): Spoil =>
  rewritten<Pack>(async (body, about) => {
    if (body.resourceType === 'Bundle') await change(body, about)
    return body
  })

/** A file in which what matches in the text of a line is written otherwise. */
export const rephrased = (what: RegExp, otherwise: string): Spoil =>
  relined((lines) => lines.map((line) => JSON.parse(JSON.stringify(line).replace(what, otherwise)) as FhirResource))

/** The lines of a good file changed. */
export const relined = (change: (lines: FhirResource[], about: About) => FhirResource[]): Spoil =>
  misanswer(async (answer, about) => {
    if (answer.status !== 200) return answer
    const lines = (await answer.text())
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as FhirResource)
    return recast(
      answer,
      change(lines, about)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    )
  })

/** The question changed before it is answered; undefined leaves it as it is. */
export const readdressed =
  (change: (url: URL, visit: Visit) => void): Spoil =>
  (honest) =>
  (request, visit) => {
    const url = new URL(visit.url)
    change(url, visit)
    if (url.href === visit.url.href) return honest(request, visit)
    return honest(altered(request, { url }), { ...visit, url })
  }

/** Answered as if the token were good for something else. */
export const bent =
  (change: (grant: Grant, about: About) => Grant): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const text = bearerOf(request) ?? ''
    const token = state.tokens.find(text)
    if (!token) return honest(request, visit)
    state.tokens.replace(text, { ...token, grant: change(token.grant, { state, visit, request }) })
    try {
      return await honest(request, visit)
    } finally {
      state.tokens.replace(text, token)
    }
  }

/** Answered as if the client had every permission. */
export const permitted: Spoil = bent((grant) => ({
  ...grant,
  permissions: { claims: true, priorAuthorizations: true },
}))

/** The consent that the payer took last for the member of a token, and whether it holds now. */
export function consentOf(
  state: PayerState,
  grant: Grant | undefined,
): { readonly consent: CapturedConsent; readonly holds: boolean } | undefined {
  const consent = grant?.patientId ? state.consents.latest(grant.patientId, grant.organization) : undefined
  if (!consent) return undefined
  const { permitted } = state.consents.decision(consent.patientId, consent.requester, state.clock.now())
  return { consent, holds: permitted }
}

/** Answered as if the member had let everything go. */
export const unrestricted: Spoil = (honest, state) => async (request, visit) => {
  const known = consentOf(state, state.tokens.find(bearerOf(request) ?? '')?.grant)
  if (!known?.holds) return honest(request, visit)
  const { consent } = known
  return withConsent(state, { ...consent, policy: 'sensitive' }, consent, () => honest(request, visit))
}

/** Answered as if the token were for that member; undefined: as it is. */
export const forMember =
  (whose: (about: About) => string | undefined): Spoil =>
  (honest, state) =>
  async (request, visit) => {
    const text = bearerOf(request) ?? ''
    const token = state.tokens.find(text)
    const patientId = whose({ state, visit, request })
    if (!token || !patientId || patientId === token.grant.patientId || !state.records.holds(patientId))
      return honest(request, visit)
    const { grant } = token
    const own = consentOf(state, grant)
    if (!own?.holds) return honest(request, visit)
    const before = state.consents.latest(patientId, grant.organization)
    state.tokens.replace(text, { ...token, grant: { ...grant, patientId } })
    try {
      return await withConsent(state, { ...own.consent, patientId }, before, () => honest(request, visit))
    } finally {
      state.tokens.replace(text, token)
    }
  }

async function withConsent(
  state: PayerState,
  during: CapturedConsent,
  after: CapturedConsent | undefined,
  act: () => Response | Promise<Response>,
): Promise<Response> {
  state.consents.store(during)
  try {
    return await act()
  } finally {
    if (after) state.consents.store(after)
    else state.consents.revoke(during.patientId, during.requester)
  }
}

/** An entry for a resource that does not belong there. */
export const strayEntry = (
  { base }: PayerState,
  resource: FhirResource,
  mode: 'match' | 'include' = 'match',
): BundleEntry<FhirResource> => ({
  fullUrl: `${base}/fhir/${resource.resourceType}/${resource.id}`,
  resource,
  search: { mode },
})

/** Entries that a Bundle does not hold yet. */
export function addEntries(bundle: Pack, entries: readonly BundleEntry<FhirResource>[]): void {
  const known = new Set((bundle.entry ?? []).map(({ fullUrl }) => fullUrl))
  const fresh = entries.filter(({ fullUrl }) => !known.has(fullUrl))
  if (fresh.length) bundle.entry = [...(bundle.entry ?? []), ...fresh]
}

/** A member who is not the caller's; undefined when there is no other. */
export function anotherMember(state: PayerState, visit: Visit): string | undefined {
  for (const patientId of state.records.patients()) if (patientId !== visit.grant?.patientId) return patientId
  return undefined
}

/** Their resources of that type. */
export const recordsOf = (state: PayerState, patientId: string | undefined, type: string): FhirResource[] =>
  patientId === undefined ? [] : [...state.records.compartment(patientId, new Set([type]))]

/** The links of a Bundle. */
export const links = (bundle: Pack): NonNullable<Pack['link']> => bundle.link ?? []

/** Takes what fits out of a Bundle. */
export const without = (bundle: Pack, drop: (resource: FhirResource) => boolean): void => {
  const entry = (bundle.entry ?? []).filter(({ resource }) => !resource || !drop(resource))
  if (entry.length) bundle.entry = entry
  else delete bundle.entry
}

/** The question without these parameters, whatever they say. */
export const deafTo = (...names: string[]): Spoil =>
  readdressed((url) => {
    for (const name of [...url.searchParams.keys()])
      if (names.includes(name.split(':')[0] ?? '')) url.searchParams.delete(name)
  })

/** What a manifest lists. */
interface Item {
  type: string
  url: string
  count?: number
}
export interface Manifest {
  transactionTime: string
  request: string
  requiresAccessToken: unknown
  output: Item[]
  deleted?: Item[]
  error?: Item[]
}

/** Other headers on answers of that status. */
export const reheaded = (status: number, changes: Record<string, string | null>): Spoil =>
  misanswer(async (answer) =>
    answer.status === status ? recast(answer, (await answer.text()) || null, changes) : answer,
  )

/** Spoils the rows with such a path alone. */
export const within =
  (path: RegExp, spoil: Spoil): Spoil =>
  (honest, state) => {
    const spoiled = spoil(honest, state)
    return (request, visit) => (path.test(visit.url.pathname) ? spoiled(request, visit) : honest(request, visit))
  }
/** First page and those after it. */
export const ofEverything = /\/(\$everything|_everything\/.*)$/
