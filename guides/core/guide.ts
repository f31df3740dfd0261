/** FHIR R4 itself: the HTTP behaviour that every exchange rests on. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { supportSeats } from '../seats.ts'
import { coreChecks, coreUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

/** `FHIR R4 http#paging` -> that page and anchor. */
export function corePage(where: string): string {
  const page = /FHIR R4 ([a-z]+)(#[\w-]+)?/i.exec(where)
  if (page) return `https://hl7.org/fhir/R4/${page[1]}.html${(page[2] ?? '').toLowerCase()}`
  if (where.startsWith('HRex')) return 'https://hl7.org/fhir/us/davinci-hrex/conformance.html'
  return 'https://build.fhir.org/ig/HL7/davinci-epdx/payertopayerexchange.html'
}

const facts = {
  key: 'core',
  versions: ['4.0.1'],
  untested: coreUntested,
  pageOf: corePage,
} as const

export const core: Guide = {
  title: 'FHIR R4 over HTTP',
  packageId: 'hl7.fhir.r4.core',
  canonical: 'http://hl7.org/fhir',
  requirements: ledger({ ...facts, seats: supportSeats }, rows as readonly LedgerRow[]),
  checks: coreChecks,
  ...facts,
}
