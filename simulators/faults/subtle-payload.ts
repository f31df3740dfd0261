/** Resources that nearly are right: a code, a part, a record of many, or one route alone that is wrong. */
import type { Fault } from './fault.ts'
import { every, everyResource, nodesWith, type Plain, reworded } from './retrieval-payload.ts'
import { list } from './retrieval-statement.ts'
import { fault, type Spoil } from './spoiling.ts'

const worded = (type: Parameters<typeof every>[0], change: (text: string) => string): Spoil =>
  every(type, (resource) => reworded(resource, change))

const telephone = [{ system: 'telephone', value: '+1-202-555-0100' }]

/** Type -> an element as a ledger of the payer knows it, with a code that FHIR does not. */
const ledger: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  AllergyIntolerance: { criticality: 'HIGH' },
  CarePlan: { intent: 'PLAN' },
  CareTeam: { status: 'current' },
  Condition: {
    clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'A' }] },
  },
  Device: { status: 'in use' },
  DiagnosticReport: { status: 'F' },
  DocumentReference: { status: 'active' },
  Encounter: { status: 'closed' },
  ExplanationOfBenefit: { outcome: 'PAID' },
  Goal: { lifecycleStatus: 'open' },
  Immunization: { status: 'given' },
  Location: { status: 'open' },
  Medication: { status: 'on formulary' },
  MedicationDispense: { status: 'dispensed' },
  MedicationRequest: { intent: 'Rx' },
  Observation: { status: 'F' },
  Organization: { telecom: telephone },
  Patient: { gender: 'F' },
  Practitioner: { name: [{ use: 'legal', family: 'Alpha' }] },
  PractitionerRole: { telecom: telephone },
  Procedure: { status: 'done' },
}
/** Types that are about a Patient by their `patient`; the others by their `subject`. */
const byPatient = /^(AllergyIntolerance|Device|ExplanationOfBenefit|Immunization)$/
const profiled = `PDEX-021 PDEX-022 PDEX-023 PDEX-025 PDEX-040 PDEX-041 PDEX-042 PDEX-044 PDEX-045
  PDEX-046 PDEX-047 PDEX-048 PDEX-049 PDEX-052 PDEX-056 PDEX-059`

const values: readonly Fault[] = [
  fault(
    'codes-are-of-the-ledger',
    'Each record has one code that its element does not know',
    'all',
    list(`${profiled} PDEX-038 PDEX-050 PDEX-051 PDEX-054 PDEX-055`),
    everyResource((resource) => Object.assign(resource, ledger[resource.resourceType])),
  ),
  fault(
    'records-are-about-services',
    'Records are about a service instead of the Patient',
    'all',
    list(profiled),
    everyResource((resource) => {
      const element = byPatient.test(resource.resourceType) ? 'patient' : 'subject'
      if (resource[element]) resource[element] = { reference: 'HealthcareService/nobody' }
    }),
  ),
  fault(
    'results-are-examinations',
    'Laboratory results are filed as examinations',
    'all',
    ['PDEX-049'],
    worded('Observation', (text) => text.replaceAll('"laboratory"', '"exam"')),
  ),
  fault(
    'laboratory-reports-are-notes',
    'Laboratory reports are filed as notes',
    'all',
    ['PDEX-044'],
    every('DiagnosticReport', (resource) => {
      resource.category = [{ coding: [{ system: 'http://loinc.org', code: 'LP29684-5', display: 'Radiology' }] }]
    }),
  ),
  fault(
    'implants-pass-for-other-devices',
    'Implants come without UDI, under the profile of other devices',
    'all',
    ['PDEX-048'],
    every('Device', (resource) => {
      delete resource.udiCarrier
      ;(resource.meta as Record<string, unknown>).profile = [
        'http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/pdex-device',
      ]
    }),
  ),
  fault(
    'member-numbers-have-no-value',
    'The member number of a Patient has a type and no value',
    'all',
    ['PDEX-039'],
    every('Patient', (resource) => {
      for (const identifier of resource.identifier as Record<string, unknown>[])
        if (JSON.stringify(identifier).includes('"MB"')) delete identifier.value
    }),
  ),
  fault(
    'telecoms-have-no-use',
    'Nobody learns what a telephone is used for',
    'all',
    ['PDEX-006', 'PDEX-014', 'PDEX-015'],
    every('Patient', (resource) => {
      for (const one of (resource.telecom ?? []) as Record<string, unknown>[]) delete one.use
    }),
  ),
  fault(
    'one-address-has-no-code',
    'The address of one place of many has no postal code',
    'all',
    ['PDEX-014'],
    every('Location', (resource) => {
      if (String(resource.id).includes('orthopedics')) delete (resource.address as Record<string, unknown>).postalCode
    }),
  ),
  fault(
    'one-result-has-no-time',
    'One result of many does not say when it was found',
    'all',
    ['PDEX-014'],
    every('Observation', (resource) => {
      if (/-1$/.test(String(resource.id))) delete resource.effectiveDateTime
    }),
  ),
]

const parts: readonly Fault[] = [
  fault(
    'parts-that-are-required-are-missing',
    'Parts of elements are missing that a profile requires',
    'all',
    list('PDEX-013 PDEX-021 PDEX-022 PDEX-023 PDEX-038 PDEX-042 PDEX-046'),
    everyResource((resource) => {
      nodesWith(resource.participant, 'role', (node) => {
        if (resource.resourceType === 'CareTeam') delete node.role
      })
      nodesWith(resource, 'attachment', (node) => delete node.attachment)
      if (resource.resourceType === 'Patient') for (const one of resource.identifier as Plain[]) delete one.system
      if (resource.resourceType === 'ExplanationOfBenefit')
        for (const one of resource.item as Plain[]) delete one.productOrService
    }),
  ),
  fault(
    'lists-hold-nothing',
    'A list of names holds null',
    'all',
    ['PDEX-009'],
    every('Patient', (resource) => {
      for (const one of (resource.name ?? []) as { given?: unknown[] }[]) one.given?.push(null)
    }),
  ),
  fault(
    'searches-tell-gender-by-letter',
    'Only a search gives a gender that nobody knows',
    'search',
    ['PDEX-021', 'PDEX-038'],
    every('Patient', (resource) => {
      resource.gender = 'F'
    }),
  ),
  fault(
    'searches-name-no-profile',
    'Only a search gives authorizations without their profile',
    'search',
    ['PDEX-464', 'PDEX-023'],
    every('ExplanationOfBenefit', (resource) => {
      delete (resource.meta as Plain | undefined)?.profile
    }),
  ),
]

export const subtlePayloadFaults: readonly Fault[] = [...values, ...parts]
