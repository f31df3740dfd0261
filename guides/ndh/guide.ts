/** The mTLS endpoint bundle of PDex and the National Directory (NDH) artifacts that it uses. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { supportSeats } from '../seats.ts'
import { ndhChecks, ndhUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

const build = 'https://build.fhir.org/ig/HL7/davinci-epdx/'

/** Profiles and extensions open their own page; the rest is the single-member exchange page. */
export function ndhPage(where: string): string {
  const artifact = /\b(mtls-(?:bundle|endpoint|organization)|base-ext-[A-Za-z]+)/.exec(where)?.[1]
  if (artifact) return `${build}StructureDefinition-${artifact}.html`
  if (where.startsWith('NDH')) return 'https://hl7.org/fhir/us/ndh/'
  return `${build}payertopayerexchange.html`
}

const facts = {
  key: 'ndh',
  versions: ['1.0.0'],
  untested: ndhUntested,
  pageOf: ndhPage,
} as const

export const ndh: Guide = {
  title: 'mTLS endpoint bundle, National Directory',
  packageId: 'hl7.fhir.us.ndh',
  canonical: 'http://hl7.org/fhir/us/ndh',
  requirements: ledger({ ...facts, seats: supportSeats }, rows as readonly LedgerRow[]),
  checks: ndhChecks,
  ...facts,
}
