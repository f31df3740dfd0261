/** Which spots fit, what is required where, and how things are put together: shared by the classes of defects. */
import { isObject, type Json, on, type Plant, type Spot } from './spots.ts'

export const string = ({ value }: Spot): boolean => typeof value === 'string'
export const scalar = ({ parent }: Spot): boolean => !Array.isArray(parent)
export const dateLike = /^\d{4}-\d{2}-\d{2}$/
export const dateTimeLike = /^\d{4}-\d{2}-\d{2}T/
export const isDate = (spot: Spot): boolean => string(spot) && dateLike.test(spot.value as string)
export const isDateTime = (spot: Spot): boolean => string(spot) && dateTimeLike.test(spot.value as string)
/** Arrays have the path of the list; HL7 and others name the list or its first value. */
export const listOrFirst = ({ path }: Spot): readonly string[] => [path, `${path}[0]`]
export const shape = [
  'structure-primitive-expected',
  'structure-object-expected',
  'primitive-format',
  'primitive-string',
  'structure-null',
]

export const requiredByCore: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['patient'],
  CarePlan: ['status', 'intent', 'subject'],
  Condition: ['subject'],
  Coverage: ['status', 'beneficiary', 'payor'],
  DiagnosticReport: ['status', 'code'],
  DocumentReference: ['status', 'content'],
  Encounter: ['status', 'class'],
  ExplanationOfBenefit: ['status', 'type', 'use', 'patient', 'created', 'insurer', 'provider', 'outcome', 'insurance'],
  Goal: ['lifecycleStatus', 'description', 'subject'],
  Immunization: ['status', 'vaccineCode', 'patient', 'occurrenceDateTime'],
  MedicationDispense: ['status', 'medicationCodeableConcept'],
  MedicationRequest: ['status', 'intent', 'subject', 'medicationCodeableConcept'],
  Observation: ['status', 'code'],
  Procedure: ['status', 'subject'],
  Provenance: ['target', 'recorded', 'agent'],
  QuestionnaireResponse: ['status'],
  ServiceRequest: ['status', 'intent', 'subject'],
}
export const requiredByProfile: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['code'],
  CareTeam: ['participant', 'subject'],
  Condition: ['code', 'category'],
  DocumentReference: ['type', 'category', 'subject'],
  Encounter: ['type', 'subject'],
  ExplanationOfBenefit: ['identifier', 'item', 'total'],
  Location: ['name'],
  Medication: ['code'],
  MedicationDispense: ['subject'],
  Observation: ['subject', 'category'],
  Organization: ['name', 'active'],
  Patient: ['identifier', 'name', 'gender'],
  Practitioner: ['identifier', 'name'],
  Procedure: ['code'],
  QuestionnaireResponse: ['questionnaire', 'subject', 'authored'],
  ServiceRequest: ['code'],
}

/** Takes away one of the elements that the table names. */
export const without =
  (table: Readonly<Record<string, readonly string[]>>): Plant =>
  (original, pick) => {
    const type = String(original.resourceType)
    const names = (table[type] ?? []).filter((name) => original[name] !== undefined)
    const name = pick(names)
    if (name === undefined) return undefined
    const resource = structuredClone(original)
    delete resource[name]
    return {
      resource,
      paths: [`${type}.${name.replace(/(?<=medication|occurrence)[A-Z].*/, '')}`],
      reasons: ['cardinality-min', 'slice-min'],
    }
  }

export const extensionBirthSex = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex'
export const concept = (system: string, code: string): Json => ({ coding: [{ system, code }] })
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const vital = (resource: Json): boolean => JSON.stringify(resource.category ?? '').includes('vital-signs')

/** Types that a field of that name can never refer to, whatever the resource. */
export const wrongTarget: Readonly<Record<string, string>> = {
  beneficiary: 'Organization/1',
  patient: 'Practitioner/1',
  insurer: 'Patient/1',
  encounter: 'Patient/1',
  requester: 'Observation/1',
  subject: 'Claim/1',
}

export const html = (div: string): Plant =>
  on(
    undefined,
    (resource) => {
      if (resource.resourceType === 'Binary') return undefined
      resource.text = { status: 'generated', div }
      return [`${resource.resourceType}.text.div`, `${resource.resourceType}.text`]
    },
    ['narrative-xhtml', 'txt-1', 'txt-2'],
  )
export const xhtml = (inner: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`

/** A Bundle of the resource and its patient, sound as it is. */
export const bundled = (resource: Json, type: string, entry: Json = {}): Json => ({
  resourceType: 'Bundle',
  type,
  entry: [
    {
      fullUrl: 'urn:uuid:2e1c1e8c-5a0e-4b57-9d1e-0f6f2b3c4d5e',
      resource: {
        resourceType: 'Patient',
        id: 'p',
        identifier: [{ system: 'urn:oid:1.2.3', value: '1' }],
        name: [{ family: 'Sound' }],
        gender: 'other',
      },
      ...entry,
    },
    { fullUrl: `https://payer.example/fhir/${resource.resourceType}/${resource.id}`, resource, ...entry },
  ],
})
export const inBundle =
  (
    type: string,
    change: (bundle: Json, entries: Json[]) => readonly string[] | undefined,
    reasons: readonly string[],
    entry: Json = {},
  ): Plant =>
  (original) => {
    if (original.resourceType === 'Patient') return undefined
    const resource = bundled(structuredClone(original), type, entry)
    const paths = change(resource, resource.entry as Json[])
    return paths && { resource, paths, reasons }
  }

/** Points a reference of the resource at a urn that the Bundle does not hold. */
export function bundleReference(resource: Json): readonly string[] | undefined {
  for (const name of ['subject', 'patient', 'beneficiary'])
    if (isObject(resource[name])) {
      resource[name] = { reference: 'urn:uuid:00000000-0000-4000-8000-00000000dead' }
      return [`Bundle.entry[2].resource.${name}`, `Bundle.entry[2].resource.${name}.reference`]
    }
  return undefined
}

/** The first entry of a document: about the others. */
export const compositionOf = (entries: readonly Json[]): Json => ({
  resourceType: 'Composition',
  status: 'final',
  type: { text: 'Record' },
  date: '2026-01-02',
  title: 'Record',
  author: [{ reference: entries[0]?.fullUrl }],
  section: [
    {
      title: 'All',
      text: { status: 'generated', div: xhtml('All') },
      entry: entries.map(({ fullUrl }) => ({ reference: fullUrl })),
    },
  ],
})
