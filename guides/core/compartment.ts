/** Whose a resource is: the elements by which a type belongs to a patient (FHIR R4 CompartmentDefinition patient). */
import type { Resource } from './received.ts'
import { at } from './received.ts'
import { anyKey } from './rest.ts'

/** Type -> the element that names the patient whom it is about. */
const subjects: Readonly<Record<string, string>> = {
  AdverseEvent: 'subject',
  AllergyIntolerance: 'patient',
  CarePlan: 'subject',
  CareTeam: 'subject',
  Claim: 'patient',
  ClaimResponse: 'patient',
  ClinicalImpression: 'subject',
  Condition: 'subject',
  Consent: 'patient',
  Coverage: 'beneficiary',
  Device: 'patient',
  DeviceRequest: 'subject',
  DiagnosticReport: 'subject',
  DocumentReference: 'subject',
  Encounter: 'subject',
  ExplanationOfBenefit: 'patient',
  FamilyMemberHistory: 'patient',
  Goal: 'subject',
  ImagingStudy: 'subject',
  Immunization: 'patient',
  Media: 'subject',
  MedicationAdministration: 'subject',
  MedicationDispense: 'subject',
  MedicationRequest: 'subject',
  MedicationStatement: 'subject',
  NutritionOrder: 'patient',
  Observation: 'subject',
  Procedure: 'subject',
  QuestionnaireResponse: 'subject',
  RelatedPerson: 'patient',
  ServiceRequest: 'subject',
  Specimen: 'subject',
}

/** Types that belong to nobody: a record points to them, and two members may share them. */
export const sharedTypes: ReadonlySet<string> = new Set([
  'Endpoint',
  'HealthcareService',
  'Location',
  'Medication',
  'Organization',
  'OrganizationAffiliation',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'ValueSet',
])

/** True for a type whose resources are about one patient, Patient included. */
export const isPersonal = (type: string): boolean => type === 'Patient' || type in subjects

/** `Patient/id` of those whom a resource is about: itself for a Patient, nothing for what belongs to nobody. */
export function patientsOf(resource: Resource): string[] {
  if (resource.resourceType === 'Patient') return [`Patient/${resource.id ?? ''}`]
  const element = subjects[resource.resourceType]
  if (!element) return []
  return at(resource, `${element}.reference`)
    .map((reference) => anyKey(String(reference)))
    .filter((key) => key?.startsWith('Patient/'))
    .map(String)
}
