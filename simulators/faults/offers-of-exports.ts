/** Ways to offer an export more than the standard asks, and to offer it wrongly (Bulk Data 2.0 optional parameters, X-Progress). */
import type { FhirResource } from '../../harness/person.ts'
import { altered } from '../asked.ts'
import { bearerOf } from '../parts/oauth.ts'
import { outcome, type Visit } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import {
  anotherMember,
  fault,
  misanswer,
  recast,
  recordsOf,
  reheaded,
  relined,
  rephrased,
  rewritten,
  within,
} from './spoiling.ts'

/** Payers whose latest export was asked for with a list of patients: rows share nothing but the state. */
const naming = new WeakSet<PayerState>()

/** Who was last answered well about an export, by its path. */
const owners = new WeakMap<PayerState, Map<string, { authorization: string; certificate: Visit['certificate'] }>>()
const ownersOf = (state: PayerState) => {
  const known = owners.get(state) ?? new Map()
  owners.set(state, known)
  return known
}

export const unsoundExportOffers: readonly Fault[] = [
  fault(
    'kick-off-by-post-alone',
    'An export can be started by POST and not by GET',
    'kickOff',
    ['BULK-011'],
    () => () => outcome(405, 'not-supported', 'POST it'),
  ),
  fault(
    'post-begins-at-once',
    'An export that is started by POST is answered 200',
    'all',
    ['BULK-012'],
    misanswer(async (answer, { request, visit }) =>
      request.method === 'POST' && visit.url.pathname.endsWith('/$export') && answer.status === 202
        ? recast(answer, (await answer.text()) || null, {}, 200)
        : answer,
    ),
  ),
  fault(
    'files-point-by-uuid',
    'References in a file are UUIDs that lead nowhere',
    'file',
    ['BULK-021'],
    rephrased(/"reference":"Practitioner\/[^"]*"/g, '"reference":"urn:uuid:8f14e45f-ceea-467f-a5d1-5b9a3c2e0f11"'),
  ),
  fault(
    'progress-is-a-story',
    'X-Progress tells a long story',
    'status',
    ['BULK-051'],
    reheaded(202, { 'x-progress': 'one more table to go '.repeat(8).trim() }),
  ),
  fault(
    'extension-is-a-list',
    'The extension of a manifest is a list',
    'status',
    ['BULK-081'],
    rewritten<{ extension?: unknown }>((manifest) => ({
      ...manifest,
      extension: [{ url: 'urn:x', valueString: 'y' }],
    })),
  ),
  fault(
    'steps-go-without-tls',
    'The manifest sends the client over plain HTTP for its files',
    'status',
    ['BULK-001'],
    rewritten<{ output?: { url: string }[] }>((manifest) => {
      for (const item of manifest.output ?? []) item.url = item.url.replace(/^https:/, 'http:')
      return manifest
    }),
  ),
  fault(
    'deletions-name-what-is-there',
    'What a file holds is listed as deleted as well',
    'file',
    ['BULK-078'],
    (honest) => {
      let given: FhirResource | undefined
      return relined((lines) => {
        const [first] = lines
        if (first?.resourceType !== 'Bundle') {
          given ??= first
          return lines
        }
        const url = given && `${given.resourceType}/${given.id}`
        return url ? [...lines, { ...first, entry: [{ request: { method: 'DELETE', url } }] }] : lines
      })(honest, undefined as never)
    },
  ),
  fault(
    'exports-are-for-every-client',
    'Whoever has a token may see the export of another client',
    'all',
    ['BULK-004'],
    within(/\/_export\//, (honest, state) => async (request, visit) => {
      const answer = await honest(request, visit)
      const [job = ''] = /_export\/[^/]+/.exec(visit.url.pathname) ?? []
      const owners = ownersOf(state)
      const authorization = request.headers.get('authorization')
      if (answer.status < 300 && authorization) owners.set(job, { authorization, certificate: visit.certificate })
      const owner = owners.get(job)
      if (answer.status < 400 || !owner || !authorization || request.method !== 'GET') return answer
      const { grant: _, certificate: __, ...stranger } = visit
      const asOwner = altered(request, {
        headers: { ...Object.fromEntries(request.headers), authorization: owner.authorization },
      })
      return honest(asOwner, { ...stranger, ...(owner.certificate ? { certificate: owner.certificate } : {}) })
    }),
  ),
  fault(
    'the-list-outranks-the-token',
    'An export gives the data of whomever the list of patients names',
    'all',
    ['BULK-036'],
    (honest, state) => {
      const others = relined((lines, { visit }) => {
        const [first] = lines
        return first ? [...lines, ...recordsOf(state, anotherMember(state, visit), first.resourceType)] : lines
      })
      return async (request, visit) => {
        if (request.method === 'POST' && visit.url.pathname.endsWith('/$export')) {
          const body = (await request.clone().json()) as { parameter?: { name: string }[] }
          const own = (body.parameter ?? []).filter(({ name }) => name !== 'patient')
          const named = own.length < (body.parameter ?? []).length
          named ? naming.add(state) : naming.delete(state)
          const grant = state.tokens.find(bearerOf(request) ?? '')?.grant
          if (!named) return honest(request, visit)
          const patient = { name: 'patient', valueReference: { reference: `Patient/${grant?.patientId ?? 'own'}` } }
          const asked = JSON.stringify({ ...body, parameter: grant ? [...own, patient] : own })
          return honest(altered(request, { body: asked }), visit)
        }
        return (
          naming.has(state) && /\/_export\/[^/]+\/[^/]+$/.test(visit.url.pathname) ? others(honest, state) : honest
        )(request, visit)
      }
    },
  ),
  fault(
    'new-parameters-break-it',
    'A parameter of a later edition breaks the export',
    'kickOff',
    ['BULK-041'],
    (honest) => (request, visit) =>
      /[?&](_until|organizeOutputBy|allowPartialManifests)=/.test(visit.url.search)
        ? outcome(500, 'exception', 'something broke')
        : honest(request, visit),
  ),
]
