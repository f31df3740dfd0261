/** Da Vinci Member Attribution (ATR): its ledger. None of its flows is played yet. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { attributionSeats } from '../seats.ts'
import rows from './requirements.json' with { type: 'json' }

const site = 'https://hl7.org/fhir/us/davinci-atr/STU2.1/'

/** `ATR 2.1 spec#attribution` -> that page and anchor; artifacts open their own page. */
export function atrPage(where: string): string {
  const first = (where.split(/;|,/)[0]?.trim() ?? '').replace(/^ATR (?:2\.1 )?/, '')
  const statement = /^CapStmt (atr-\w+)?/.exec(first)
  if (statement) return `${site}CapabilityStatement-${statement[1] ?? 'atr-producer'}.html`
  const operation = /^OpDef(?: ([a-z]+-[a-z-]+))?/.exec(first)
  if (operation) return `${site}OperationDefinition-${operation[1] ?? 'davinci-data-export'}.html`
  if (first === 'StructureDefinitions') return `${site}StructureDefinition-atr-patient.html`
  const profile = /^(?:StructureDefinition )?(atr-\w+)/.exec(first)?.[1]
  if (profile) return `${site}StructureDefinition-${profile}.html`
  const page = /^(spec|conformance|background|subscription)(#[\w-]+)?/.exec(first)
  return page ? `${site}${page[1]}.html${page[2] ?? ''}` : `${site}artifacts.html`
}

const facts = { key: 'atr', versions: ['2.1.0'], untested: {}, pageOf: atrPage } as const

export const atr: Guide = {
  title: 'Da Vinci Member Attribution',
  packageId: 'hl7.fhir.us.davinci-atr',
  canonical: 'http://hl7.org/fhir/us/davinci-atr',
  requirements: ledger({ ...facts, seats: attributionSeats }, rows as readonly LedgerRow[]),
  checks: [],
  ...facts,
}
