/** Retrieval that is right at a glance: a page, a file, a total or a parameter that is a little wrong. */
import type { FhirResource } from '../../harness/person.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import { every, nodesWith } from './retrieval-payload.ts'
import {
  fault,
  forMember,
  links,
  misanswer,
  permitted,
  rebundled,
  recast,
  recordsOf,
  reheaded,
  rewritten,
  type Spoil,
  unrestricted,
  within,
} from './spoiling.ts'
import { subtleExportFaults } from './subtle-exports.ts'

const both =
  (one: Spoil, other: Spoil): Spoil =>
  (honest, state) =>
    one(other(honest, state), state)

const old = ({ meta }: FhirResource, state: PayerState): boolean =>
  Date.parse(meta?.lastUpdated ?? '') < state.clock.now().getTime() - 4 * 366 * 86_400_000

/** Claims of the member, with money wherever a claim has a place for it. */
const withMoney = (change: (claim: Record<string, unknown>) => void): Spoil =>
  every('ExplanationOfBenefit', (resource) => {
    if (resource.use === 'claim') change(resource)
  })
const money = { value: 120.5, currency: 'USD' }
const itemsOf = (claim: Record<string, unknown>) => (claim.item ?? []) as Record<string, unknown>[]

const pages: readonly Fault[] = [
  fault(
    'pages-overlap',
    'The first record of a page was the last of the page before',
    'all',
    ['CORE-037'],
    (honest, state) => {
      const spoil = rebundled((bundle) => {
        const last = lastOf.get(state)
        if (last && bundle.entry?.length) bundle.entry.unshift(last as never)
      })
      return async (request, visit) => {
        const isPage = /_page\/|_everything\//.test(visit.url.pathname)
        const answer = isPage ? await spoil(honest, state)(request, visit) : await honest(request, visit)
        if (answer.status !== 200 || !/json/.test(answer.headers.get('content-type') ?? '')) return answer
        const text = await answer.text()
        const body = JSON.parse(text) as { resourceType?: string; entry?: { search?: { mode?: string } }[] }
        lastOf.set(state, body.resourceType === 'Bundle' ? body.entry?.at(-1) : undefined)
        return recast(answer, text)
      }
    },
  ),
  fault(
    'post-forgets-permissions',
    'A search by POST finds what the client may not see',
    'post',
    ['PDEX-137'],
    both(permitted, unrestricted),
  ),
  fault(
    'post-finds-any-member',
    'A search by POST finds whomever it names',
    'post',
    ['HREX-058'],
    (honest, state) => async (request, visit) => {
      const form = new URLSearchParams(await request.clone().text())
      const named = (form.get('patient') ?? form.get('_id') ?? '').replace(/^.*Patient\//, '')
      return forMember(() => named || undefined)(honest, state)(request, visit)
    },
  ),
  fault(
    'identifier-finds-any-member',
    'A search by identifier finds whichever member has it',
    'search',
    ['HREX-058'],
    (honest, state) => (request, visit) => {
      const identifier = visit.params.type === 'Patient' ? visit.url.searchParams.get('identifier') : null
      const value = identifier?.split('|').at(-1)
      const owner = state.members && [...state.members].find(({ memberIdentifier }) => memberIdentifier.value === value)
      return owner ? forMember(() => owner.patientId)(honest, state)(request, visit) : honest(request, visit)
    },
  ),
  fault(
    'docref-of-any-member',
    '$docref gives the documents of whomever it is asked for',
    'all',
    ['HREX-058'],
    within(
      /\$docref$/,
      forMember(({ visit }) => visit.url.searchParams.get('patient')?.replace(/^.*\//, '')),
    ),
  ),
  fault(
    'totals-tell-of-what-is-hidden',
    'The total of a search counts what the client may not see',
    'search',
    ['CORE-035'],
    rebundled((bundle, { state, visit }) => {
      if (bundle.total !== undefined)
        bundle.total = recordsOf(state, visit.grant?.patientId, visit.params.type ?? '').length + 1
    }),
  ),
]

/** Last entry that a tenant's client was shown. */
const lastOf = new WeakMap<PayerState, unknown>()

const data: readonly Fault[] = [
  fault(
    'search-forgets-the-old',
    'A search finds nothing older than four years',
    'search',
    ['PDEX-126'],
    rebundled((bundle, { state }) => {
      bundle.entry = (bundle.entry ?? []).filter(({ resource }) => !resource || !old(resource, state))
    }),
  ),
  fault(
    'claims-tell-what-was-paid',
    'Claims tell what was paid',
    'all',
    ['PDEX-022'],
    withMoney((claim) => {
      claim.payment = { amount: money }
    }),
  ),
  fault(
    'items-tell-their-price',
    'The items of a claim tell their price',
    'all',
    ['PDEX-022'],
    withMoney((claim) => {
      for (const item of itemsOf(claim)) item.net = money
    }),
  ),
  fault(
    'items-tell-what-was-allowed',
    'The items of a claim are adjudicated in dollars',
    'all',
    ['PDEX-022'],
    withMoney((claim) => {
      for (const item of itemsOf(claim))
        item.adjudication = [
          ...((item.adjudication ?? []) as object[]),
          {
            category: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/adjudication', code: 'eligible' }] },
            amount: money,
          },
        ]
    }),
  ),
  fault(
    'claims-of-the-export-have-totals',
    'Claims in a file have totals',
    'file',
    ['PDEX-022'],
    withMoney((claim) => {
      claim.total = [
        {
          category: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/adjudication', code: 'submitted' }] },
          amount: money,
        },
      ]
    }),
  ),
  fault(
    'transmitter-is-the-receiver',
    'Provenance names the payer that asked as who transmitted',
    'all',
    ['PDEX-075'],
    (honest, state) =>
      every('Provenance', (resource) => {
        const [client] = [...state.clients]
        nodesWith(resource.agent, 'who', (agent) => {
          if (JSON.stringify(agent.type ?? '').includes('transmitter'))
            agent.who = { identifier: client?.organization.identifier, display: 'the payer that asked' }
        })
      })(honest, state),
  ),
]

const answers: readonly Fault[] = [
  fault(
    'refusals-are-warnings',
    'A refusal says that nothing is wrong',
    'all',
    ['CORE-020'],
    misanswer(async (answer) =>
      answer.status >= 400 && /json/.test(answer.headers.get('content-type') ?? '')
        ? recast(answer, (await answer.text()).replace(/"severity":"error"/g, '"severity":"information"'))
        : answer,
    ),
  ),
  fault(
    'latin-letters',
    'Answers are in another character set',
    'read',
    ['CORE-002'],
    reheaded(200, { 'content-type': 'application/fhir+json; charset=iso-8859-1' }),
  ),
  fault(
    'letters-are-of-another-set',
    'The text of a record is in another character set than its answer says',
    'read',
    ['CORE-002'],
    misanswer(async ({ status, headers, body }) => {
      const text = (await new Response(body).text()).replaceAll(/[^\u0020-\u00ff]/g, '?')
      return new Response(status === 304 ? null : Buffer.from(text, 'latin1'), { status, headers })
    }),
  ),
  fault(
    'selves-are-lost',
    'A search does not say what it searched for',
    'search',
    ['CORE-032'],
    rebundled((bundle) => {
      bundle.link = links(bundle).filter(({ relation }) => relation !== 'self')
    }),
  ),
  fault(
    'entries-come-twice',
    'A search gives a record twice',
    'search',
    ['CORE-033'],
    rebundled((bundle) => {
      const [first] = bundle.entry ?? []
      if (first) bundle.entry?.push(first)
    }),
  ),
  fault(
    'includes-pass-for-matches',
    'What was included is marked as a match',
    'search',
    ['CORE-034'],
    rebundled((bundle) => {
      for (const entry of bundle.entry ?? []) if (entry.search?.mode === 'include') entry.search.mode = 'match'
    }),
  ),
  fault(
    'statement-of-a-client',
    'The statement is that of a client',
    'metadata',
    ['CORE-001'],
    rewritten<{ rest?: { mode: string }[] }>((statement) => {
      for (const rest of statement.rest ?? []) rest.mode = 'client'
      return statement
    }),
  ),
]

export const subtleRetrievalFaults: readonly Fault[] = [...pages, ...subtleExportFaults, ...data, ...answers]
