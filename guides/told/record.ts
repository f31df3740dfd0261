/** The record that a payer holds for Ana, told by hand: one sound resource of each kind, and where it came from. */
import type { FhirResource } from '../../harness/person.ts'
import type { Resource } from '../core/received.ts'

/** A profile of US Core. */
export const usCore = (id: string): string => `http://hl7.org/fhir/us/core/StructureDefinition/${id}`
const pdex = (id: string): string => `http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/${id}`
const carin = (id: string): string => `http://hl7.org/fhir/us/carin-bb/StructureDefinition/${id}`
const coded = (system: string, code: string): object => ({ coding: [{ system, code }] })
const meta = (profile: string, lastUpdated = '2025-06-01T10:00:00Z'): object => ({
  versionId: '1',
  lastUpdated,
  profile: [profile],
})
export const ana = { reference: 'Patient/ana' }
const v2 = 'http://terminology.hl7.org/CodeSystem/v2-0203'
const npi = 'http://hl7.org/fhir/sid/us-npi'

export const patient: Resource = {
  resourceType: 'Patient',
  id: 'ana',
  meta: meta(usCore('us-core-patient')) as never,
  identifier: [{ type: coded(v2, 'MB'), system: 'https://old.example/members', value: 'MBR-000001' }],
  name: [{ family: 'Adams', given: ['Ana'] }],
  gender: 'female',
  birthDate: '1980-04-02',
}
export const insurer: Resource = {
  resourceType: 'Organization',
  id: 'old-plan',
  meta: meta(usCore('us-core-organization')) as never,
  identifier: [
    { system: 'urn:oid:2.16.840.1.113883.6.300', value: '11111' },
    { system: npi, value: '1234567893' },
  ],
  active: true,
  name: 'Old Plan',
}
export const practitioner: Resource = {
  resourceType: 'Practitioner',
  id: 'dr-day',
  meta: meta(usCore('us-core-practitioner')) as never,
  identifier: [{ system: npi, value: '1992999825' }],
  name: [{ family: 'Day' }],
}
export const condition: Resource = {
  resourceType: 'Condition',
  id: 'c1',
  meta: meta(usCore('us-core-condition-problems-health-concerns')) as never,
  identifier: [{ system: 'https://old.example/records', value: 'COND-ANA-1' }],
  clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
  category: [coded('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item')],
  code: coded('http://snomed.info/sct', '44054006'),
  subject: ana,
  onsetDateTime: '2020-02-02',
  recordedDate: '2020-02-03',
}
export const secret: Resource = {
  ...condition,
  id: 'c2',
  identifier: [{ system: 'https://old.example/records', value: 'COND-ANA-2' }],
  meta: {
    ...(condition.meta as object),
    lastUpdated: '2023-01-01T10:00:00Z',
    security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }],
  } as never,
  code: coded('http://snomed.info/sct', '66590003'),
}
export const observation: Resource = {
  resourceType: 'Observation',
  id: 'o1',
  meta: meta(usCore('us-core-observation-lab')) as never,
  status: 'final',
  category: [coded('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory')],
  code: coded('http://loinc.org', '4548-4'),
  subject: ana,
  effectiveDateTime: '2025-05-05T08:00:00Z',
  performer: [{ reference: 'Practitioner/dr-day' }],
  valueQuantity: { value: 6.1, unit: '%' },
}
export const coverage: Resource = {
  resourceType: 'Coverage',
  id: 'v1',
  meta: meta('http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-coverage') as never,
  status: 'active',
  subscriberId: 'MBR-000001',
  beneficiary: ana,
  relationship: coded('http://terminology.hl7.org/CodeSystem/subscriber-relationship', 'self'),
  payor: [{ reference: 'Organization/old-plan' }],
}
export const claim: Resource = {
  resourceType: 'ExplanationOfBenefit',
  id: 'e1',
  meta: meta(carin('C4BB-ExplanationOfBenefit-Professional-NonClinician-Basis')) as never,
  status: 'active',
  use: 'claim',
  type: coded('http://terminology.hl7.org/CodeSystem/claim-type', 'professional'),
  patient: ana,
  billablePeriod: { start: '2025-05-05', end: '2025-05-05' },
  insurer: { reference: 'Organization/old-plan' },
  provider: { reference: 'Practitioner/dr-day' },
  insurance: [{ focal: true, coverage: { reference: 'Coverage/v1' } }],
}
const discriminator = pdex('').replace('StructureDefinition/', 'CodeSystem/PDexAdjudicationDiscriminator')
export const authorization: Resource = {
  resourceType: 'ExplanationOfBenefit',
  id: 'e2',
  meta: meta(pdex('pdex-priorauthorization')) as never,
  status: 'active',
  use: 'preauthorization',
  type: coded('http://terminology.hl7.org/CodeSystem/claim-type', 'institutional'),
  patient: ana,
  insurer: { reference: 'Organization/old-plan' },
  provider: { reference: 'Practitioner/dr-day' },
  preAuthRefPeriod: [{ start: '2025-05-01' }],
  insurance: [{ focal: true, coverage: { reference: 'Coverage/v1' } }],
  item: [
    {
      sequence: 1,
      category: coded('https://x12.org/codes/service-type-codes', '48'),
      productOrService: coded('http://www.ama-assn.org/go/cpt', '99213'),
      adjudication: [
        {
          extension: [
            {
              url: pdex('extension-reviewAction'),
              extension: [
                {
                  url: pdex('extension-reviewActionCode'),
                  valueCodeableConcept: coded('https://codesystem.x12.org/005010/306', 'A1'),
                },
                { url: 'number', valueString: 'AUTH1' },
              ],
            },
          ],
          category: coded(discriminator, 'allowedunits'),
          value: 2,
        },
        {
          category: coded(discriminator, 'denialreason'),
          reason: coded('https://x12.org/codes/claim-adjustment-reason-codes', '50'),
        },
      ],
    },
  ],
  total: [
    {
      category: coded('http://hl7.org/fhir/us/davinci-pdex/CodeSystem/PriorAuthorizationValueCodes', 'utilized'),
      amount: { value: 1 },
      extension: [{ url: pdex('PriorAuthorizationUtilization'), valueQuantity: { value: 1 } }],
    },
  ],
}
/** A Provenance of these targets by that agent. */
export const provenanceOf = (
  id: string,
  targets: readonly string[],
  agent: object,
  format = 'hl7fhirr4',
): Resource => ({
  resourceType: 'Provenance',
  id,
  meta: meta(pdex('pdex-provenance')) as never,
  target: targets.map((reference) => ({ reference })),
  recorded: '2025-06-01T10:00:00Z',
  agent: [agent],
  entity: [
    {
      extension: [
        {
          url: pdex('ProvenanceSourceFrom'),
          valueCodeableConcept: coded(
            'http://hl7.org/fhir/us/davinci-pdex/CodeSystem/ProvenancePayerDataSource',
            format,
          ),
        },
      ],
      role: 'source',
      what: { display: 'message' },
    },
  ],
})
const author = {
  type: coded('http://terminology.hl7.org/CodeSystem/provenance-participant-type', 'author'),
  who: { reference: 'Practitioner/dr-day' },
  onBehalfOf: { reference: 'Organization/old-plan' },
}
const transmitter = {
  type: coded('http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type', 'transmitter'),
  who: { reference: 'Organization/old-plan' },
}
export const personal = [patient, condition, secret, observation, coverage, claim, authorization]
const key = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`
export const origin = provenanceOf(
  'p1',
  ['Patient/ana', 'Condition/c1', 'Condition/c2', 'Observation/o1', 'Coverage/v1'],
  author,
)
export const claimOrigin = provenanceOf('p2', ['ExplanationOfBenefit/e1', 'ExplanationOfBenefit/e2'], author, 'x12837')
/** The Provenance of sending these. */
export const sent = (id: string, ...resources: readonly Resource[]): Resource =>
  provenanceOf(id, resources.map(key), transmitter)

/** Everything that the payer holds for Ana, and for Iris, whom nobody asked about. */
export const record = [...personal, origin, claimOrigin, insurer, practitioner] as unknown as FhirResource[]
