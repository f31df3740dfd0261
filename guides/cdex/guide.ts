/** Da Vinci Clinical Data Exchange (CDex): its ledger. None of its flows is played yet. */
import { type Guide, type LedgerRow, ledger } from '../guide.ts'
import { clinicalSeats } from '../seats.ts'
import rows from './requirements.json' with { type: 'json' }

const published = 'https://hl7.org/fhir/us/davinci-cdex/'
/** The next edition is not published yet: its pages, and all its keys, are those of the continuous build. */
const build = 'https://build.fhir.org/ig/HL7/davinci-ecdx/'
const sites: Readonly<Record<string, string>> = {
  '1.1.0': `${published}STU1.1/`,
  '2.0.0': `${published}STU2/`,
  '2.1.0': `${published}STU2.1/`,
}
const hrexSite = 'https://hl7.org/fhir/us/davinci-hrex/'
const backport = 'https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/'

/** Pages that an edition has under another name. */
const renamed: Readonly<Record<string, string>> = {
  'StructureDefinition-cdex-digital-signature.html': 'StructureDefinition-cdex-signature.html',
}

/** `signatures.html#cdex-signatures` -> that page of the edition; what is inherited opens where it is stated. */
export function cdexPage(where: string, version: string): string {
  const site = sites[version] ?? build
  const first = where.split(';')[0]?.trim() ?? ''
  if (first.startsWith('HRex SubscriptionTopic')) return `${hrexSite}SubscriptionTopic-Task.html`
  const inherited = /^HRex ([a-z-]+\.html(?:#[\w-]+)?)/.exec(first)?.[1] ?? /^HRex (task-\d)/.exec(first)?.[1]
  if (inherited) return `${hrexSite}${inherited.startsWith('task-') ? `task.html#${inherited}` : inherited}`
  const profile = /^Backport: ([a-z-]+?)(?:-r4)?(?: |$)/.exec(first)?.[1]
  if (profile) return `${backport}${backportPages[profile] ?? 'artifacts.html'}`
  if (first.startsWith('Backport')) return `${backport}${first.includes('channel') ? 'channels' : 'conformance'}.html`
  if (first.startsWith('RFC')) return `https://www.rfc-editor.org/rfc/rfc${/\d+/.exec(first)?.[0]}`
  if (first.startsWith('ETSI'))
    return 'https://www.etsi.org/deliver/etsi_ts/119100_119199/11918201/01.01.01_60/ts_11918201v010101p.pdf'
  if (first === 'all four') return `${site}CapabilityStatement-data-source-server.html`
  const [page = '', anchor] = first.replace(/\.html \/ .*(#[\w-]+)$/, '.html$1').split('#')
  const file = page.split(' ')[0] as string
  const known = site === build ? file : (renamed[file] ?? file)
  return `${site}${known}${anchor ? `#${anchor}` : ''}`
}

const backportPages: Readonly<Record<string, string>> = {
  'backport-subscription': 'StructureDefinition-backport-subscription.html',
  notification: 'StructureDefinition-backport-subscription-notification-r4.html',
  status: 'OperationDefinition-backport-subscription-status.html',
}

const facts = {
  key: 'cdex',
  versions: ['1.1.0', '2.0.0', '2.1.0', '3.0.0-ballot'],
  untested: {},
  pageOf: cdexPage,
} as const

export const cdex: Guide = {
  title: 'Da Vinci Clinical Data Exchange',
  packageId: 'hl7.fhir.us.davinci-cdex',
  canonical: 'http://hl7.org/fhir/us/davinci-cdex',
  requirements: ledger({ ...facts, seats: clinicalSeats }, rows as readonly LedgerRow[]),
  checks: [],
  ...facts,
}
