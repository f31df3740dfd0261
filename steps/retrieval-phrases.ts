/** The phrases of the sentences of retrieval: what is asked for, in which way, and what is judged of the answers. */

import { readMetadata } from '../flows/discover.ts'
import { type EverythingManner, fetchEverything } from '../flows/everything.ts'
import { kickOffExport } from '../flows/export.ts'
import { fetchDocuments } from '../flows/fetch-documents.ts'
import { followNext } from '../flows/follow-pages.ts'
import { inTurn } from '../flows/in-turn.ts'
import {
  fetchDocref,
  postText,
  readAllOf,
  readEachType,
  readFirstVersion,
  readInEveryFormat,
  tryGet,
} from '../flows/odd-requests.ts'
import { readHistory, readIfChanged, readOneOf, readResource, readUnknown, readVersion } from '../flows/read.ts'
import { retrievalMethods, retrieve } from '../flows/retrieve.ts'
import { type SearchManner, searchEverythingOfTheTable, searchType } from '../flows/search.ts'
import { tryDates, tryReferences, tryStrings, tryTokens } from '../flows/try-searches.ts'
import { trySystem } from '../flows/try-system.ts'
import { at, type Resource } from '../guides/core/received.ts'
import { seedOf } from '../guides/core/search-answers.ts'
import { hidden } from '../guides/pdex/holdings.ts'
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { FhirResource } from '../harness/person.ts'
import type { Scene } from '../harness/scene.ts'

/** What is done with a payer in this scenario. */
export type Act = (payer: Actor, scene: Scene, requester: Actor) => Flow<unknown>
export type Acts = Readonly<Record<string, Act>>

const seed = (resource: FhirResource, name: string): string | undefined => seedOf(resource as unknown as Resource, name)

/** Somebody else whom the payer insures. */
export const otherId = ({ bystander }: Scene): string => {
  if (!bystander?.patientId) throw new HarnessError('cannot-set-up', 'nobody knows the id of another member')
  return bystander.patientId
}

/** What the other member goes by, where it is known. */
const identifiersOf = ({ bystander }: Scene): readonly string[] => {
  const { memberIdentifier } = bystander ?? {}
  return memberIdentifier ? [`${memberIdentifier.system}|${memberIdentifier.value}`] : []
}

export const mistake = (name: string): { readonly intent: { readonly mistake: string } } => ({
  intent: { mistake: name },
})

/** Each of the three ways, or all of them. */
export const ways: Acts = {
  search: (payer, { editions }) => retrieve(payer, 'search', editions),
  $everything: (payer, { editions }) => retrieve(payer, '$everything', editions),
  export: (payer, { editions }) => retrieve(payer, 'export', editions),
  'every method': (payer, { editions }) =>
    inTurn('retrieve by every method', ...retrievalMethods.map((method) => retrieve(payer, method, editions))),
}

const personal = ['Condition', 'Observation', 'Coverage', 'ExplanationOfBenefit', 'DocumentReference'] as const
const each = (types: readonly string[], flow: (type: string) => Flow<unknown>): Flow<void> =>
  inTurn('each type', ...types.map(flow))
const searched = (payer: Actor, type: string, manner: SearchManner): Flow<unknown> => searchType(payer, type, manner)

