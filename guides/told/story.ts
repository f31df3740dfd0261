/** A whole retrieval told by hand, as it goes well: the ground on which tests let one thing go wrong at a time. */
import type { FhirResource, Person } from '../../harness/person.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Resource } from '../core/received.ts'
import {
  ana,
  authorization,
  claim,
  claimOrigin,
  condition,
  coverage,
  insurer,
  observation,
  origin,
  patient,
  personal,
  practitioner,
  record,
  secret,
  sent,
  usCore,
} from './record.ts'
import { base, outcome, type Step, sceneOf, searchset, told } from './told.ts'

const submitted = {
  patient: { resourceType: 'Patient', id: '1', name: [{ family: 'Adams', given: ['Ana'] }], birthDate: '1980-04-02' },
  coverageToMatch: {
    resourceType: 'Coverage',
    id: '2',
    status: 'active',
    subscriberId: 'MBR-000001',
    beneficiary: { reference: 'Patient/1' },
    payor: [{ identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value: '11111' } }],
  },
  coverageToLink: {
    resourceType: 'Coverage',
    id: '3',
    status: 'active',
    beneficiary: { reference: 'Patient/1' },
    payor: [],
  },
} as unknown as Person['submitted']
const person: Person = {
  name: 'Ana Adams',
  part: 'a test',
  submitted,
  patientId: 'ana',
  record,
  sensitive: ['Condition/c2'],
}
const bystander: Person = {
  name: 'Iris Ito',
  part: 'somebody else',
  submitted: {
    ...submitted,
    patient: { resourceType: 'Patient', name: [{ family: 'Itoyama' }], birthDate: '1970-01-01' },
  } as never,
  patientId: 'iris',
  memberIdentifier: { system: 'https://old.example/umb', value: 'UMB-IRIS-9' },
  record: [
    { ...condition, id: 'i1', subject: { reference: 'Patient/iris' }, identifier: [{ value: 'COND-IRIS-1' }] },
  ] as unknown as FhirResource[],
}

const include = (...resources: readonly Resource[]): object[] => resources.map((one) => ({ ...one, mode: 'include' }))

/** A search by patient with its Provenance. */
const searched = (type: string, found: readonly Resource[], more: readonly object[] = []): Step => {
  const withProvenance = type !== 'ExplanationOfBenefit'
  const url = `${type}?${type === 'Patient' ? '_id' : 'patient'}=ana${withProvenance ? '&_revinclude=Provenance%3Atarget' : ''}`
  const provenance = withProvenance && found.length > 0 ? include(origin, sent(`s-${type}`, ...found)) : []
  return told('search', url, {
    intent: { type },
    answer: searchset([...found, ...more, ...provenance], { self: `${base}/${url}`, total: found.length }),
  })
}

const lines = (resources: readonly object[]): string => resources.map((one) => `${JSON.stringify(one)}\n`).join('')
const job = `${base}/_export/1`
const ndjson = { 'content-type': 'application/fhir+ndjson' }
const byType = (resources: readonly Resource[]): Map<string, Resource[]> => {
  const found = new Map<string, Resource[]>()
  for (const one of resources) found.set(one.resourceType, [...(found.get(one.resourceType) ?? []), one])
  return found
}
const exported = byType([...personal, insurer, practitioner, origin, claimOrigin, sent('s-export', ...personal)])

