/** Ways to offer wrongly what a payer need not offer, or should: declared and not there, there and not as it is declared. */
import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'
import { bearerOf } from '../parts/oauth.ts'
import { fhir, outcome, type Visit } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import {
  anotherMember,
  fault,
  misanswer,
  rebundled,
  recast,
  recordsOf,
  reheaded,
  relined,
  rewritten,
  type Spoil,
  strayEntry,
  within,
} from './spoiling.ts'

type Code = NonNullable<CapabilityStatementRestResource['interaction']>[number]['code']

/** A type in the statement, as a server puts it that only half knows what belongs to it. */
const declaring = (type: string, interactions: readonly Code[], parameters: readonly string[] = []): Spoil =>
  within(
    /\/metadata$/,
    rewritten<CapabilityStatement>((statement) => {
      statement.rest?.[0]?.resource?.push({
        type: type as CapabilityStatementRestResource['type'],
        interaction: interactions.map((code) => ({ code })),
        searchParam: parameters.map((name) => ({ name, type: 'reference' as const })),
      })
      return statement
    }),
  )

const both =
  (one: Spoil, other: Spoil): Spoil =>
  (honest, state) =>
    one(other(honest, state), state)

/** Answers reads of that type with a made-up resource, and finds one when its neighbours are searched. */
const inventing = (type: 'Endpoint' | 'Questionnaire' | 'Group'): Spoil => {
  const made = (id: string, versionId: string) => ({ resourceType: type, id, meta: { versionId }, status: 'active' })
  return (honest, state) => async (request, visit) => {
    const found = new RegExp(`/${type}/([^/]+)(/_history(/.+)?)?$`).exec(visit.url.pathname)
    // The version that is asked for is never the one that comes.
    if (found)
      return visit.grant || request.headers.has('authorization')
        ? fhir(made(found[1] ?? '', `${found[3]?.slice(1) ?? ''}1`))
        : outcome(401, 'login', 'no token')
    const spoil = rebundled((bundle) => {
      const resource = made(`a-${type.toLowerCase()}`, '1') as never
      if (bundle.entry?.length) bundle.entry.push(strayEntry(state, resource, 'include'))
    })
    return spoil(honest, state)(request, visit)
  }
}

