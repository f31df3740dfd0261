/** CARIN Blue Button as far as payer exchange uses it: the Basis profiles without amounts. None of it is played on its own yet. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { publisherSeats } from '../seats.ts'
import rows from './requirements.json' with { type: 'json' }

const published = 'https://hl7.org/fhir/us/carin-bb/'
const sites: Readonly<Record<string, string>> = { '2.1.0': `${published}STU2.1/`, '2.2.0': `${published}STU2.2/` }
const pdexBuild = 'https://build.fhir.org/ig/HL7/davinci-epdx/'

/** `CARIN BB 2.2 Oral-Basis` -> that profile; what PDex says about it opens there. */
export function carinPage(where: string, version: string): string {
  const site = sites[version] ?? published
  const first = (where.split(/;|,/)[0]?.trim() ?? '').replace(/^CARIN BB (?:2\.2 )?/, '')
  const host = /^PDex 2\.2 (\w+)(?: \((pdex-\d+)\))?/.exec(first)
  if (host) return `${pdexBuild}${host[1]}.html${host[2] ? `#${host[2]}` : ''}`
  if (first.startsWith('CapStmt')) return `${site}CapabilityStatement-c4bb.html`
  if (first === 'Conformance_Requirements') return `${site}Conformance_Requirements.html`
  const basis = /^([A-Z][A-Za-z-]+-Basis)$/.exec(first)?.[1]
  return `${site}StructureDefinition-C4BB-ExplanationOfBenefit${basis ? `-${basis}` : ''}.html`
}

const facts = { key: 'carin-bb', versions: ['2.1.0', '2.2.0'], untested: {}, pageOf: carinPage } as const

export const carinBb: Guide = {
  title: 'CARIN Blue Button, Basis profiles',
  packageId: 'hl7.fhir.us.carin-bb',
  canonical: 'http://hl7.org/fhir/us/carin-bb',
  requirements: ledger({ ...facts, seats: publisherSeats }, rows as readonly LedgerRow[]),
  checks: [],
  ...facts,
}
