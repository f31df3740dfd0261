/** Which profiles the records of each type follow, by edition: what the CapabilityStatement lists as supported. */
import { type Editions, holdsAt } from '../../harness/edition.ts'

const usCore = (...names: string[]): string[] =>
  names.map((n) => `http://hl7.org/fhir/us/core/StructureDefinition/${n}`)
const pdex = (...names: string[]): string[] =>
  names.map((n) => `http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/${n}`)
const carin = (...kinds: string[]): string[] =>
  kinds.map((k) => `http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-ExplanationOfBenefit-${k}-Basis`)

/** The same in every edition of US Core that PDex knows. */
const constant: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: usCore('us-core-allergyintolerance'),
  CarePlan: usCore('us-core-careplan'),
  CareTeam: usCore('us-core-careteam'),
  Coverage: ['http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-coverage'],
  Device: [...usCore('us-core-implantable-device'), ...pdex('pdex-device')],
  DiagnosticReport: usCore('us-core-diagnosticreport-note', 'us-core-diagnosticreport-lab'),
  DocumentReference: usCore('us-core-documentreference'),
  Encounter: usCore('us-core-encounter'),
  ExplanationOfBenefit: [
    ...pdex('pdex-priorauthorization'),
    ...carin('Inpatient-Institutional', 'Outpatient-Institutional', 'Professional-NonClinician', 'Pharmacy', 'Oral'),
  ],
  Goal: usCore('us-core-goal'),
  Immunization: usCore('us-core-immunization'),
  Location: usCore('us-core-location'),
  Medication: usCore('us-core-medication'),
  MedicationRequest: usCore('us-core-medicationrequest'),
  Organization: usCore('us-core-organization'),
  Patient: usCore('us-core-patient'),
  Practitioner: usCore('us-core-practitioner'),
  PractitionerRole: usCore('us-core-practitionerrole'),
  Procedure: usCore('us-core-procedure'),
  Provenance: [...usCore('us-core-provenance'), ...pdex('pdex-provenance')],
}

const old: Readonly<Record<string, readonly string[]>> = {
  Condition: usCore('us-core-condition'),
  MedicationDispense: pdex('pdex-medicationdispense'),
  Observation: usCore(
    'us-core-observation-lab',
    'us-core-smokingstatus',
    'us-core-pulse-oximetry',
    'pediatric-bmi-for-age',
    'pediatric-weight-for-height',
    'head-occipital-frontal-circumference-percentile',
  ).concat('http://hl7.org/fhir/StructureDefinition/vitalsigns'),
}

const modern: Readonly<Record<string, readonly string[]>> = {
  Condition: usCore('us-core-condition-encounter-diagnosis', 'us-core-condition-problems-health-concerns'),
  Coverage: [...(constant.Coverage ?? []), ...usCore('us-core-coverage')],
  MedicationDispense: [...usCore('us-core-medicationdispense'), ...pdex('pdex-medicationdispense')],
  Observation: usCore(
    'us-core-observation-lab',
    'us-core-observation-clinical-result',
    'us-core-observation-screening-assessment',
    'us-core-observation-occupation',
    'us-core-observation-pregnancystatus',
    'us-core-observation-pregnancyintent',
    'us-core-observation-sexual-orientation',
    'us-core-simple-observation',
    'us-core-smokingstatus',
    'us-core-vital-signs',
    'us-core-blood-pressure',
    'us-core-bmi',
    'us-core-body-height',
    'us-core-body-temperature',
    'us-core-body-weight',
    'us-core-head-circumference',
    'us-core-heart-rate',
    'us-core-pulse-oximetry',
    'us-core-respiratory-rate',
    'pediatric-bmi-for-age',
    'pediatric-weight-for-height',
    'head-occipital-frontal-circumference-percentile',
  ),
  QuestionnaireResponse: usCore('us-core-questionnaireresponse'),
  RelatedPerson: usCore('us-core-relatedperson'),
  ServiceRequest: usCore('us-core-servicerequest'),
  Specimen: usCore('us-core-specimen'),
}

/** US Core 6.1 or later. */
export const isModern = (editions: Editions): boolean => holdsAt('6.0+', editions['us-core'] ?? '6.1')

/** Canonicals of the profiles of a type; none where the records follow FHIR alone. */
export const supportedProfiles = (type: string, editions: Editions): readonly string[] =>
  (isModern(editions) ? modern : old)[type] ?? constant[type] ?? []
