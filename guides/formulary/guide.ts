/** Da Vinci US Drug Formulary: its ledger. None of its flows is played yet. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { publisherSeats } from '../seats.ts'
import rows from './requirements.json' with { type: 'json' }

const published = 'https://hl7.org/fhir/us/davinci-drug-formulary/'
const sites: Readonly<Record<string, string>> = { '2.0.1': `${published}STU2.0.1/`, '2.1.0': `${published}STU2.1/` }

/** 2.1.0 divided the overview of 2.0.1 into these. */
const divided = ['specification', 'background', 'confexpectations', 'security']

/** `USDF specification#bulk-data` -> that page and anchor; artifacts open their own page. */
export function formularyPage(where: string, version: string): string {
  const site = sites[version] ?? published
  const first = (where.split(/;|,| vs /)[0]?.trim() ?? '').replace(/^USDF (?:2\.1 )?/, '')
  if (first.startsWith('HRex')) return `https://hl7.org/fhir/us/davinci-hrex/conformance.html#${/conf-\d+/.exec(first)}`
  if (first.startsWith('CapStmt')) return `${site}CapabilityStatement-usdf-server.html`
  const parameter = /^SP (\S+)/.exec(first)?.[1]
  if (parameter) return `${site}SearchParameter-${parameter}.html`
  if (first === 'SearchParameters') return `${site}search_parameters.html`
  if (first === 'FormularyDrug') return `${site}StructureDefinition-usdf-FormularyDrug.html`
  if (first === 'profiles') return `${site}StructureDefinition-usdf-PayerInsurancePlan.html`
  if (first === 'extension descriptions') return `${site}StructureDefinition-usdf-FormularyItem.html`
  if (first.startsWith('invariant')) return `${site}StructureDefinition-usdf-InsurancePlanLocation.html`
  const profile = /^(usdf-\w+|insurance-plan-coverage)$/.exec(first)?.[1]
  if (profile) return `${site}StructureDefinition-${profile}.html`
  const [page = '', anchor] = (first.split(' ')[0] ?? '').split('#')
  if (!['index', 'queries', 'search_parameters', ...divided].includes(page)) return `${site}artifacts.html`
  if (version === '2.0.1' && divided.includes(page)) return `${site}use_cases_and_overview.html`
  return `${site}${page}.html${anchor ? `#${anchor}` : ''}`
}

const facts = { key: 'formulary', versions: ['2.0.1', '2.1.0'], untested: {}, pageOf: formularyPage } as const

export const formulary: Guide = {
  title: 'Da Vinci US Drug Formulary',
  packageId: 'hl7.fhir.us.davinci-drug-formulary',
  canonical: 'http://hl7.org/fhir/us/davinci-drug-formulary',
  requirements: ledger({ ...facts, seats: publisherSeats }, rows as readonly LedgerRow[]),
  checks: [],
  ...facts,
}
