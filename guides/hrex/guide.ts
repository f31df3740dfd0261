/** Da Vinci Health Record Exchange (HRex). */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { exchangeSeats } from '../seats.ts'
import { hrexChecks, hrexUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

const published = 'https://hl7.org/fhir/us/davinci-hrex/'
const sites: Readonly<Record<string, string>> = { '1.0.0': `${published}STU1/`, '1.1.0': `${published}STU1.1/` }

const pages: Readonly<Record<string, string>> = {
  conformance: 'conformance.html',
  'endpoint discovery': 'endpoint-discovery.html',
  exchange: 'exchanging.html',
  security: 'security.html',
  'OperationDefinition member-match': 'OperationDefinition-member-match.html',
  'hrex-consent notes': 'StructureDefinition-hrex-consent.html',
  'hrex-coverage intro': 'StructureDefinition-hrex-coverage.html',
  'hrex-provenance notes': 'StructureDefinition-hrex-provenance.html',
  'task-data-request': 'StructureDefinition-hrex-task-data-request.html',
  task: 'task.html',
  HRexWellknownDefinition: 'StructureDefinition-HRexWellknownDefinition.html',
  'VS hrex-consent-policy': 'ValueSet-hrex-consent-policy.html',
}

/** `security sec-9` -> the page of the published guide, at the anchor of the tag. */
export function hrexPage(where: string, version: string, key?: string): string {
  const site = sites[version] ?? published
  const first = where.split(';')[0]?.trim() ?? ''
  const profile = /\bSD (hrex-[\w-]+)/.exec(first)?.[1]
  if (profile) return `${site}StructureDefinition-${profile}.html`
  const page = Object.keys(pages).find((name) => first.startsWith(name))
  return `${site}${page ? pages[page] : 'artifacts.html'}${key ? `#${key}` : ''}`
}

const facts = {
  key: 'hrex',
  versions: ['1.0.0', '1.1.0', '1.2.0'],
  untested: hrexUntested,
  pageOf: hrexPage,
} as const

export const hrex: Guide = {
  title: 'Da Vinci Health Record Exchange',
  packageId: 'hl7.fhir.us.davinci-hrex',
  canonical: 'http://hl7.org/fhir/us/davinci-hrex',
  requirements: ledger({ ...facts, seats: exchangeSeats }, rows as readonly LedgerRow[]),
  checks: hrexChecks,
  ...facts,
}
