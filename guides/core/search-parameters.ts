/**
 * What a search parameter looks at: our own reading of FHIR R4 search and of the parameters of US Core and PDex, independent
 * of whoever answers.
 */
import { at, type Resource } from './received.ts'

export type ParameterKind = 'token' | 'reference' | 'date' | 'string' | 'uri'
export interface SearchParameter {
  readonly kind: ParameterKind
  /** Dotted paths; a value at any of them counts. */
  readonly paths: readonly string[]
}

const token = (...paths: string[]): SearchParameter => ({ kind: 'token', paths })
const reference = (...paths: string[]): SearchParameter => ({ kind: 'reference', paths })
const date = (...paths: string[]): SearchParameter => ({ kind: 'date', paths })
const string = (...paths: string[]): SearchParameter => ({ kind: 'string', paths })
const uri = (...paths: string[]): SearchParameter => ({ kind: 'uri', paths })

/** Parameters of every type. */
const common: Readonly<Record<string, SearchParameter>> = {
  _id: token('id'),
  _lastUpdated: date('meta.lastUpdated'),
}

const parameters: Readonly<Record<string, Readonly<Record<string, SearchParameter>>>> = {
  AllergyIntolerance: { patient: reference('patient'), 'clinical-status': token('clinicalStatus') },
  CarePlan: {
    patient: reference('subject'),
    category: token('category'),
    status: token('status'),
    date: date('period'),
  },
  CareTeam: { patient: reference('subject'), status: token('status'), role: token('participant.role') },
  Condition: {
    patient: reference('subject'),
    category: token('category'),
    'clinical-status': token('clinicalStatus'),
    code: token('code'),
    encounter: reference('encounter'),
    'recorded-date': date('recordedDate'),
    'onset-date': date('onsetDateTime', 'onsetPeriod'),
    'abatement-date': date('abatementDateTime', 'abatementPeriod'),
  },
  Coverage: { patient: reference('beneficiary') },
  Device: { patient: reference('patient'), type: token('type'), status: token('status') },
  DiagnosticReport: {
    patient: reference('subject'),
    category: token('category'),
    code: token('code'),
    date: date('effectiveDateTime', 'effectivePeriod'),
    status: token('status'),
  },
  DocumentReference: {
    patient: reference('subject'),
    type: token('type'),
    category: token('category'),
    date: date('date'),
    period: date('context.period'),
    status: token('status'),
  },
  Encounter: {
    patient: reference('subject'),
    date: date('period'),
    identifier: token('identifier'),
    type: token('type'),
    class: token('class'),
    status: token('status'),
    location: reference('location.location'),
    'discharge-disposition': token('hospitalization.dischargeDisposition'),
  },
  ExplanationOfBenefit: {
    patient: reference('patient'),
    type: token('type'),
    identifier: token('identifier'),
    use: token('use'),
    'service-date': date('billablePeriod', 'item.servicedDate', 'item.servicedPeriod'),
  },
  Goal: {
    patient: reference('subject'),
    'target-date': date('target.dueDate'),
    description: token('description'),
    'lifecycle-status': token('lifecycleStatus'),
  },
  Immunization: { patient: reference('patient'), date: date('occurrenceDateTime'), status: token('status') },
  Location: {
    name: string('name', 'alias'),
    address: string('address'),
    'address-city': string('address.city'),
    'address-state': string('address.state'),
    'address-postalcode': string('address.postalCode'),
  },
  MedicationDispense: { patient: reference('subject'), status: token('status'), type: token('type') },
  MedicationRequest: {
    patient: reference('subject'),
    intent: token('intent'),
    status: token('status'),
    encounter: reference('encounter'),
    authoredon: date('authoredOn'),
  },
  Observation: {
    patient: reference('subject'),
    category: token('category'),
    code: token('code'),
    date: date('effectiveDateTime', 'effectivePeriod', 'effectiveInstant'),
    status: token('status'),
  },
  Organization: { name: string('name', 'alias'), address: string('address') },
  Patient: {
    identifier: token('identifier'),
    name: string('name'),
    family: string('name.family'),
    given: string('name.given'),
    birthdate: date('birthDate'),
    gender: token('gender'),
    'death-date': date('deceasedDateTime'),
  },
  Practitioner: { name: string('name'), identifier: token('identifier') },
  PractitionerRole: { specialty: token('specialty'), practitioner: reference('practitioner') },
  Procedure: {
    patient: reference('subject'),
    date: date('performedDateTime', 'performedPeriod'),
    code: token('code'),
    status: token('status'),
  },
  Provenance: { target: reference('target'), patient: reference('target') },
  QuestionnaireResponse: {
    patient: reference('subject'),
    questionnaire: uri('questionnaire'),
    authored: date('authored'),
    status: token('status'),
  },
  RelatedPerson: { patient: reference('patient'), name: string('name') },
  ServiceRequest: {
    patient: reference('subject'),
    category: token('category'),
    code: token('code'),
    authored: date('authoredOn'),
    status: token('status'),
  },
  Specimen: { patient: reference('subject') },
}

/** The definition of a type's parameter, as far as we know it; Condition's asserted-date reads its extension. */
export const parameterOf = (type: string, name: string): SearchParameter | undefined =>
  common[name] ?? (name === 'asserted-date' ? date('#asserted') : parameters[type]?.[name])

const assertedDate = 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate'

/** The values that a parameter sees in a resource. */
export function valuesOf(resource: Resource, name: string): unknown[] {
  const definition = parameterOf(resource.resourceType, name)
  if (!definition) return []
  return definition.paths.flatMap((path) =>
    path === '#asserted'
      ? (at(resource, 'extension') as { url?: string; valueDateTime?: string }[])
          .filter(({ url }) => url === assertedDate)
          .flatMap(({ valueDateTime }) => valueDateTime ?? [])
      : at(resource, path),
  )
}

/** Dates that are days and no instants: there a search names a day, too. */
export const isDay = (type: string, name: string): boolean =>
  (type === 'Patient' && (name === 'birthdate' || name === 'death-date')) || (type === 'Goal' && name === 'target-date')
