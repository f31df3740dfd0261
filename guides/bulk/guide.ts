/** Bulk Data Access (Flat FHIR): the asynchronous export that payer exchange builds on. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { supportSeats } from '../seats.ts'
import { bulkChecks, bulkUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

/** PDex and ATR build on the second release; what a later one brought opens there. */
const sites: Readonly<Record<string, string>> = {
  '2.0': 'https://hl7.org/fhir/uv/bulkdata/STU2/',
  '3.0': 'https://hl7.org/fhir/uv/bulkdata/',
  '4.0': 'https://build.fhir.org/ig/HL7/bulk-data/',
}

/** `Bulk 2.0 export#delete` -> that anchor of that release. */
export function bulkPage(where: string): string {
  const [, release = '2.0', page = 'export'] = /Bulk (\d\.\d)(?:-ballot)? ([a-z]+)/.exec(where) ?? []
  const anchor = /export(#[\w-]+)/.exec(where)?.[1] ?? ''
  return `${sites[release] ?? sites['2.0']}${page}.html${anchor}`
}

const facts = {
  key: 'bulk',
  versions: ['2.0.0', '3.0.0', '4.0.0-ballot'],
  untested: bulkUntested,
  pageOf: bulkPage,
} as const

export const bulk: Guide = {
  title: 'Bulk Data Access',
  packageId: 'hl7.fhir.uv.bulkdata',
  canonical: 'http://hl7.org/fhir/uv/bulkdata',
  requirements: ledger({ ...facts, seats: supportSeats }, rows as readonly LedgerRow[]),
  checks: bulkChecks,
  ...facts,
}
