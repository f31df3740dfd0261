/**
 * What the CapabilityStatements of PDex ask of a server, type by type: interactions, and searches by a parameter or by several
 * together (pdex-server for US Core 3.1.1, pdex-server-6-1 for 6.1). One row a requirement and statement.
 */
import { type Editions, holdsAt } from '../../harness/edition.ts'
import type { Verb } from '../../harness/verdict.ts'
import { isModern } from './profiles.ts'

export type TypeInteraction = 'read' | 'search-type' | 'vread' | 'history-instance'

export interface CapabilityRow {
  readonly requirement: string
  readonly verb: Verb
  readonly type: string
  readonly interactions: readonly TypeInteraction[]
  /** Names of parameters that are used together, in the order of the statement. */
  readonly searches: readonly (readonly string[])[]
  /** Which statement says so. */
  readonly statement: 'both' | 'before 6' | 'from 6'
  /** The statements list the type without an expectation: it is judged where a server declares it. */
  readonly optional: boolean
}

const optional = new Set(['Consent', 'Group'])

const rowOf =
  (statement: CapabilityRow['statement']) =>
  (requirement: string, verb: Verb, type: string, interactions: string, searches: string): CapabilityRow => ({
    requirement,
    verb,
    type,
    interactions: interactions.split(' ').filter(Boolean) as TypeInteraction[],
    searches: searches
      .split(' ')
      .filter(Boolean)
      .map((together) => together.split('+')),
    statement,
    optional: optional.has(type),
  })
const row = rowOf('both')
const before6 = rowOf('before 6')
const from6 = rowOf('from 6')