const halfOffered: readonly Fault[] = [
  fault(
    'consents-are-declared-alone',
    'Consent is declared, and no search of it',
    'all',
    ['PDEX-388'],
    declaring('Consent', ['read']),
  ),
  fault(
    'consents-are-not-found',
    'Consent is declared with its search by patient, which does not work',
    'all',
    ['PDEX-353', 'PDEX-388'],
    both(
      declaring('Consent', ['read', 'search-type'], ['patient']),
      within(/\/Consent(\/_search)?$/, () => () => outcome(501, 'not-supported', 'not yet')),
    ),
  ),
  fault(
    'groups-are-declared-alone',
    'Group is declared, and none of its searches',
    'all',
    ['PDEX-404'],
    declaring('Group', ['read', 'search-type']),
  ),
  fault(
    'endpoints-have-one-version',
    'Whichever version of an Endpoint is asked for, the last one comes',
    'all',
    ['PDEX-399'],
    both(declaring('Endpoint', ['read', 'vread']), inventing('Endpoint')),
  ),
  fault(
    'questionnaires-have-one-version',
    'Whichever version of a Questionnaire is asked for, the last one comes',
    'all',
    ['PDEX-430'],
    both(declaring('Questionnaire', ['read', 'vread']), inventing('Questionnaire')),
  ),
  fault(
    'groups-have-one-version',
    'Whichever version of a Group is asked for, the last one comes',
    'all',
    ['PDEX-405'],
    both(
      declaring('Group', ['read', 'search-type', 'vread'], ['identifier', 'characteristic', 'code']),
      inventing('Group'),
    ),
  ),
  fault(
    'batches-are-declared',
    'Transactions and batches are declared, and not there',
    'metadata',
    ['PDEX-341'],
    rewritten<CapabilityStatement>((statement) => {
      const [rest] = statement.rest ?? []
      if (rest) rest.interaction = [{ code: 'transaction' }, { code: 'batch' }]
      return statement
    }),
  ),
  fault(
    'expansion-breaks',
    'ValueSet/$expand is declared, and breaks',
    'all',
    ['PDEX-343'],
    both(
      within(
        /\/metadata$/,
        rewritten<CapabilityStatement>((statement) => {
          statement.rest?.[0]?.resource?.push({
            type: 'ValueSet',
            operation: [{ name: 'expand', definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand' }],
          })
          return statement
        }),
      ),
      within(/\$expand$/, () => () => outcome(500, 'exception', 'the terminology server is away')),
    ),
  ),
]

const conditional: readonly Fault[] = [
  fault(
    'conditional-reads-fail',
    'A read that is only wanted if something changed is refused',
    'read',
    ['CORE-012'],
    (honest) => (request, visit) =>
      request.headers.has('if-none-match') || request.headers.has('if-modified-since')
        ? outcome(412, 'conflict', 'conditions are for writing')
        : honest(request, visit),
  ),
  fault(
    'the-version-of-fhir-is-too-much',
    'A media type with a version of FHIR is not understood',
    'all',
    ['CORE-005'],
    (honest) => (request, visit) =>
      /fhirVersion/i.test(request.headers.get('accept') ?? '')
        ? outcome(406, 'not-supported', 'no parameters, please')
        : honest(request, visit),
  ),
  fault(
    'versions-are-dates',
    'Versions are named by words that nobody can ask for',
    'all',
    ['PDEX-033'],
    misanswer(async (answer) =>
      answer.status === 200 && /fhir\+(nd)?json/.test(answer.headers.get('content-type') ?? '')
        ? recast(answer, (await answer.text()).replace(/"versionId":"(\w+)"/g, '"versionId":"version $1"'))
        : answer,
    ),
  ),
  fault('xml-comes-as-json', 'Whoever asks for XML gets JSON', 'read', ['PDEX-331'], (honest) => (request, visit) => {
    const headers = new Headers(request.headers)
    if (/xml/.test(headers.get('accept') ?? '')) headers.set('accept', 'application/fhir+json')
    return honest(new Request(request, { headers }), visit)
  }),
  fault(
    'summaries-look-whole',
    'A summary does not say that it is one',
    'all',
    ['CORE-052'],
    misanswer(async (answer, { visit }) =>
      /[?&](_summary|_elements)=/.test(visit.url.search) && answer.status === 200
        ? recast(answer, (await answer.text()).replace(/,?"tag":\[\{[^\]]*SUBSETTED[^\]]*\]/g, ''))
        : answer,
    ),
  ),
  fault(
    'the-match-goes-by-get',
    'The match is performed by GET as well',
    'all',
    ['CORE-055'],
    (honest) => (request, visit) =>
      request.method === 'GET' && visit.url.pathname.endsWith('/$member-match')
        ? fhir({ resourceType: 'Parameters' })
        : honest(request, visit),
  ),
  fault(
    'some-types-know-no-provenance',
    'A search with its Provenance is refused for some types',
    'search',
    ['PDEX-377'],
    (honest) => (request, visit) =>
      visit.params.type === 'CareTeam' && visit.url.searchParams.has('_revinclude')
        ? outcome(400, 'not-supported', 'no _revinclude here')
        : honest(request, visit),
  ),
  fault(
    'docref-wants-dates',
    '$docref finds nothing unless it is given dates',
    'all',
    ['PDEX-367'],
    within(
      /\$docref$/,
      rebundled((bundle, { visit }) => {
        if (!visit.url.searchParams.has('start')) delete bundle.entry
      }),
    ),
  ),
]

/** Payers whose latest export was asked for with a list of patients: rows share nothing but the state. */
const naming = new WeakSet<PayerState>()

/** Who was last answered well about an export, by its path. */
const owners = new WeakMap<PayerState, Map<string, { authorization: string; certificate: Visit['certificate'] }>>()
const ownersOf = (state: PayerState) => {
  const known = owners.get(state) ?? new Map()
  owners.set(state, known)
  return known
}

const exports: readonly Fault[] = [
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
    relined((lines) =>
      lines.map((line) =>
        JSON.parse(
          JSON.stringify(line).replace(
            /"reference":"Practitioner\/[^"]*"/g,
            '"reference":"urn:uuid:8f14e45f-ceea-467f-a5d1-5b9a3c2e0f11"',
          ),
        ),
      ),
    ),
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
      const asOwner = new Request(request, {
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
          return honest(new Request(request, { body: asked }), visit)
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

export const unsoundOffers: readonly Fault[] = [...halfOffered, ...conditional, ...exports]
