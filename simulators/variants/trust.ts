/** Legal choices of a trust manager: how it endorses, when it looks, and how it tells what is on main and who was revoked. */

import { serialNumber } from '../../certs/keys.ts'
import { altered } from '../asked.ts'
import { recast } from '../faults/spoiling.ts'
import { operator } from '../guards/operator.ts'
import { verifySubmission } from '../parts/trust-submissions.ts'
import { outcome } from '../simulator.ts'
import type { TrustManagerState } from '../state/trust-manager-state.ts'
import type { TrustRow, Variant } from './variant.ts'
import { forOneYear } from './yearly-endorsement.ts'

const rows = {
  submit: 'POST /tm/submissions',
  verify: 'POST /tm/submissions/:id/verify',
  endorse: 'POST /tm/submissions/:id/endorse',
  certificate: 'GET /tm/certificate',
  revoke: 'POST /tm/members/:id/revoke',
  list: 'GET /tm/crl',
  put: 'PUT /repo/branches/:branch/bundles/:file',
  approve: 'POST /repo/merge-requests/:id/approve',
  reject: 'POST /repo/merge-requests/:id/reject',
  main: 'GET /repo/main/bundles',
} as const

const applying = ['PDEX-081', 'PDEX-082', 'PDEX-083', 'PDEX-084', 'NDH-019', 'NDH-020']
const endorsing = ['PDEX-081', 'PDEX-085', 'PDEX-086', 'PDEX-087', 'NDH-010', 'NDH-021', 'NDH-022', 'NDH-023']
const publishing = ['PDEX-087', 'PDEX-090', 'PDEX-091', 'PDEX-092', 'PDEX-093', 'NDH-001', 'NDH-022', 'NDH-024']
const ending = ['PDEX-092', 'NDH-023', 'NDH-024']

const endorsement = 'PDex trust framework, step 4: how a certificate is signed is left open'
const verification = 'PDex trust framework, step 3: when and in which words is left open'
const repository = 'PDex trust framework: the repository is a public git repository, no API is defined'
const http = 'RFC 9110'

type Wrap = TrustRow['wrap']

const row = (name: keyof typeof rows, wrap: Wrap): TrustRow => ({ route: rows[name], wrap })

/** The answer of a row made another that is as good. */
const answer = (
  name: keyof typeof rows,
  change: (answer: Response, state: TrustManagerState, id: string) => Response | Promise<Response>,
): TrustRow =>
  row(
    name,
    (honest, state) => async (request, visit) => change(await honest(request, visit), state, visit.params.id ?? ''),
  )

/** A good JSON answer of a row, changed. */
const told = (name: keyof typeof rows, change: (body: Record<string, unknown>) => object): TrustRow =>
  answer(name, async (good) =>
    good.status < 300 ? recast(good, JSON.stringify(change((await good.json()) as Record<string, unknown>))) : good,
  )

/** A refusal by that status told with another one of the same class. */
const refusedWith = (name: keyof typeof rows, status: number, from: readonly number[]): TrustRow =>
  answer(name, async (good) => (from.includes(good.status) ? recast(good, await good.text(), {}, status) : good))

/** Unless the request names a form, the manager signs around the certificate. */
const aroundUnlessAsked: Wrap = (honest) => async (request, visit) => {
  const asked = ((await request
    .clone()
    .json()
    .catch(() => undefined)) ?? {}) as { form?: unknown }
  return honest(altered(request, { body: JSON.stringify({ form: 'detached', ...asked }) }), visit)
}

/** Looks at an application when it comes in, and turns a wrong one away at once. */
const atTheDoor: readonly TrustRow[] = [
  row('submit', (honest, state) => async (request, visit) => {
    const taken = await honest(request, visit)
    if (taken.status !== 201) return taken
    const { id } = (await taken.clone().json()) as { id: string }
    const verified = await verifySubmission(state)(request, { ...visit, params: { id } })
    return verified.status === 200 ? recast(taken, await verified.text()) : verified
  }),
  row('verify', (honest, state) => async (request, visit) => {
    const found = state.submissions.get(visit.params.id ?? '')
    if (found?.status !== 'verified') return honest(request, visit)
    return (
      (await operator(state)(request, visit)) ??
      Response.json({ id: found.id, organization: found.organization, status: found.status })
    )
  }),
]

/** Tells a review that found something wrong as done, with its outcome: rejected. */
const rejectedAsDone: Wrap = (honest, state) => async (request, visit) => {
  const good = await honest(request, visit)
  const found = state.mergeRequests.get(visit.params.id ?? '')
  if (good.status !== 422 || !found) return good
  const reason = 'the review found something wrong'
  const review: unknown = await good.json()
  return Response.json({ ...state.mergeRequests.move(found, 'reject', { reason }), review })
}

/** Bundles on main with their JSON members in another order, and those that came last first. */
const reordered = (body: Record<string, unknown>): object => {
  const bundles = (body.bundles ?? []) as { bundle: unknown }[]
  return { bundles: bundles.map(({ bundle }) => ({ bundle: sorted(bundle) })).toReversed(), count: bundles.length }
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  )
}

/** Two that nobody asks about are on the list from the beginning. */
const othersFirst: Wrap = (honest, { manager, clock }) => {
  const at = clock.now()
  for (const reason of ['keyCompromise', 'superseded'] as const)
    manager.revoked.revoke({ serial: serialNumber(), at, reason })
  return honest
}

