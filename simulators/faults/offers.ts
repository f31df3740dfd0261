/** Ways to offer wrongly what a payer need not offer, or should: declared and not there, there and not as it is declared. */

import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js'
import { altered } from '../asked.ts'
import { fhir, outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { unsoundExportOffers } from './offers-of-exports.ts'
import { fault, misanswer, rebundled, recast, rewritten, type Spoil, strayEntry, within } from './spoiling.ts'

type Code = NonNullable<CapabilityStatementRestResource['interaction']>[number]['code']

/** A type in the statement, as a server puts it that only half knows what belongs to it. */
export const declaring = (type: string, interactions: readonly Code[], parameters: readonly string[] = []): Spoil =>
  within(
    /\/metadata$/,
    rewritten<CapabilityStatement>((statement) => {
      const rest = statement.rest?.[0]
      if (!rest) return statement
      const declared: CapabilityStatementRestResource = {
        type: type as CapabilityStatementRestResource['type'],
        interaction: interactions.map((code) => ({ code })),
        searchParam: parameters.map((name) => ({ name, type: 'reference' as const })),
      }
      rest.resource = [...(rest.resource ?? []).filter((one) => one.type !== type), declared]
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
    const headers = new Headers([...request.headers])
    if (/xml/.test(headers.get('accept') ?? '')) headers.set('accept', 'application/fhir+json')
    return honest(altered(request, { headers }), visit)
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

export const unsoundOffers: readonly Fault[] = [...halfOffered, ...conditional, ...unsoundExportOffers]
