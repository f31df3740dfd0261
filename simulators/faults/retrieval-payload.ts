/** Ways to get the resources themselves wrong: elements that are missing, empty or of another kind, whichever way they are asked for. */
import type { FhirResource } from '../../harness/person.ts'
import type { Fault } from './fault.ts'
import { fault, misanswer, recast, type Spoil } from './spoiling.ts'

/** A resource as plain JSON, to be changed in place. */
export type Plain = { resourceType: string; [element: string]: unknown }

/** Every resource of every answer changed: alone, in a Bundle, in a line of a file. */
export const everyResource = (change: (resource: Plain) => void): Spoil =>
  misanswer(async (answer) => {
    const type = answer.headers.get('content-type') ?? ''
    if (answer.status !== 200 || !/fhir\+(nd)?json/.test(type)) return answer
    const text = await answer.text()
    if (type.includes('ndjson'))
      return recast(
        answer,
        text.replace(/^\{.*\}$/gm, (line) => changed(JSON.parse(line), change)),
      )
    const body = JSON.parse(text) as Plain & { entry?: { resource?: Plain }[] }
    if (body.resourceType === 'Bundle') for (const { resource } of body.entry ?? []) if (resource) change(resource)
    return recast(answer, body.resourceType === 'Bundle' ? JSON.stringify(body) : changed(body, change))
  })

function changed(resource: Plain, change: (resource: Plain) => void): string {
  if (!['CapabilityStatement', 'OperationOutcome'].includes(resource.resourceType)) change(resource)
  return JSON.stringify(resource)
}

/** Only resources of that type. */
export const every = (type: FhirResource['resourceType'], change: (resource: Plain) => void): Spoil =>
  everyResource((resource) => {
    if (resource.resourceType === type) change(resource)
  })

/** The text of a resource changed. */
export const reworded = (resource: Plain, change: (text: string) => string): void => {
  const next = JSON.parse(change(JSON.stringify(resource))) as Plain
  for (const name of Object.keys(resource)) delete resource[name]
  Object.assign(resource, next)
}
const rewritten = (type: FhirResource['resourceType'], change: (text: string) => string): Spoil =>
  every(type, (resource) => reworded(resource, change))

/** Type -> an element that its profile cannot do without. */
const indispensable: Readonly<Record<string, string>> = {
  AllergyIntolerance: 'code',
  CarePlan: 'intent',
  CareTeam: 'participant',
  Condition: 'code',
  Device: 'patient',
  DiagnosticReport: 'code',
  DocumentReference: 'type',
  ExplanationOfBenefit: 'insurer',
  Goal: 'description',
  Immunization: 'vaccineCode',
  Location: 'name',
  Medication: 'code',
  MedicationDispense: 'status',
  MedicationRequest: 'intent',
  Observation: 'code',
  Organization: 'name',
  Patient: 'name',
  Practitioner: 'name',
  PractitionerRole: 'telecom',
  Procedure: 'code',
}

export const nodesWith = (value: unknown, name: string, visit: (node: Record<string, unknown>) => void): void => {
  if (Array.isArray(value)) for (const item of value) nodesWith(item, name, visit)
  else if (value !== null && typeof value === 'object') {
    if (name in value) visit(value as Record<string, unknown>)
    for (const item of Object.values(value)) nodesWith(item, name, visit)
  }
}
const drop =
  (...names: string[]) =>
  (resource: Plain): void => {
    for (const name of names) delete resource[name]
  }

const reasonUrl = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason'
const discriminator = 'PDexAdjudicationDiscriminator'

