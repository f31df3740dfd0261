/** The phrases of searching: what is searched for, and in which way. */
import { readMetadata } from '../flows/discover.ts'
import { fetchEverything } from '../flows/everything.ts'
import { kickOffExport } from '../flows/export.ts'
import { followNext } from '../flows/follow-pages.ts'
import { inTurn } from '../flows/in-turn.ts'
import { fetchDocref, postText, readAllOf } from '../flows/odd-requests.ts'
import { searchBothWays, searchEverythingOfTheTable, searchType } from '../flows/search.ts'
import { tryDates, tryReferences, tryStrings, tryTokens } from '../flows/try-searches.ts'
import type { Resource } from '../guides/core/received.ts'
import { seedOf } from '../guides/core/search-answers.ts'
import type { FhirResource } from '../harness/person.ts'
import type { Scene } from '../harness/scene.ts'
import { type Acts, each, mistake, otherId } from './retrieval-phrases.ts'

const seed = (resource: FhirResource, name: string): string | undefined => seedOf(resource as unknown as Resource, name)

/** What the other member goes by, where it is known. */
const identifiersOf = ({ bystander }: Scene): readonly string[] => {
  const { memberIdentifier } = bystander ?? {}
  return memberIdentifier ? [`${memberIdentifier.system}|${memberIdentifier.value}`] : []
}

const personal = ['Condition', 'Observation', 'Coverage', 'ExplanationOfBenefit', 'DocumentReference'] as const

export const searches: Acts = {
  'every type with its Provenance': (payer, { editions }) => searchEverythingOfTheTable(payer, editions),
  Procedures: (payer) => searchType(payer, 'Procedure'),
  'devices by type': (payer) =>
    inTurn('devices', searchType(payer, 'Device'), tryTokens(payer, 'Device', 'type', seed)),
  'without naming a patient': (payer) => each(personal, (type) => searchType(payer, type, { unrestricted: true })),
  'Observations by GET and by POST': (payer) => searchBothWays(payer, 'Observation', [['category', 'laboratory']]),
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
  // By parameters that every server offers: another one may pass them over.
  'by values that cannot be read': (payer) =>
    inTurn(
      'unreadable',
      searchType(payer, 'Patient', { params: { birthdate: 'notadate' }, ...mistake('bad-value') }),
      searchType(payer, 'Observation', {
        params: { category: 'laboratory', date: 'ge2024-13-77' },
        ...mistake('bad-value'),
      }),
      searchType(payer, 'ExplanationOfBenefit', { params: { _lastUpdated: 'yesterday' }, ...mistake('bad-value') }),
    ),
  'by values that nothing has': (payer) =>
    inTurn(
      'unmatched',
      searchType(payer, 'Observation', { params: { code: 'nothing-has-this' }, ...mistake('unmatched-value') }),
      searchType(payer, 'Patient', { params: { _id: 'nobody-has-this' }, ...mistake('unmatched-value') }),
      searchType(payer, 'Observation', {
        params: { category: 'laboratory', date: 'lt1850-01-01T00:00:00Z' },
        ...mistake('unmatched-value'),
      }),
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
          searchType(payer, type, {
            params: [[type === 'Patient' ? '_id' : 'patient', otherId(scene)]],
            post,
            ...mistake('foreign'),
          }),
        ),
      ),
      ...identifiersOf(scene).map((identifier) =>
        searchType(payer, 'Patient', { params: { identifier }, ...mistake('foreign') }),
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
    each(['Condition', 'Patient'], (type) => searchType(payer, type, { token: null, ...mistake('no-token') })),
  'with text for a body': (payer) => postText(payer, 'Condition'),
  'documents by $docref': (payer) => inTurn('docref', searchType(payer, 'DocumentReference'), fetchDocref(payer)),
  'documents of another member by $docref': (payer, scene) =>
    inTurn('docref', searchType(payer, 'DocumentReference'), fetchDocref(payer), fetchDocref(payer, otherId(scene))),
}