const variant = (
  id: string,
  title: string,
  source: string,
  touches: readonly string[],
  ...trust: readonly TrustRow[]
): Variant => ({ id, title, source, touches, trust })

export const trustVariants: readonly Variant[] = [
  variant(
    'endorses-around-the-certificate',
    'The trust manager signs around a certificate as it is, unless a new one is asked for',
    endorsement,
    [...endorsing, ...ending],
    row('endorse', aroundUnlessAsked),
  ),
  variant(
    'endorses-for-a-year',
    'The trust manager certifies a key for a year, under a name of its own for the member',
    endorsement,
    [...endorsing, ...publishing, ...ending],
    row('endorse', forOneYear),
  ),
  variant(
    'endorses-in-crlf',
    'Certificates come in PEM with the line endings of Windows',
    'RFC 7468 section 2: line endings are CRLF, CR or LF',
    endorsing,
    told('endorse', (body) => ({
      ...body,
      signedCertificate: String(body.signedCertificate).replaceAll('\n', '\r\n'),
      trustManagerCertificate: String(body.trustManagerCertificate).replaceAll('\n', '\r\n'),
    })),
    answer('certificate', async (good) => recast(good, (await good.text()).replaceAll('\n', '\r\n'))),
  ),
  variant(
    'endorses-with-its-chain',
    "The manager's certificate comes with those above it",
    endorsement,
    endorsing,
    answer('endorse', async (good, { manager, trusted }) => {
      if (good.status >= 300) return good
      const body = (await good.json()) as object
      const chain = [manager.authority.pem.trim(), ...trusted.map((pem) => pem.trim())].join('\n')
      return recast(good, JSON.stringify({ ...body, trustManagerCertificate: `${chain}\n` }))
    }),
  ),
  variant(
    'answers-with-more',
    'The desk and the repository tell more than was asked for',
    repository,
    [...applying, ...endorsing, ...publishing, ...ending],
    ...(['submit', 'verify', 'endorse', 'revoke', 'put', 'approve', 'main'] as const).map((name) =>
      told(name, (body) => ({ '@context': 'https://trust-exchange.example/desk', ...body, links: { self: '/desk' } })),
    ),
  ),
  variant(
    'verifies-at-the-door',
    'An application is verified when it comes in, and a wrong one never gets an id',
    verification,
    [...applying, ...endorsing],
    ...atTheDoor,
  ),
  variant(
    'refuses-applications-with-400',
    'A wrong application is refused with 400',
    verification,
    applying,
    refusedWith('verify', 400, [422]),
  ),
  variant(
    'desk-is-hidden',
    'Whoever is not of the trust manager does not learn that there is a desk',
    `${http} section 15.5.5: 404 instead of 403 hides what is there`,
    ['PDEX-081', 'PDEX-091', 'NDH-022'],
    ...(['endorse', 'verify', 'approve', 'reject'] as const).map((name) =>
      answer(name, (good) =>
        good.status === 401 || good.status === 403 ? outcome(404, 'not-found', 'there is nothing here') : good,
      ),
    ),
  ),
  variant(
    'main-takes-no-bundles',
    'A bundle for main is refused with 405',
    repository,
    ['PDEX-090', 'PDEX-091', 'NDH-022'],
    refusedWith('put', 405, [403]),
  ),
  variant(
    'review-refuses-with-409',
    'A bundle that must not be merged is refused with 409',
    repository,
    publishing,
    refusedWith('approve', 409, [422]),
  ),
  variant(
    'review-tells-what-it-decided',
    'A review that finds something wrong is told as done: rejected',
    repository,
    publishing,
    row('approve', rejectedAsDone),
  ),
  variant(
    'main-in-another-order',
    'Bundles on main are written with their members in another order, the last one first',
    `${repository}; RFC 8259 section 4: the order of members carries no meaning`,
    [...publishing, ...ending],
    told('main', reordered),
  ),
  variant(
    'main-without-etag',
    'Main says nothing of its revision and is always told in full',
    `${http} section 8.8.3: validators are optional`,
    [...publishing, ...ending],
    row('main', (honest) => async (request, visit) => {
      const headers = new Headers([...request.headers])
      headers.delete('if-none-match')
      const good = await honest(altered(request, { headers }), visit)
      return recast(good, await good.text(), { etag: null })
    }),
  ),
  variant(
    'main-with-weak-etag',
    'The revision of main is a weak validator',
    `${http} section 8.8.1`,
    [...publishing, ...ending],
    row('main', (honest) => async (request, visit) => {
      const headers = new Headers([...request.headers])
      const known = headers.get('if-none-match')
      if (known) headers.set('if-none-match', known.replaceAll('W/', ''))
      const good = await honest(altered(request, { headers }), visit)
      const body = good.status === 304 ? null : await good.text()
      return recast(good, body, { etag: `W/${good.headers.get('etag')}` })
    }),
  ),
  variant(
    'list-with-others',
    'Others were revoked before, and are on the list as well',
    'RFC 5280 section 5.1.2.6',
    ending,
    row('list', othersFirst),
  ),
  variant(
    'list-in-der',
    'The list of the revoked comes in DER, whatever is asked for',
    'RFC 5280 section 4.2.1.13: what is fetched by HTTP is one DER encoded list',
    ending,
    row('list', (honest) => async (request, visit) => {
      const headers = new Headers([...request.headers])
      headers.set('accept', 'application/pkix-crl')
      return honest(altered(request, { headers }), visit)
    }),
  ),
]