export const unsoundPayload: readonly Fault[] = [
  fault(
    'records-lack-what-is-required',
    'Every record comes without an element that its profile requires',
    'all',
    `PDEX-013 PDEX-021 PDEX-022 PDEX-023 PDEX-025 PDEX-038 PDEX-040 PDEX-041 PDEX-042 PDEX-044 PDEX-045 PDEX-046 PDEX-047 PDEX-048
     PDEX-049 PDEX-050 PDEX-051 PDEX-052 PDEX-053 PDEX-054 PDEX-056 PDEX-059 PDEX-060 PDEX-327 PDEX-337 PDEX-473 HREX-033 HREX-038
     CORE-062`.split(/\s+/),
    everyResource((resource) => {
      const element = indispensable[resource.resourceType]
      if (element) delete resource[element]
    }),
  ),
  fault(
    'must-support-is-kept-back',
    'Elements that the payer holds and the profiles support never come',
    'all',
    ['PDEX-006', 'PDEX-014', 'HREX-031', 'CORE-060'],
    everyResource(drop('onsetDateTime', 'effectiveDateTime', 'performedDateTime', 'telecom')),
  ),
  fault(
    'parts-are-kept-back',
    'Names come without given names, addresses without lines',
    'all',
    ['PDEX-015'],
    every('Patient', (resource) => {
      for (const name of [...((resource.name as object[]) ?? []), ...((resource.address as object[]) ?? [])])
        for (const part of ['given', 'line']) delete (name as Record<string, unknown>)[part]
    }),
  ),
  fault(
    'values-are-empty',
    'Elements without a value come as empty strings',
    'all',
    ['PDEX-009', 'HREX-033', 'CORE-062'],
    every('Patient', (resource) => {
      resource.maritalStatus = { text: '' }
    }),
  ),
  fault(
    'reasons-are-made-up',
    'A missing value is explained by a code that nobody knows',
    'all',
    ['CORE-064'],
    every('Patient', (resource) => {
      resource._deceasedDateTime = { extension: [{ url: reasonUrl, valueCode: 'dunno' }] }
    }),
  ),
  fault(
    'member-numbers-have-no-type',
    'The member number of a Patient has another type',
    'all',
    ['PDEX-039'],
    rewritten('Patient', (text) => text.replaceAll('"MB"', '"PI"')),
  ),
  fault(
    'social-security-numbers-are-shown',
    'A Patient is identified by Social Security Number',
    'all',
    ['PDEX-376'],
    every('Patient', (resource) => {
      ;(resource.identifier as object[]).push({ system: 'http://hl7.org/fhir/sid/us-ssn', value: '000-00-0000' })
    }),
  ),
  fault(
    'authorizations-name-no-profile',
    'Prior authorizations do not name their profile',
    'all',
    ['PDEX-464', 'PDEX-023'],
    rewritten('ExplanationOfBenefit', (text) =>
      text.replace(/"http[^"]*pdex-priorauthorization[^"]*"/, '"http://example.org/other"'),
    ),
  ),
  fault(
    'authorizations-are-predetermined',
    'Prior authorizations are of another use than their profile wants',
    'all',
    ['PDEX-465'],
    rewritten('ExplanationOfBenefit', (text) => text.replace('"use":"preauthorization"', '"use":"predetermination"')),
  ),
  fault(
    'authorizations-are-homemade',
    'Prior authorizations use codes of the house, and point at whom they like',
    'all',
    ['PDEX-466', 'PDEX-467', 'PDEX-468', 'PDEX-469', 'PDEX-470', 'PDEX-471'],
    every('ExplanationOfBenefit', (resource) => {
      if (resource.use !== 'preauthorization') return
      resource.provider = { reference: 'RelatedPerson/somebody' }
      reworded(resource, (text) =>
        text
          .replaceAll('https://x12.org/codes', 'https://house.example')
          .replaceAll('https://codesystem.x12.org', 'https://house.example')
          .replaceAll('http://www.ama-assn.org/go/cpt', 'https://house.example/procedures')
          .replaceAll('https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets', 'https://house.example/procedures')
          .replaceAll(`${discriminator}","code":"allowedunits"`, `${discriminator}","code":"manyunits"`),
      )
    }),
  ),
  fault(
    'devices-lose-their-udi',
    'The UDI of a device comes without its readable form',
    'all',
    ['PDEX-361'],
    every('Device', (resource) => nodesWith(resource, 'carrierHRF', (node) => delete node.carrierHRF)),
  ),
  fault(
    'dispenses-have-no-ndc',
    'Dispenses name their drug by RxNorm alone, and count refills without a unit',
    'all',
    ['PDEX-474', 'PDEX-475'],
    every('MedicationDispense', (resource) => {
      reworded(resource, (text) =>
        text.replaceAll('http://hl7.org/fhir/sid/ndc', 'http://www.nlm.nih.gov/research/umls/rxnorm'),
      )
      nodesWith(resource, 'valueQuantity', (node) => {
        if (!String(node.url).endsWith('DispenseRefill')) return
        delete node.valueQuantity
        node.valueInteger = 1
      })
    }),
  ),
  fault(
    'choices-are-left-open',
    'Of elements that a server may choose from it gives none',
    'all',
    ['PDEX-363', 'PDEX-368', 'PDEX-369', 'PDEX-370', 'PDEX-373', 'PDEX-374', 'PDEX-375'],
    everyResource((resource) => {
      const left: Readonly<Record<string, readonly string[]>> = {
        CareTeam: ['participant'],
        Encounter: ['reasonCode', 'reasonReference', 'location', 'serviceProvider'],
        Goal: ['startDate', 'target'],
        Condition: ['recordedDate', 'onsetDateTime', 'extension'],
        MedicationRequest: ['reportedBoolean', 'reportedReference'],
        Observation: Object.keys(resource).filter((name) => /^(value|component|dataAbsentReason|hasMember)/.test(name)),
        Organization: ['identifier'],
      }
      drop(...(left[resource.resourceType] ?? []))(resource)
    }),
  ),
  fault(
    'documents-have-no-content',
    'Documents come with neither content nor custodian',
    'all',
    ['PDEX-365'],
    every('DocumentReference', (resource) => {
      delete resource.custodian
      nodesWith(resource, 'attachment', (node) => {
        node.attachment = { contentType: 'text/plain' }
      })
    }),
  ),
  fault(
    'provenance-has-no-format',
    'Provenance does not tell in what form the data came',
    'all',
    ['PDEX-064', 'PDEX-066'],
    every('Provenance', drop('entity', 'recorded')),
  ),
  fault(
    'provenance-format-is-a-word',
    'The source format of a Provenance is a string, and stands on the agent',
    'all',
    ['PDEX-477'],
    every('Provenance', (resource) =>
      nodesWith(resource, 'valueCodeableConcept', (node) => {
        delete node.valueCodeableConcept
        node.valueString = 'fax'
      }),
    ),
  ),
  fault(
    'provenance-of-machines',
    'Provenance names a device as its author and a format that nobody knows',
    'all',
    ['PDEX-476'],
    every('Provenance', (resource) => {
      for (const agent of resource.agent as { who: object }[]) agent.who = { reference: 'Device/machine' }
    }),
  ),
  fault(
    'claims-came-by-mail',
    'Provenance of claims tells a form of no claim',
    'all',
    ['PDEX-074'],
    rewritten('Provenance', (text) => text.replaceAll(/"(x12\w+|ncpdp|script)"/g, '"unstructured"')),
  ),
  fault(
    'organizations-enter-data',
    'Provenance names an organization as who entered the data',
    'all',
    ['HREX-064'],
    rewritten('Provenance', (text) => text.replaceAll('"transmitter"', '"enterer"')),
  ),
  fault(
    'relatives-act-for-patients',
    'Provenance says that a relative acts for the Patient',
    'all',
    ['HREX-065'],
    every('Provenance', (resource) => {
      for (const agent of resource.agent as Record<string, unknown>[]) {
        agent.who = { reference: 'RelatedPerson/somebody' }
        agent.onBehalfOf = { reference: 'Patient/somebody' }
      }
    }),
  ),
  fault(
    'references-name-versions-by-a-bar',
    'References name a version, and not as FHIR does',
    'all',
    ['PDEX-035'],
    every('Condition', (resource) => {
      resource.encounter = { reference: 'Encounter/somewhere|2' }
    }),
  ),
]
