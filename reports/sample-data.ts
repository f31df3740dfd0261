/** The member, the resources and the requirements of the sample run. */
import type { Requirement } from '../harness/requirement.ts'
import type { Verb } from '../harness/verdict.ts'

const patient = {
  resourceType: 'Patient',
  id: 'ana-adams',
  meta: { profile: ['http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-patient-demographics'] },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Ana Adams, born 1980-04-12</div>' },
  identifier: [
    {
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MB' }] },
      system: 'http://old-plan.example/members',
      value: 'M-4711-0815',
    },
  ],
  name: [{ family: 'Adamsdottir', given: ['Anastasia', 'Quirina'] }],
  telecom: [{ system: 'phone', value: '+1-555-0142-77' }],
  gender: 'female',
  birthDate: '1980-04-12',
  address: [{ line: ['17 Maplewood Crescent'], city: 'Springfield', state: 'MA', postalCode: '01109' }],
}
const coverage = {
  resourceType: 'Coverage',
  id: 'coverage-to-match',
  status: 'active',
  subscriberId: 'SUB-99-1234',
  beneficiary: { reference: 'Patient/ana-adams', display: 'Anastasia Adamsdottir' },
  relationship: { coding: [{ code: 'self' }] },
  period: { start: '2021-01-01', end: '2025-12-31' },
  payor: [{ identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value: '95216' }, display: 'Old Plan' }],
}
const consent = {
  resourceType: 'Consent',
  status: 'active',
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  patient: { reference: 'Patient/ana-adams' },
  policy: [{ uri: 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition-hrex-consent.html#regular' }],
  provision: { type: 'permit', period: { start: '2026-01-01', end: '2026-12-31' } },
}
const condition = (id: string, code: string, display: string): object => ({
  resourceType: 'Condition',
  id,
  meta: {
    lastUpdated: '2025-11-03T10:00:00Z',
    profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition'],
  },
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
  code: { coding: [{ system: 'http://snomed.info/sct', code, display }], text: `${display}, told to Dr. Featherstone` },
  subject: { reference: 'Patient/ana-adams', display: 'Anastasia Adamsdottir' },
  onsetDateTime: '2023-06-17',
  note: [{ text: 'Member reports it after the journey to Lisbon.' }],
})
const conditions = [
  condition('c1', '44054006', 'Diabetes mellitus type 2'),
  condition('c2', '38341003', 'Hypertensive disorder'),
  condition('c3', '195967001', 'Asthma'),
]
const provenance = {
  resourceType: 'Provenance',
  id: 'p1',
  target: [{ reference: 'Condition/c1' }],
  recorded: '2026-03-02T15:00:00Z',
  agent: [{ type: { coding: [{ code: 'transmitter' }] }, who: { display: 'Old Plan' } }],
}
const entries = (resources: readonly object[]): object[] =>
  resources.map((resource) => ({
    fullUrl: `https://old-plan.example:8443/fhir/${(resource as { resourceType: string }).resourceType}/${(resource as { id: string }).id}`,
    resource,
  }))
const bundleOf = (resources: readonly object[], type: string): string =>
  JSON.stringify({ resourceType: 'Bundle', type, total: resources.length, entry: entries(resources) })
const observations = Array.from({ length: 14 }, (_, index) => ({
  resourceType: 'Observation',
  id: `o${index + 1}`,
  status: 'final',
  code: {
    coding: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood' }],
  },
  subject: { reference: 'Patient/ana-adams' },
  effectiveDateTime: `202${index % 6}-0${(index % 9) + 1}-14T08:30:00Z`,
  valueQuantity: { value: 6.1 + index / 10, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
}))

/** Texts that only the member's own record has: none may be in a shareable report of a run that is not synthetic. */
export const personal: readonly string[] = [
  'Adamsdottir',
  'Anastasia',
  'Quirina',
  '1980-04-12',
  'Maplewood',
  '01109',
  '555-0142',
  'M-4711-0815',
  'SUB-99-1234',
  'Featherstone',
  'Lisbon',
  'ana-adams',
  '2023-06-17',
]

export const member = {
  patient,
  coverage,
  consent,
  conditions: bundleOf([...conditions, provenance], 'searchset'),
  bundle: bundleOf([patient, coverage, ...conditions, provenance, ...observations], 'searchset'),
  ndjson: conditions.map((one) => `${JSON.stringify(one)}\n`).join(''),
  capabilities: JSON.stringify(
    {
      resourceType: 'CapabilityStatement',
      status: 'active',
      kind: 'instance',
      fhirVersion: '4.0.1',
      format: ['application/fhir+json'],
      rest: [
        {
          mode: 'server',
          resource: ['Patient', 'Condition', 'Observation', 'Coverage'].map((type) => ({
            type,
            interaction: [{ code: 'read' }, { code: 'search-type' }],
            searchParam: [{ name: 'patient', type: 'reference' }],
          })),
          operation: [
            {
              name: 'member-match',
              definition: 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match',
            },
          ],
        },
      ],
    },
    null,
    2,
  ),
}

const requirement = (
  id: string,
  level: Verb,
  flow: string,
  statement: string,
  more: Partial<Requirement> = {},
): Requirement => ({
  id,
  guide: id.startsWith('PDEX') ? 'pdex' : id.startsWith('HREX') ? 'hrex' : id.startsWith('BULK') ? 'bulk' : 'auth',
  level,
  actor: 'payer-server',
  seats: ['responding payer'],
  flow,
  versions: '2.0+',
  statement,
  where: `page §${id.replace(/\D/g, '')}`,
  url: `https://hl7.org/fhir/us/davinci-pdex/payertopayerexchange.html#${id.toLowerCase()}`,
  testability: 'automatic-server',
  observation: 'What a test sees.',
  negative: 'What it must not see.',
  ...more,
})

export const sampleCatalogue: readonly Requirement[] = [
  requirement(
    'PDEX-083',
    'SHALL',
    'TF',
    'The bundle of every member of the community is on the main branch of the repository.',
  ),
  requirement('PDEX-093', 'SHALL', 'MTLS', 'A connection without a certificate of the trust community is refused.'),
  requirement('PDEX-097', 'SHALL', 'DCR', 'Clients register themselves, and only over mutual TLS.'),
  requirement('AUTH-012', 'SHALL', 'DCR', 'A registration is answered with 201 and everything that was registered.'),
  requirement('AUTH-013', 'SHALL NOT', 'DCR', 'A registration never shows a private key.'),
  requirement(
    'PDEX-100',
    'DESC',
    'TOK',
    'Client credentials give a token that is good for $member-match and nothing else.',
  ),
  requirement('AUTH-031', 'SHALL', 'TOK', 'A client that fails to prove itself is answered with invalid_client.'),
  requirement('AUTH-038', 'SHOULD', 'TOK', 'An access token lives for five minutes at most.'),
  requirement('AUTH-040', 'SHALL', 'TOK', 'Answers of the token endpoint are never cached.'),
  requirement(
    'PDEX-108',
    'SHOULD',
    'MM',
    'The patient reference accompanies the member identifier when it is available.',
  ),
  requirement(
    'PDEX-109',
    'SHALL',
    'MM',
    'A match whose consent can be honoured is answered with the member identifier.',
  ),
  requirement('PDEX-114', 'SHALL NOT', 'MM', 'When the consent cannot be honoured, no patient id is disclosed.'),
  requirement('PDEX-115', 'SHALL', 'MM', 'When the consent cannot be honoured, the answer is 422 and says so.'),
  requirement('HREX-009', 'SHALL', 'MM', 'The answer to a match is a Parameters resource of the profile.'),
  requirement('HREX-014', 'SHALL', 'MM', 'When nobody fits, the answer is 422.'),
  requirement('HREX-017', 'SHOULD', 'MM', 'A refusal explains itself in an OperationOutcome.'),
  requirement('PDEX-005', 'SHOULD', 'DATA', 'The health history has the last five years.'),
  requirement('PDEX-021', 'SHALL', 'DATA', 'Clinical data comes in the shapes of US Core.'),
  requirement('PDEX-118', 'SHALL', 'RET', 'Only data of the member who was asked for is returned.'),
  requirement('PDEX-122', 'SHALL', 'RET', 'Long answers come in pages that together are complete.'),
  requirement('BULK-011', 'SHALL', 'RET', 'The manifest of an export lists every file.'),
  requirement('BULK-020', 'SHALL', 'RET', 'Files of an export are NDJSON.'),
  requirement('PDEX-063', 'SHOULD', 'PROV', 'Every record of a member comes with the Provenance of its origin.'),
  requirement('PDEX-002', 'SHALL', 'CAP', 'Everything that can be reached is in the CapabilityStatement.'),
  requirement('PDEX-004', 'MAY', 'CAP', 'vread and history may be offered.'),
  requirement('CORE-012', 'SHALL', 'CAP', 'The CapabilityStatement says FHIR 4.0.1.'),
  requirement('PDEX-019', 'SHOULD', 'GEN', 'Base addresses can be discovered.'),
  requirement('PDEX-126', 'SHALL', 'MM', 'Guessing of members is slowed down.', {
    untested: 'Needs a window of an hour, which no plan allows.',
  }),
  requirement('PDEX-016', 'SHALL', 'GEN', 'Licences of terminologies are honoured.', {
    testability: 'needs-attestation',
  }),
]