export const searches: Acts = {
  'every type with its Provenance': (payer, { editions }) => searchEverythingOfTheTable(payer, editions),
  'devices by type': (payer) =>
    inTurn('devices', searchType(payer, 'Device'), tryTokens(payer, 'Device', 'type', seed)),
  'without naming a patient': (payer) => each(personal, (type) => searched(payer, type, { unrestricted: true })),
  'Observations by GET and by POST': (payer) =>
    inTurn('both', searchType(payer, 'Observation'), searchType(payer, 'Observation', { post: true })),
  'Observations and Conditions in small pages': (payer) =>
    inTurn(
      'pages',
      searchType(payer, 'Observation'),
      searchType(payer, 'Observation', { params: { _count: '3' } }),
      searchType(payer, 'Condition', { provenance: true }),
      searchType(payer, 'Condition', { provenance: true, params: { _count: '2' } }),
    ),
  'by dates in every form': (payer) =>
    inTurn(
      'dates',
      tryDates(payer, 'Observation', 'date', seed),
      tryDates(payer, 'ExplanationOfBenefit', 'service-date', seed),
      tryDates(payer, 'Procedure', 'date', seed),
      tryDates(payer, 'Encounter', '_lastUpdated', seed),
    ),
  'by codes in every form': (payer) =>
    inTurn('codes', tryTokens(payer, 'Observation', 'code', seed), tryTokens(payer, 'Condition', 'code', seed)),
  'by each form of a reference': (payer) =>
    each(['Condition', 'Observation', 'Coverage'], (type) => tryReferences(payer, type)),
  'by names in every form': (payer) =>
    inTurn(
      'names',
      searchType(payer, 'Patient'),
      tryStrings(payer, 'Patient', 'family', seed),
      tryStrings(payer, 'Patient', 'given', seed),
    ),
  'what claims point at': (payer) =>
    inTurn(
      'claims',
      readMetadata(payer),
      searchType(payer, 'ExplanationOfBenefit', {
        params: [
          ['_include', 'ExplanationOfBenefit:*'],
          ['_include:iterate', 'Coverage:payor'],
        ],
      }),
      readAllOf(payer, ['Coverage', 'Organization', 'Practitioner', 'Patient']),
    ),
  'the medications of prescriptions': (payer) =>
    inTurn(
      'medications',
      readMetadata(payer),
      searchType(payer, 'MedicationRequest', { params: { _include: 'MedicationRequest:medication' } }),
      searchType(payer, 'MedicationDispense', { params: { _include: 'MedicationDispense:medication' } }),
      readAllOf(payer, ['Medication']),
    ),
  'by a parameter that nobody knows': (payer) =>
    inTurn(
      'unknown',
      searchType(payer, 'Condition', {
        params: { colour: 'red' },
        intent: { mistake: 'unknown-parameter', parameter: 'colour' },
      }),
      searchType(payer, 'Condition', {
        params: { colour: 'red' },
        prefer: 'handling=strict',
        intent: { mistake: 'unknown-parameter', parameter: 'colour' },
      }),
    ),
  'by values that cannot be read': (payer) =>
    inTurn(
      'unreadable',
      searchType(payer, 'Patient', { params: { birthdate: 'notadate' }, ...mistake('bad-value') }),
      searchType(payer, 'Observation', { params: { date: 'ge2024-13-77' }, ...mistake('bad-value') }),
      searchType(payer, 'Condition', { params: { _lastUpdated: 'yesterday' }, ...mistake('bad-value') }),
    ),
  'by values that nothing has': (payer) =>
    inTurn(
      'unmatched',
      searchType(payer, 'Condition', { params: { code: 'nothing-has-this' }, ...mistake('unmatched-value') }),
      searchType(payer, 'Patient', { params: { _id: 'nobody-has-this' }, ...mistake('unmatched-value') }),
      searchType(payer, 'Observation', { params: { date: 'lt1850-01-01T00:00:00Z' }, ...mistake('unmatched-value') }),
    ),
  'a type that nobody knows': (payer) =>
    searchType(payer, 'NoSuchType', { unrestricted: true, ...mistake('unknown-type') }),
  'for summaries and elements': (payer) =>
    inTurn(
      'subsets',
      searchType(payer, 'Condition', { params: { _summary: 'true' } }),
      searchType(payer, 'Observation', { params: { _elements: 'code,status' } }),
    ),
  'claims by date, update and type': (payer) =>
    inTurn(
      'claims',
      readMetadata(payer),
      searchType(payer, 'ExplanationOfBenefit'),
      searchType(payer, 'ExplanationOfBenefit', { params: { 'service-date': 'ge2024-06-01T00:00:00Z' } }),
      searchType(payer, 'ExplanationOfBenefit', { params: { _lastUpdated: 'ge2025-01-01T00:00:00Z' } }),
      searchType(payer, 'ExplanationOfBenefit', { params: { type: 'pharmacy' } }),
      searchType(payer, 'ExplanationOfBenefit', { params: { use: 'preauthorization' } }),
      searchType(payer, 'MedicationDispense'),
      searchType(payer, 'MedicationDispense', { params: { status: 'completed' } }),
    ),
  'claims in small pages': (payer) => searchType(payer, 'ExplanationOfBenefit', { params: { _count: '5' } }),
  'the data of another member': (payer, scene) =>
    inTurn(
      'another member',
      ...[false, true].map((post) =>
        each([...personal, 'Patient'], (type) =>
          searched(payer, type, {
            params: [[type === 'Patient' ? '_id' : 'patient', otherId(scene)]],
            post,
            ...mistake('foreign'),
          }),
        ),
      ),
      ...identifiersOf(scene).map((identifier) =>
        searched(payer, 'Patient', { params: { identifier }, ...mistake('foreign') }),
      ),
    ),
  'by every method after the consent has ended': (payer) =>
    inTurn(
      'ended',
      searchType(payer, 'Condition', mistake('consent-ended')),
      fetchEverything(payer, mistake('consent-ended')),
      kickOffExport(payer, mistake('consent-ended')),
    ),
  'the first of several pages': (payer) =>
    searchType(payer, 'Observation', { params: { _count: '3' }, firstPage: true }),
  'the page after it, when the consent has ended': (payer) => followNext(payer, mistake('consent-ended')),
  'without a token': (payer) =>
    each(['Condition', 'Patient'], (type) => searched(payer, type, { token: null, ...mistake('no-token') })),
  'with text for a body': (payer) => postText(payer, 'Condition'),
  'documents by $docref': (payer) => inTurn('docref', searchType(payer, 'DocumentReference'), fetchDocref(payer)),
  'documents of another member by $docref': (payer, scene) =>
    inTurn('docref', searchType(payer, 'DocumentReference'), fetchDocref(payer), fetchDocref(payer, otherId(scene))),
}

