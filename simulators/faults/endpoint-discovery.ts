/** Ways to be hard to find: the well-known document is for some, or does not say what it must. */
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { fault, misanswer } from './match-spoiling.ts'

const wellKnown = 'GET /fhir/.well-known/davinci-configuration'

interface Document {
  identifier?: { system?: string; value?: string }
  endpoints?: Record<string, string>
}
const changed = (id: string, title: string, breaks: readonly string[], change: (document: Document) => void): Fault =>
  fault(
    id,
    title,
    breaks,
    misanswer(async (answer) => {
      const document = (await answer.json()) as Document
      change(document)
      return new Response(JSON.stringify(document), { headers: { 'content-type': 'application/json' } })
    }),
    wellKnown,
  )
const rename = (endpoints: Record<string, string>, to: (address: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(endpoints).map(([code, address]) => [code, to(address)]))

export const endpointDiscoveryFaults: readonly Fault[] = [
  fault(
    'well-known-for-members-only',
    'The well-known document is not for callers without a certificate',
    ['HREX-060', 'PDEX-019'],
    () => () => outcome(403, 'forbidden', 'a client certificate is needed'),
    wellKnown,
  ),
  fault(
    'well-known-is-a-page',
    'The well-known document is a web page',
    ['HREX-060', 'PDEX-019'],
    () => () => new Response('<html><body>Our endpoints</body></html>', { headers: { 'content-type': 'text/html' } }),
    wellKnown,
  ),
  changed('well-known-without-payer', 'The well-known document does not say whose it is', ['HREX-063'], (document) => {
    delete document.identifier
  }),
  changed('well-known-payer-without-system', 'The payer identifier has no system', ['HREX-063'], (document) => {
    document.identifier = { value: document.identifier?.value ?? '' }
  }),
  changed('well-known-relative', 'The addresses of the endpoints are relative', ['HREX-063'], (document) => {
    document.endpoints = rename(document.endpoints ?? {}, (address) => new URL(address).pathname)
  }),
  changed('well-known-over-http', 'The addresses of the endpoints are not https', ['HREX-063'], (document) => {
    document.endpoints = rename(document.endpoints ?? {}, (address) => address.replace('https:', 'http:'))
  }),
  changed('well-known-bare-codes', 'The endpoints are named by deprecated codes alone', ['HREX-063'], (document) => {
    document.endpoints = Object.fromEntries(
      Object.entries(document.endpoints ?? {}).filter(([code]) => !code.includes('#')),
    )
  }),
  changed('well-known-without-payers', 'The endpoint for payers is left out', ['PDEX-019'], (document) => {
    document.endpoints = Object.fromEntries(
      Object.entries(document.endpoints ?? {}).filter(([code]) => !code.includes('payer')),
    )
  }),
  changed('well-known-out-of-date', 'The endpoints lead to where nothing is any more', ['PDEX-019'], (document) => {
    document.endpoints = rename(document.endpoints ?? {}, (address) => `${address}-of-last-year`)
  }),
]
