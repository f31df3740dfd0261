/** Authorization: SMART App Launch (backend services), OAuth RFCs, UDAP, as far as payer exchange builds on them. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { supportSeats } from '../seats.ts'
import { authChecks, authUntested } from './checks/index.ts'
import rows from './requirements.json' with { type: 'json' }

const smart = 'https://hl7.org/fhir/smart-app-launch/'

/** `RFC 7591 s2.3` -> that section; `SMART 2.2 page#anchor` -> that page; `UDAP`, `HRex`, `PDex` -> theirs. */
export function authPage(where: string): string {
  const first = where.split(';')[0]?.trim() ?? ''
  const rfc = /RFC (\d+)(?: s([\d.]+))?/.exec(first)
  if (rfc) return `https://www.rfc-editor.org/rfc/rfc${rfc[1]}${rfc[2] ? `#section-${rfc[2]}` : ''}`
  const page = /^SMART 2\.2 ([a-z-]+)(#[\w-]+)?/.exec(first)
  const known = ['backend-services', 'client-confidential-asymmetric', 'conformance', 'token-introspection']
  if (page && known.includes(page[1] as string)) return `${smart}${page[1]}.html${page[2] ?? ''}`
  if (first.includes('scopes') && first.startsWith('SMART')) return `${smart}scopes-and-launch-context.html`
  if (first.startsWith('SMART')) return `${smart}client-confidential-asymmetric.html`
  const udap = /^UDAP 2\.0 ([a-z0-9]+)(#[\w-]+)?/.exec(first)
  if (udap) return `https://hl7.org/fhir/us/udap-security/${udap[1]}.html${udap[2] ?? ''}`
  if (first.startsWith('HRex')) return 'https://hl7.org/fhir/us/davinci-hrex/security.html'
  return 'https://build.fhir.org/ig/HL7/davinci-epdx/payertopayerexchange.html'
}

const facts = {
  key: 'auth',
  versions: ['2.2.0'],
  untested: authUntested,
  pageOf: authPage,
} as const

export const auth: Guide = {
  title: 'SMART backend services, OAuth 2.0, mutual TLS, UDAP',
  packageId: 'hl7.fhir.uv.smart-app-launch',
  canonical: 'http://hl7.org/fhir/smart-app-launch',
  requirements: ledger({ ...facts, seats: supportSeats }, rows as readonly LedgerRow[]),
  checks: authChecks,
  ...facts,
}
