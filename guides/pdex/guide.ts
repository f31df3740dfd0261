/** Da Vinci Payer Data Exchange (PDex). The only place where its version, canonical and pages are named. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { exchangeSeats } from '../seats.ts'
import { pdexChecks, pdexUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

const published = 'https://hl7.org/fhir/us/davinci-pdex/'
/** 2.2.0 is not published yet: its pages are those of the continuous build. */
const build = 'https://build.fhir.org/ig/HL7/davinci-epdx/'
const sites: Readonly<Record<string, string>> = { '2.0.0': `${published}STU2/`, '2.1.0': `${published}STU2.1/` }

const pages: Readonly<Record<string, string>> = {
  intro: 'introduction.html',
  overview: 'overview.html',
  index: 'index.html',
  datamap: 'datamapping.html',
  pia: 'pdeximplementationactorsinteractionsdatapayloadsandmethods.html',
  usecase: 'usecasescenarios.html',
  'p2p-single': 'payertopayerexchange.html',
  'p2p-bulk': 'payertopayerbulkexchange.html',
  'pa-v1': 'provider-access-api.html',
  'pa-v2': 'provider-access-api-v2.html',
  prov: 'PDexProvenance.html',
  hprov: 'handlingdataprovenance.html',
  mao: 'member-authorizedoauth2exchange.html',
  cds: 'cds-hooks.html',
  fap: 'FHIRAccessPermissions.html',
  coverage: 'coverage.html',
  consent: 'consent.html',
  workflow: 'workflowexamples.html',
  meddispense: 'PDexMedicationDispense.html',
  'other-igs': 'other-igs.html',
  'op-bmm': 'OperationDefinition-BulkMemberMatch.html',
  'op-pmm': 'OperationDefinition-ProviderMemberMatch.html',
  'op-everything': 'artifacts.html',
  'sd-priorauth': 'PDexPriorAuthorization.html',
  'sd-match-group': 'StructureDefinition-pdex-member-match-group.html',
  'sd-provider-group': 'StructureDefinition-pdex-provider-group.html',
  diagram: 'payertopayerexchange.html',
  'uscore-allergy': 'USCoreAllergyIntolerance.html',
  'uscore-careplan': 'USCoreCarePlan.html',
  'uscore-careteam': 'USCoreCareTeam.html',
  'uscore-docref': 'USCoreDocumentReference.html',
  'uscore-dr-lab': 'USCoreDiagnosticReportforLaboratoryResultsReporting.html',
  'uscore-dr-note': 'USCoreDiagnosticReportforReportandNoteExchange.html',
  'uscore-immunization': 'USCoreImmunization.html',
  'uscore-implantable': 'USCoreImplantableDevice.html',
  'uscore-lab': 'USCoreLaboratoryResultObservation.html',
  'uscore-location': 'USCoreLocation.html',
  'uscore-medication': 'USCoreMedication.html',
  'uscore-medreq': 'USCoreMedicationRequest.html',
  'uscore-org': 'USCoreOrganization.html',
  'uscore-patient': 'USCorePatient.html',
  'uscore-practitioner': 'USCorePractitioner.html',
  'uscore-practrole': 'USCorePractitionerRole.html',
  'uscore-procedure': 'USCoreProcedure.html',
  'uscore-provenance': 'USCoreProvenance.html',
}

/** `p2p-single §199` -> the page, at the anchor of the tag where the build carries tags. */
export function pdexPage(where: string, version: string, key?: string): string {
  const site = sites[version] ?? build
  const first = where.split(';')[0]?.trim() ?? ''
  if (first.startsWith('Bulk Data')) return 'https://hl7.org/fhir/uv/bulkdata/STU2/export.html'
  if (first.startsWith('ATR')) return 'https://hl7.org/fhir/us/davinci-atr/STU2.1/spec.html'
  const profile = /\bSD ([a-z][\w-]*)/i.exec(first)?.[1]
  if (profile) return `${site}${profile.endsWith('-') ? 'artifacts' : `StructureDefinition-${profile}`}.html`
  const operation = /^OperationDefinition (\w+)/.exec(first)?.[1]
  if (operation) return `${site}OperationDefinition-${operation}.html`
  const parameter = /^SearchParameter (\w[\w-]+)/.exec(first)?.[1]
  if (parameter) return `${site}SearchParameter-${parameter}.html`
  const statement = /^CapStmt (pdex-[a-z0-9-]*server[\w-]*)/.exec(first)?.[1]
  if (first.startsWith('CapStmt access')) return `${site}CapabilityStatement-pdex-payer-access-server.html`
  if (first.startsWith('CapStmt'))
    return `${site}CapabilityStatement-${(version !== '2.0.0' && statement) || 'pdex-server'}.html`
  const page = Object.keys(pages).find((name) => first === name || first.startsWith(`${name} `))
  return `${site}${page ? pages[page] : 'artifacts.html'}${key ? `#${key}` : ''}`
}

const facts = {
  key: 'pdex',
  versions: ['2.0.0', '2.1.0', '2.2.0'],
  untested: pdexUntested,
  pageOf: pdexPage,
} as const

export const pdex: Guide = {
  title: 'Da Vinci Payer Data Exchange',
  packageId: 'hl7.fhir.us.davinci-pdex',
  canonical: 'http://hl7.org/fhir/us/davinci-pdex',
  requirements: ledger({ ...facts, seats: exchangeSeats }, rows as readonly LedgerRow[]),
  checks: pdexChecks,
  ...facts,
}