const everything =
  (manner: EverythingManner) =>
  (payer: Actor): Flow<unknown> =>
    inTurn('everything', fetchEverything(payer), fetchEverything(payer, manner))

const some = { _type: 'Patient,Condition,Observation', _count: '20' }

/** One that is to be refused, after a page of a plain one: it is not refused because nothing is given to anybody. */
const refusable =
  (manner: EverythingManner) =>
  (payer: Actor): Flow<unknown> =>
    inTurn('everything', fetchEverything(payer, { firstPage: true }), fetchEverything(payer, manner))

/** Each after a plain one, to compare with. */
export const everythingManners: Acts = {
  'of some types': everything({ params: { _type: 'Patient,Condition,Observation' } }),
  'that changed lately': (payer, { now }) => everything({ params: { _since: yearsBefore(now, 2) } })(payer),
  'of care in some years': (payer, { now }) =>
    everything({ params: { start: dayBefore(now, 4), end: dayBefore(now, 1) } })(payer),
  'in pages of ten': everything({ params: { _count: '10' } }),
  // With parameters, so that whoever does not read a posted body is found out; in pages, so that they must be followed.
  'by POST': (payer) =>
    inTurn(
      'everything',
      fetchEverything(payer, { params: some }),
      fetchEverything(payer, { params: some, post: true }),
    ),
  'of a type that nobody knows': refusable({ params: { _type: 'NoSuchType' }, ...mistake('unknown-type') }),
  'since a time that is none': refusable({ params: { _since: 'yesterday' }, ...mistake('bad-value') }),
  'from a day that is none': refusable({ params: { start: '2024-13-77' }, ...mistake('bad-value') }),
  'of nobody': refusable({ patientId: 'nobody-has-this', ...mistake('unknown-id') }),
  'without a token': refusable({ token: null, ...mistake('no-token') }),
  'of another member': (payer, scene) => refusable({ patientId: otherId(scene), ...mistake('foreign') })(payer),
}

export const yearsBefore = (now: string, years: number): string => {
  const date = new Date(now)
  date.setUTCFullYear(date.getUTCFullYear() - years)
  return date.toISOString()
}

const dayBefore = (now: string, years: number): string => yearsBefore(now, years).slice(0, 10)

/** Where the content of the documents among these is. */
const documentsOf = (record: readonly FhirResource[]): string[] =>
  record.flatMap((resource) =>
    at(resource, 'content.attachment.url').flatMap((url) => /Binary\/[A-Za-z0-9.-]+$/.exec(String(url))?.[0] ?? []),
  )

/** The first record that this client may not see, of the member. */
const withheldKey = (scene: Scene): string => {
  const [key] = hidden(scene).keys()
  if (key === undefined) throw new HarnessError('cannot-set-up', 'nobody knows of a record that is kept back')
  return key
}

