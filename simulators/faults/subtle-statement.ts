/** Offers that are right at a glance: one interaction, one parameter, one profile of a type that is missing, or does not work. */
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { declaring } from './offers.ts'
import { list, restated, types } from './retrieval-statement.ts'
import { deafTo, fault, misanswer, type Pack, rebundled, recast, rewritten, type Spoil } from './spoiling.ts'

/** Parameters of every type left out of the statement, though they work. */
const without = (drop: (name: string) => boolean): Spoil =>
  restated((statement) => {
    for (const type of types(statement))
      if (type.searchParam) type.searchParam = type.searchParam.filter(({ name }) => !drop(name))
  })

/** An interaction of every type left out of the statement, though it works. */
const withoutInteraction = (code: string): Spoil =>
  restated((statement) => {
    for (const type of types(statement))
      if (type.interaction) type.interaction = type.interaction.filter((one) => one.code !== code)
  })

/** Requirements that name a search by patient, by anything besides, and an interaction. */
const byPatient =
  list(`PDEX-380 PDEX-382 PDEX-384 PDEX-386 PDEX-389 PDEX-391 PDEX-393 PDEX-395 PDEX-397 PDEX-400 PDEX-402 PDEX-406
  PDEX-412 PDEX-414 PDEX-416 PDEX-426 PDEX-431 PDEX-435`)
const narrowed = list('PDEX-382 PDEX-384 PDEX-386 PDEX-393 PDEX-395 PDEX-397 PDEX-414 PDEX-416 PDEX-426 PDEX-435')
const read =
  list(`PDEX-380 PDEX-382 PDEX-384 PDEX-386 PDEX-389 PDEX-391 PDEX-393 PDEX-395 PDEX-397 PDEX-400 PDEX-402 PDEX-406
  PDEX-408 PDEX-410 PDEX-412 PDEX-414 PDEX-416 PDEX-418 PDEX-420 PDEX-422 PDEX-424 PDEX-426 PDEX-428 PDEX-433 PDEX-435 PDEX-437`)
const searched = read.filter((id) => !['PDEX-410', 'PDEX-428', 'PDEX-435', 'PDEX-437'].includes(id))

const neighbours = /^(Organization|Practitioner|PractitionerRole|Location)$/

/** What is asked for beside the patient. */
const narrowing = (url: URL): string[] =>
  [...url.searchParams.keys()].filter((name) => !name.startsWith('_') && !/^(patient|subject)/.test(name))

const found = (bundle: Pack, kept: NonNullable<Pack['entry']>): void => {
  bundle.total = kept.length
  if (kept.length > 0) bundle.entry = kept
  else delete bundle.entry
}

const declarations: readonly Fault[] = [
  fault(
    'metadata-takes-patient-for-granted',
    'The search by patient is declared for no type, and works',
    'metadata',
    byPatient,
    without((name) => name === 'patient'),
  ),
  fault(
    'metadata-declares-patient-alone',
    'What narrows a search by patient is declared for no type, and works',
    'metadata',
    narrowed,
    without((name) => name !== 'patient' && !name.startsWith('_')),
  ),
  fault('metadata-declares-no-reads', 'Types are declared without read', 'metadata', read, withoutInteraction('read')),
  fault(
    'metadata-declares-no-searches',
    'Types are declared without search-type',
    'metadata',
    searched,
    withoutInteraction('search-type'),
  ),
  fault(
    'metadata-points-at-web-pages',
    'Profiles are declared by the address of their page',
    'metadata',
    ['PDEX-327', 'PDEX-328', 'PDEX-379'],
    restated((statement) => {
      for (const type of types(statement))
        if (type.supportedProfile)
          type.supportedProfile = type.supportedProfile.map((url) =>
            url.replace(/\/StructureDefinition\/([^|]*).*$/, '/StructureDefinition-$1.html'),
          )
    }),
  ),
  fault(
    'screening-is-declared-elsewhere',
    'The profile of screening is declared for QuestionnaireResponse',
    'metadata',
    ['PDEX-379'],
    restated((statement) => {
      const isScreening = (url: string) => url.includes('screening-assessment')
      for (const type of types(statement)) {
        const profiles = type.supportedProfile ?? []
        if (type.type === 'Observation') type.supportedProfile = profiles.filter((url) => !isScreening(url))
        if (type.type === 'QuestionnaireResponse')
          type.supportedProfile = [
            ...profiles,
            'http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-screening-assessment',
          ]
      }
    }),
  ),
]