export const statement: Resource = {
  resourceType: 'CapabilityStatement',
  kind: 'instance',
  fhirVersion: '4.0.1',
  instantiates: ['http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data'],
  rest: [
    {
      mode: 'server',
      resource: [
        ...[
          'Condition',
          'Observation',
          'Coverage',
          'ExplanationOfBenefit',
          'Organization',
          'Practitioner',
          'Provenance',
        ].map((type) => ({
          type,
          supportedProfile: [usCore(`us-core-${type.toLowerCase()}`)],
          interaction: ['read', 'vread', 'history-instance', 'search-type'].map((code) => ({ code })),
          searchParam: ['_id', 'patient', 'category', 'code', 'date'].map((name) => ({ name })),
          searchRevInclude: ['Provenance:target'],
        })),
        {
          type: 'Patient',
          supportedProfile: [usCore('us-core-patient')],
          interaction: ['read', 'vread', 'history-instance', 'search-type'].map((code) => ({ code })),
          searchParam: ['_id', 'identifier', 'name'].map((name) => ({ name })),
          searchRevInclude: ['Provenance:target'],
          operation: [
            { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
            { name: 'export', definition: 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export' },
            {
              name: 'member-match',
              definition: 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match',
            },
          ],
        },
      ],
    },
  ],
}

/** The story: discovery, match, token, then the member by search, by $everything in two pages, by export, and by some reads. */
export const story = (): Step[] => [
  told('metadata', 'metadata', { headers: { Accept: 'application/fhir+json' }, answer: statement }),
  told('member-match', 'Patient/$member-match', {
    method: 'POST',
    body: JSON.stringify({
      resourceType: 'Parameters',
      parameter: [{ name: 'CoverageToMatch', resource: submitted.coverageToMatch }],
    }),
    answer: { resourceType: 'Parameters', parameter: [{ name: 'MemberId', valueReference: ana }] },
  }),
  told('member-token', 'https://old.example/auth/token', {
    method: 'POST',
    body: 'grant_type=client_credentials&client_assertion=x',
    answer: { access_token: 't', patient: 'ana' },
    answered: { 'content-type': 'application/json' },
  }),
  searched('Patient', [patient]),
  searched('Condition', [condition, secret]),
  searched('Observation', [observation], include(practitioner)),
  searched('Coverage', [coverage], include(insurer)),
  searched('ExplanationOfBenefit', [claim, authorization]),
  told('everything', 'Patient/ana/$everything', {
    answer: searchset([patient, condition, secret, observation], {
      next: `${base}/Patient/_everything/2`,
      self: `${base}/Patient/ana/$everything`,
    }),
  }),
  told('everything-page', 'Patient/_everything/2', {
    answer: searchset([
      coverage,
      claim,
      authorization,
      ...include(insurer, practitioner, origin, claimOrigin, sent('s-everything', ...personal)),
    ]),
  }),
  told('export-kick-off', 'Patient/$export', {
    headers: { Accept: 'application/fhir+json', Prefer: 'respond-async', Authorization: 'Bearer t' },
    status: 202,
    answered: { 'content-location': job },
  }),
  told('export-status', job, {
    headers: { Accept: 'application/json', Authorization: 'Bearer t' },
    status: 202,
    answered: { 'retry-after': '5', 'x-progress': 'running' },
  }),
  told('export-status', job, {
    headers: { Accept: 'application/json', Authorization: 'Bearer t' },
    at: '2026-03-02T15:00:05.000Z',
    answered: { 'content-type': 'application/json', expires: 'Mon, 02 Mar 2026 16:00:05 GMT' },
    answer: {
      transactionTime: '2026-03-02T15:00:00Z',
      request: `${base}/Patient/$export`,
      requiresAccessToken: true,
      output: [...exported].map(([type, all]) => ({ type, url: `${job}/${type}`, count: all.length })),
      error: [],
      extension: {},
    },
  }),
  ...[...exported].map(([type, all]) =>
    told('export-file', `${job}/${type}`, {
      headers: { Accept: 'application/fhir+ndjson', Authorization: 'Bearer t' },
      at: '2026-03-02T15:00:06.000Z',
      answered: ndjson,
      answer: lines(all),
    }),
  ),
  told('export-delete', job, { method: 'DELETE', at: '2026-03-02T15:00:07.000Z', status: 202 }),
  told('export-status', job, {
    headers: { Accept: 'application/json', Authorization: 'Bearer t' },
    at: '2026-03-02T15:00:20.000Z',
    status: 404,
    answer: outcome(),
  }),
  told('read', 'Condition/c1', {
    answer: condition,
    answered: { etag: 'W/"1"', 'last-modified': 'Sun, 01 Jun 2025 10:00:00 GMT' },
  }),
  told('read', 'Patient/ana', {
    answer: patient,
    answered: { etag: 'W/"1"', 'last-modified': 'Sun, 01 Jun 2025 10:00:00 GMT' },
  }),
  told('read', 'Condition/none', { status: 404, answer: outcome(), intent: { mistake: 'unknown-id' } }),
  told('vread', 'Condition/c1/_history/1', {
    answer: condition,
    answered: { etag: 'W/"1"', 'last-modified': 'Sun, 01 Jun 2025 10:00:00 GMT' },
  }),
  told('history', 'Condition/c1/_history', {
    answer: {
      resourceType: 'Bundle',
      type: 'history',
      entry: [{ fullUrl: `${base}/Condition/c1`, resource: condition }],
    },
  }),
  told('search', 'Condition?patient=iris', {
    status: 403,
    answer: outcome('forbidden'),
    intent: { mistake: 'foreign' },
  }),
  told('read', 'Patient/ana', {
    headers: { Accept: 'application/fhir+json' },
    status: 401,
    answer: outcome('login'),
    intent: { mistake: 'no-token' },
  }),
]

/** The scene of the story: Ana is asked for, Iris stands by. */
export const anaScene = (more: Partial<Scene> = {}): Scene => sceneOf({ person, bystander, ...more })
