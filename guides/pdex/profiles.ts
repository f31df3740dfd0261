/**
 * The table of what a payer shares about a member: types, and the profiles that each may satisfy, by edition
 * (PDex p2p-single, profile and resource table; datamapping; CARIN Basis for claims).
 */
import type { Editions } from '../../harness/edition.ts'
import { claimedProfiles, codingsAt, type Resource } from '../core/received.ts'

const usCore = (id: string): string => `http://hl7.org/fhir/us/core/StructureDefinition/${id}`
const pdex = (id: string): string => `http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/${id}`
const carin = (id: string): string =>
  `http://hl7.org/fhir/us/carin-bb/StructureDefinition/C4BB-ExplanationOfBenefit-${id}-Basis`
const base = (id: string): string => `http://hl7.org/fhir/StructureDefinition/${id}`

export const priorAuthorization = pdex('pdex-priorauthorization')
export const pdexProvenance = pdex('pdex-provenance')
export const pdexDevice = pdex('pdex-device')
export const pdexMedicationDispense = pdex('pdex-medicationdispense')
export const usCoreMedicationDispense = usCore('us-core-medicationdispense')
export const implantableDevice = usCore('us-core-implantable-device')
export const hrexCoverage = 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-coverage'

/** True for US Core 6.1 and 7.0, whose shapes differ from 3.1.1. */
export const isModern = (editions: Editions): boolean => Number((editions['us-core'] ?? '6.1.0').split('.')[0]) >= 6

/** How a type of the table is searched for the whole of a member; the others are reached by reference. */
export interface PayloadType {
  readonly type: string
  /** Belongs to the member, and is searched by `patient`. */
  readonly personal: boolean
  /** Only in US Core 6.1 and later. */
  readonly modern?: true
  /** Beyond the table of PDex: part of the 6.1 CapabilityStatement only. */
  readonly beyond?: true
}

const personal = (type: string, more: Partial<PayloadType> = {}): PayloadType => ({ type, personal: true, ...more })
const shared = (type: string): PayloadType => ({ type, personal: false })

/** The table, in the order of the guide's alphabet. */
export const payloadTypes: readonly PayloadType[] = [
  personal('AllergyIntolerance'),
  personal('CarePlan'),
  personal('CareTeam'),
  personal('Condition'),
  personal('Coverage'),
  personal('Device'),
  personal('DiagnosticReport'),
  personal('DocumentReference'),
  personal('Encounter'),
  personal('ExplanationOfBenefit'),
  personal('Goal'),
  personal('Immunization'),
  shared('Location'),
  shared('Medication'),
  personal('MedicationDispense'),
  personal('MedicationRequest'),
  personal('Observation'),
  shared('Organization'),
  personal('Patient'),
  shared('Practitioner'),
  shared('PractitionerRole'),
  personal('Procedure'),
  shared('Provenance'),
  personal('QuestionnaireResponse', { modern: true, beyond: true }),
  personal('RelatedPerson', { modern: true, beyond: true }),
  personal('ServiceRequest', { modern: true, beyond: true }),
  personal('Specimen', { modern: true, beyond: true }),
]

/** The types of the table that are searched by patient, in that edition. */
export const searchedTypes = (editions: Editions): readonly string[] =>
  payloadTypes
    .filter(
      ({ personal, modern, type, beyond }) =>
        personal && type !== 'Patient' && !beyond && (!modern || isModern(editions)),
    )
    .map(({ type }) => type)

/** Types with one US Core profile whose id follows the type. */
const plain: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'us-core-allergyintolerance',
  CarePlan: 'us-core-careplan',
  CareTeam: 'us-core-careteam',
  DocumentReference: 'us-core-documentreference',
  Encounter: 'us-core-encounter',
  Goal: 'us-core-goal',
  Immunization: 'us-core-immunization',
  Location: 'us-core-location',
  Medication: 'us-core-medication',
  MedicationRequest: 'us-core-medicationrequest',
  Organization: 'us-core-organization',
  Patient: 'us-core-patient',
  Practitioner: 'us-core-practitioner',
  PractitionerRole: 'us-core-practitionerrole',
  Procedure: 'us-core-procedure',
}
const plainModern: Readonly<Record<string, string>> = {
  QuestionnaireResponse: 'us-core-questionnaireresponse',
  RelatedPerson: 'us-core-relatedperson',
  ServiceRequest: 'us-core-servicerequest',
  Specimen: 'us-core-specimen',
}

/** LOINC codes whose Observations have a profile of their own. */
const byCode = (editions: Editions): Readonly<Record<string, string>> => ({
  '8289-1': 'head-occipital-frontal-circumference-percentile',
  '59576-9': 'pediatric-bmi-for-age',
  '77606-2': 'pediatric-weight-for-height',
  '59408-5': 'us-core-pulse-oximetry',
  '2708-6': 'us-core-pulse-oximetry',
  '72166-2': 'us-core-smokingstatus',
  ...(isModern(editions)
    ? {
        '85354-9': 'us-core-blood-pressure',
        '39156-5': 'us-core-bmi',
        '8302-2': 'us-core-body-height',
        '8310-5': 'us-core-body-temperature',
        '29463-7': 'us-core-body-weight',
        '9843-4': 'us-core-head-circumference',
        '8867-4': 'us-core-heart-rate',
        '9279-1': 'us-core-respiratory-rate',
        '11341-5': 'us-core-observation-occupation',
        '86645-9': 'us-core-observation-pregnancyintent',
        '82810-3': 'us-core-observation-pregnancystatus',
        '76690-7': 'us-core-observation-sexual-orientation',
      }
    : {}),
})