export const readings: Acts = {
  'the CapabilityStatement': (payer) => readMetadata(payer),
  'one of each type again': (payer) => readEachType(payer, (type) => readOneOf(payer, type)),
  'ids that nobody gave out': (payer) =>
    inTurn(
      'unknown',
      readOneOf(payer, 'Patient'),
      each(['Patient', 'Condition', 'Observation'], (type) =>
        inTurn('', readOneOf(payer, type), readUnknown(payer, type)),
      ),
    ),
  'versions and histories': (payer) =>
    each(['Patient', 'Condition', 'Observation'], (type) =>
      inTurn('', readVersion(payer, type), readHistory(payer, type)),
    ),
  'a Condition only if it changed': (payer) => readIfChanged(payer, 'Condition'),
  'what is declared for the whole system': trySystem,
  'a Patient in every format': (payer) => readInEveryFormat(payer, 'Patient'),
  'what was updated': (payer) =>
    inTurn(
      'updated',
      readOneOf(payer, 'Patient', { intent: { state: 'updated' } }),
      readFirstVersion(payer, 'Patient'),
      readVersion(payer, 'Patient'),
      readHistory(payer, 'Patient'),
    ),
  'what was deleted': (payer) => readOneOf(payer, 'Procedure', { intent: { state: 'deleted' } }),
  'a Patient without a token': (payer) => readOneOf(payer, 'Patient', { token: null, ...mistake('no-token') }),
  'the Patient of another member': (payer, scene) =>
    each(
      [`Patient/${otherId(scene)}`, `Patient/${otherId(scene)}/_history/1`, `Patient/${otherId(scene)}/_history`],
      (path) => readResource(payer, path, mistake('foreign')),
    ),
  'the documents of another member': (payer, { bystander }) =>
    each(documentsOf(bystander?.record ?? []), (path) =>
      readResource(payer, path, { accept: '*/*', ...mistake('foreign') }),
    ),
  'what is kept back from it': (payer, scene) => {
    const [type = '', id = ''] = withheldKey(scene).split('/')
    const out = hidden(scene)
    const documents = documentsOf(
      (scene.person?.record ?? []).filter((one) => out.has(`${one.resourceType}/${one.id}`)),
    )
    const paths = [`${type}/${id}`, `${type}/${id}/_history`, `${type}/${id}/_history/1`]
    return inTurn(
      'withheld',
      ...paths.map((path) => readResource(payer, path, mistake('withheld'))),
      searchType(payer, type, { params: { _id: id }, ...mistake('withheld') }),
      searchType(payer, type, { params: { _id: id }, post: true, ...mistake('withheld') }),
      ...documents.map((path) => readResource(payer, path, { accept: '*/*', ...mistake('withheld') })),
    )
  },
  'the match operation by GET': (payer) => tryGet(payer, 'Patient/$member-match', [], mistake('wrong-method')),
  'its documents': (payer) => fetchDocuments(payer),
}

export const permissions: Readonly<
  Record<string, { readonly claims: boolean; readonly priorAuthorizations: boolean }>
> = {
  'prior authorizations and no claims': { claims: false, priorAuthorizations: true },
  'claims and no prior authorizations': { claims: true, priorAuthorizations: false },
  'neither claims nor prior authorizations': { claims: false, priorAuthorizations: false },
  'claims and prior authorizations': { claims: true, priorAuthorizations: true },
}

/** Types that are tried together. */
export const typeGroups: Readonly<Record<string, readonly string[]>> = {
  'conditions and findings': ['AllergyIntolerance', 'Condition', 'DiagnosticReport', 'Observation', 'Specimen'],
  'care and plans': [
    'CarePlan',
    'CareTeam',
    'Encounter',
    'Goal',
    'Procedure',
    'Questionnaire',
    'QuestionnaireResponse',
    'ServiceRequest',
  ],
  'medicines and devices': ['Device', 'Immunization', 'Medication', 'MedicationDispense', 'MedicationRequest'],
  'coverage, claims and documents': [
    'Consent',
    'Coverage',
    'DocumentReference',
    'ExplanationOfBenefit',
    'Group',
    'Provenance',
  ],
  'people and places': ['Endpoint', 'Location', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole'],
  'related persons': ['RelatedPerson'],
}