const rowsThatDoNotWork: readonly Fault[] = [
  fault(
    'neighbours-are-not-for-patients',
    'With the token of a patient nothing can be read that is not the patient’s own',
    'read',
    ['PDEX-003', 'PDEX-408', 'PDEX-418', 'PDEX-422', 'PDEX-424'],
    (honest) => (request, visit) =>
      neighbours.test(visit.params.type ?? '')
        ? outcome(403, 'forbidden', 'this belongs to no patient')
        : honest(request, visit),
  ),
  fault(
    'second-parameters-are-passed-over',
    'What is asked for beside the patient is passed over',
    'search',
    narrowed,
    (honest, state) => (request, visit) =>
      deafTo(...(visit.url.searchParams.has('patient') ? narrowing(visit.url) : []))(honest, state)(request, visit),
  ),
  fault(
    'combinations-find-nothing',
    'Who asks for more than the patient finds nothing',
    'search',
    narrowed,
    rebundled((bundle, { visit }) => {
      if (visit.url.searchParams.has('patient') && narrowing(visit.url).length > 0) found(bundle, [])
    }),
  ),
  fault(
    'ids-are-passed-over',
    'A search by _id finds everything',
    'search',
    list('PDEX-395 PDEX-397 PDEX-400 PDEX-431 PDEX-435 PDEX-437'),
    deafTo('_id'),
  ),
  fault(
    'reads-give-bundles',
    'A read gives a searchset of one',
    'read',
    read,
    rewritten<{ resourceType: string }>((resource) =>
      resource.resourceType === 'Bundle'
        ? resource
        : { resourceType: 'Bundle', type: 'searchset', total: 1, entry: [{ resource, search: { mode: 'match' } }] },
    ),
  ),
  fault(
    'unknown-ids-break-it',
    'A read of an id that never was is answered with 500',
    'read',
    ['PDEX-335', 'CORE-010', ...read.filter((id) => !['PDEX-410', 'PDEX-428', 'PDEX-433', 'PDEX-437'].includes(id))],
    misanswer(async (answer) => (answer.status === 404 ? recast(answer, await answer.text(), {}, 500) : answer)),
  ),
]

const oneKind: readonly Fault[] = [
  fault(
    'identifiers-know-no-system',
    'An identifier with its system is not found',
    'search',
    ['PDEX-420', 'PDEX-422'],
    rebundled((bundle, { visit }) => {
      if (visit.url.searchParams.get('identifier')?.includes('|')) found(bundle, [])
    }),
  ),
  fault(
    'birthdays-are-passed-over',
    'Patients are found whatever their birthday',
    'search',
    ['PDEX-420'],
    deafTo('birthdate'),
  ),
  fault(
    'provenance-cannot-be-read',
    'Provenance comes along, and cannot be read',
    'read',
    ['PDEX-003', 'PDEX-428'],
    (honest) => (request, visit) =>
      visit.params.type === 'Provenance' ? outcome(404, 'not-found', 'there is none') : honest(request, visit),
  ),
  fault(
    'groups-are-not-found-by-code',
    'Group is declared without its search by code',
    'all',
    ['PDEX-404'],
    declaring('Group', ['read', 'search-type'], ['identifier', 'characteristic']),
  ),
]

export const subtleStatementFaults: readonly Fault[] = [...declarations, ...rowsThatDoNotWork, ...oneKind]