function observationProfiles(resource: Resource, editions: Editions): string[] {
  const codes = codingsAt(resource, 'code').map(({ code }) => code ?? '')
  const categories = new Set(codingsAt(resource, 'category').map(({ code }) => code))
  const own = codes.flatMap((code) => byCode(editions)[code] ?? []).map(usCore)
  if (own.length > 0) return [...new Set(own)]
  if (categories.has('vital-signs')) return [isModern(editions) ? usCore('us-core-vital-signs') : base('vitalsigns')]
  if (categories.has('laboratory')) return [usCore('us-core-observation-lab')]
  if (!isModern(editions)) return [base('Observation')]
  return [
    'us-core-observation-screening-assessment',
    'us-core-simple-observation',
    'us-core-observation-clinical-result',
  ].map(usCore)
}

function conditionProfiles(resource: Resource, editions: Editions): string[] {
  if (!isModern(editions)) return [usCore('us-core-condition')]
  const split = ['us-core-condition-encounter-diagnosis', 'us-core-condition-problems-health-concerns'].map(usCore)
  const encounter = codingsAt(resource, 'category').some(({ code }) => code === 'encounter-diagnosis')
  return encounter ? split : split.reverse()
}

const diagnosticReportProfiles = (resource: Resource): string[] => {
  const both = ['us-core-diagnosticreport-lab', 'us-core-diagnosticreport-note'].map(usCore)
  const laboratory = codingsAt(resource, 'category').some(({ code }) => code === 'LAB')
  return laboratory ? both : both.reverse()
}

/** Claims by type and subType; prior authorizations; nothing for a use that the guide does not name. */
function explanationProfiles(resource: Resource): string[] {
  if (resource.use === 'preauthorization') return [priorAuthorization]
  if (resource.use !== 'claim') return []
  const types = new Set(codingsAt(resource, 'type').map(({ code }) => code))
  if (types.has('pharmacy')) return [carin('Pharmacy')]
  if (types.has('oral')) return [carin('Oral')]
  if (types.has('professional') || types.has('vision')) return [carin('Professional-NonClinician')]
  if (!types.has('institutional')) return []
  const inpatient = codingsAt(resource, 'subType').some(({ code }) => code === 'inpatient')
  return [carin(inpatient ? 'Inpatient-Institutional' : 'Outpatient-Institutional')]
}

const clinicalDevice = (resource: Resource): string[] =>
  resource.udiCarrier === undefined ? [pdexDevice, implantableDevice] : [implantableDevice, pdexDevice]

/**
 * The profiles one of which the resource must satisfy, likeliest first; none when the guides profile nothing of the kind. An
 * instance that claims a legal one in meta.profile, with or without a version, has that one first.
 */
export function legalProfiles(resource: Resource, editions: Editions): readonly string[] {
  const legal = profilesOf(resource, editions)
  const claims = new Set(claimedProfiles(resource).map((canonical) => canonical.split('|')[0]))
  return [...legal.filter((profile) => claims.has(profile)), ...legal.filter((profile) => !claims.has(profile))]
}

function profilesOf(resource: Resource, editions: Editions): string[] {
  const { resourceType: type } = resource
  const simple = plain[type] ?? (isModern(editions) ? plainModern[type] : undefined)
  if (simple) return [usCore(simple)]
  switch (type) {
    case 'Condition':
      return conditionProfiles(resource, editions)
    case 'Coverage':
      return isModern(editions) ? [hrexCoverage, usCore('us-core-coverage')] : [hrexCoverage]
    case 'Device':
      return clinicalDevice(resource)
    case 'DiagnosticReport':
      return diagnosticReportProfiles(resource)
    case 'ExplanationOfBenefit':
      return explanationProfiles(resource)
    case 'MedicationDispense':
      return isModern(editions) ? [usCoreMedicationDispense, pdexMedicationDispense] : [pdexMedicationDispense]
    case 'Observation':
      return observationProfiles(resource, editions)
    case 'Provenance':
      return [pdexProvenance, usCore('us-core-provenance')]
    default:
      return []
  }
}

/** True for the CARIN Basis profiles: claims without money. */
export const isBasis = (profile: string): boolean => /\/C4BB-ExplanationOfBenefit-.*-Basis(\||$)/.test(profile)

/** True for a full CARIN claim profile: one with money. */
export const isFinancial = (profile: string): boolean =>
  /\/C4BB-ExplanationOfBenefit-/.test(profile) && !isBasis(profile)
