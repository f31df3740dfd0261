/** Bulk Data Access (Flat FHIR): the asynchronous export that payer exchange builds on. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { bulkChecks, bulkUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

/** `Bulk 2.0 export#delete` -> that anchor of the published second release. */
export function bulkPage(where: string): string {
  const anchor = /export(#[\w-]+)/.exec(where)?.[1] ?? ''
  return `https://hl7.org/fhir/uv/bulkdata/STU2/export.html${anchor}`
}

export const bulk: Guide = {
  key: 'bulk',
  title: 'Bulk Data Access',
  packageId: 'hl7.fhir.uv.bulkdata',
  canonical: 'http://hl7.org/fhir/uv/bulkdata',
  versions: ['2.0.0'],
  requirements: ledger('bulk', rows as readonly LedgerRow[], bulkPage, bulkUntested),
  checks: bulkChecks,
  untested: bulkUntested,
}