/** DiagnosticReport of the older statement also lists patient+type, which is a leftover of Device: no such parameter exists. */
// biome-ignore format: columns carry meaning
export const capabilityRows: readonly CapabilityRow[] = [
  row('PDEX-380', 'SHALL', 'AllergyIntolerance', 'search-type read', 'patient'),
  before6('PDEX-381', 'SHOULD', 'AllergyIntolerance', 'vread history-instance', ''),
  from6('PDEX-381', 'SHOULD', 'AllergyIntolerance', 'vread history-instance', 'patient+clinical-status'),
  row('PDEX-382', 'SHALL', 'CarePlan', 'search-type read', 'patient+category'),
  row('PDEX-383', 'SHOULD', 'CarePlan', 'vread history-instance', 'patient+category+status patient+category+status+date patient+category+date'),
  row('PDEX-384', 'SHALL', 'CareTeam', 'search-type read', 'patient+status'),
  row('PDEX-385', 'SHOULD', 'CareTeam', 'vread history-instance', 'role patient+role'),
  row('PDEX-386', 'SHALL', 'Condition', 'search-type read', 'patient patient+category'),
  row('PDEX-387', 'SHOULD', 'Condition', 'vread history-instance', 'patient+recorded-date patient+asserted-date patient+category+clinical-status patient+onset-date patient+abatement-date patient+clinical-status patient+category+encounter patient+code'),
  row('PDEX-388', 'SHALL', 'Consent', '', 'patient'),
  row('PDEX-389', 'SHALL', 'Coverage', 'search-type read', 'patient'),
  row('PDEX-390', 'SHOULD', 'Coverage', 'vread history-instance', ''),
  from6('PDEX-391', 'SHALL', 'Device', 'search-type read', 'patient'),
  from6('PDEX-392', 'SHOULD', 'Device', 'vread history-instance', 'patient+type patient+status'),
  before6('PDEX-393', 'SHALL', 'DiagnosticReport', 'search-type read', 'patient'),
  from6('PDEX-393', 'SHALL', 'DiagnosticReport', 'search-type read', 'patient patient+category+date patient+category patient+code'),
  before6('PDEX-394', 'SHOULD', 'DiagnosticReport', 'vread history-instance', 'patient+status'),
  from6('PDEX-394', 'SHOULD', 'DiagnosticReport', 'vread history-instance', 'patient+code+date patient+status'),
  row('PDEX-395', 'SHALL', 'DocumentReference', 'search-type read', '_id patient patient+type patient+category+date patient+category'),
  row('PDEX-396', 'SHOULD', 'DocumentReference', 'vread history-instance', 'patient+status patient+type+period'),
  row('PDEX-397', 'SHALL', 'Encounter', 'search-type read', '_id patient date+patient'),
  row('PDEX-398', 'SHOULD', 'Encounter', 'vread history-instance', 'identifier patient+type class+patient patient+status patient+location patient+discharge-disposition'),
  from6('PDEX-399', 'SHOULD', 'Endpoint', 'read vread', ''),
  row('PDEX-400', 'SHALL', 'ExplanationOfBenefit', 'search-type read', '_id patient _lastUpdated type identifier service-date'),
  from6('PDEX-401', 'SHOULD', 'ExplanationOfBenefit', 'vread history-instance', ''),
  row('PDEX-402', 'SHALL', 'Goal', 'search-type read', 'patient'),
  row('PDEX-403', 'SHOULD', 'Goal', 'vread history-instance', 'patient+target-date patient+description patient+lifecycle-status'),
  row('PDEX-404', 'SHALL', 'Group', 'search-type read', 'identifier characteristic code'),
  row('PDEX-405', 'SHOULD', 'Group', 'vread history-instance', ''),
  row('PDEX-406', 'SHALL', 'Immunization', 'search-type read', 'patient'),
  row('PDEX-407', 'SHOULD', 'Immunization', 'vread history-instance', 'patient+date patient+status'),
  row('PDEX-408', 'SHALL', 'Location', 'search-type read', 'name address'),
  row('PDEX-409', 'SHOULD', 'Location', 'vread history-instance', 'address-city address-state address-postalcode'),
  row('PDEX-410', 'SHALL', 'Medication', 'read', ''),
  row('PDEX-411', 'SHOULD', 'Medication', 'vread history-instance', ''),
  row('PDEX-412', 'SHALL', 'MedicationDispense', 'search-type read', 'patient'),
  row('PDEX-413', 'SHOULD', 'MedicationDispense', 'vread history-instance', 'patient+status+type patient+status'),
  row('PDEX-414', 'SHALL', 'MedicationRequest', 'search-type read', 'patient+intent+status patient+intent'),
  row('PDEX-415', 'SHOULD', 'MedicationRequest', 'vread history-instance', 'patient+intent+encounter patient+intent+authoredon'),
  row('PDEX-416', 'SHALL', 'Observation', 'search-type read', 'patient+category+date patient+category patient+code'),
  before6('PDEX-417', 'SHOULD', 'Observation', 'vread history-instance', 'patient+category+status'),
  from6('PDEX-417', 'SHOULD', 'Observation', 'vread history-instance', 'patient+code+date patient+category+status'),
  row('PDEX-418', 'SHALL', 'Organization', 'search-type read', 'name address'),
  row('PDEX-419', 'SHOULD', 'Organization', 'vread history-instance', ''),
  row('PDEX-420', 'SHALL', 'Patient', 'search-type read', '_id identifier name birthdate+name gender+name'),
  before6('PDEX-421', 'SHOULD', 'Patient', 'vread history-instance', 'family+gender death-date+family'),
  from6('PDEX-421', 'SHOULD', 'Patient', 'vread history-instance', 'birthdate+family family+gender death-date+family'),
  row('PDEX-422', 'SHALL', 'Practitioner', 'search-type read', 'name identifier'),
  row('PDEX-423', 'SHOULD', 'Practitioner', 'vread history-instance', '_id'),
  row('PDEX-424', 'SHALL', 'PractitionerRole', 'search-type read', 'specialty practitioner'),
  row('PDEX-425', 'SHOULD', 'PractitionerRole', 'vread history-instance', ''),
  row('PDEX-426', 'SHALL', 'Procedure', 'search-type read', 'patient patient+date'),
  row('PDEX-427', 'SHOULD', 'Procedure', 'vread history-instance', 'patient+code+date patient+status'),
  row('PDEX-428', 'SHALL', 'Provenance', 'read', ''),
  row('PDEX-429', 'SHOULD', 'Provenance', 'vread history-instance', ''),
  from6('PDEX-430', 'SHOULD', 'Questionnaire', 'read vread', ''),
  from6('PDEX-431', 'SHALL', 'QuestionnaireResponse', '', '_id patient'),
  from6('PDEX-432', 'SHOULD', 'QuestionnaireResponse', 'search-type read vread history-instance', 'patient+questionnaire patient+authored patient+status'),
  from6('PDEX-433', 'SHALL', 'RelatedPerson', 'search-type read', '_id'),
  from6('PDEX-434', 'SHOULD', 'RelatedPerson', 'vread history-instance', 'patient name patient+name'),
  from6('PDEX-435', 'SHALL', 'ServiceRequest', 'read', 'patient _id patient+category+authored patient+category patient+code'),
  from6('PDEX-436', 'SHOULD', 'ServiceRequest', 'vread history-instance', 'patient+status patient+code+authored'),
  from6('PDEX-437', 'SHALL', 'Specimen', 'read', '_id'),
  from6('PDEX-438', 'SHOULD', 'Specimen', 'vread history-instance', 'patient'),
]

/** Rows that hold under that edition of US Core. Group's search by code came with PDex 2.2.0: 2.1.0 asks for the others. */
export function rowsFor(editions: Editions): readonly CapabilityRow[] {
  const early = editions.pdex !== undefined && holdsAt('2.0-2.1', editions.pdex)
  return capabilityRows
    .filter(({ statement }) => statement === 'both' || (statement === 'from 6') === isModern(editions))
    .map((row) =>
      early && row.requirement === 'PDEX-404'
        ? { ...row, searches: row.searches.filter((together) => together.join() !== 'code') }
        : row,
    )
}

/** The combinations of parameters by which a type is searched, each once, SHALL before SHOULD. */
export function searchesOf(type: string, editions: Editions): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  for (const { type: other, searches } of rowsFor(editions))
    if (other === type) for (const together of searches) found.set([...together].sort().join('+'), together)
  return [...found.values()]
}
