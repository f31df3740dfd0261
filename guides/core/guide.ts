/** FHIR R4 itself: the HTTP behaviour that every exchange rests on. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { coreChecks, coreUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

/** `FHIR R4 http#paging` -> that page and anchor. */
export function corePage(where: string): string {
  const page = /FHIR R4 ([a-z]+)(#[\w-]+)?/i.exec(where)
  if (page) return `https://hl7.org/fhir/R4/${page[1]}.html${(page[2] ?? '').toLowerCase()}`
  if (where.startsWith('HRex')) return 'https://hl7.org/fhir/us/davinci-hrex/conformance.html'
  return 'https://build.fhir.org/ig/HL7/davinci-epdx/payertopayerexchange.html'
}

export const core: Guide = {
  key: 'core',
  title: 'FHIR R4 over HTTP',
  packageId: 'hl7.fhir.r4.core',
  canonical: 'http://hl7.org/fhir',
  versions: ['4.0.1'],
  requirements: ledger('core', rows as readonly LedgerRow[], corePage, coreUntested),
  checks: coreChecks,
  untested: coreUntested,
}
