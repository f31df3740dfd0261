/** Bulk Data Access (Flat FHIR): the asynchronous export that payer exchange builds on. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { supportSeats } from '../seats.ts'
import { bulkChecks, bulkUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

/** `Bulk 2.0 export#delete` -> that anchor of the published second release. */
export function bulkPage(where: string): string {
  const anchor = /export(#[\w-]+)/.exec(where)?.[1] ?? ''
  return `https://hl7.org/fhir/uv/bulkdata/STU2/export.html${anchor}`
}

const facts = {
  key: 'bulk',
  versions: ['2.0.0'],
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
