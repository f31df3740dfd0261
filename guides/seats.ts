/** Which seats the actors of the guides take in the exchanges that are played. */
import type { Seat } from '../harness/requirement.ts'

type Seats = Readonly<Record<string, readonly Seat[]>>

const both: readonly Seat[] = ['responding payer', 'requesting payer']

/** PDex and HRex between payers, providers and members. `ig-author` takes no seat: it writes guides. */
export const exchangeSeats: Seats = {
  'payer-server': ['responding payer'],
  'payer-client': ['requesting payer'],
  'bundle-publisher': both,
  'trust-manager': ['trust manager'],
  'provider-client': ['provider'],
  'smart-app': ['provider'],
  'member-app': ['member app'],
  'data-source': ['responding payer'],
  'data-consumer': ['requesting payer'],
  all: [...both, 'provider', 'member app'],
  'ig-author': [],
}

/** The supporting guides, in the seats that payer exchange has. */
export const supportSeats: Seats = {
  server: ['responding payer'],
  source: ['responding payer'],
  client: ['requesting payer'],
  consumer: ['requesting payer'],
  payer: both,
  any: both,
  'trust-manager': ['trust manager'],
  directory: ['trust manager'],
}

/** CDex: a provider holds the data, a payer asks for them; who signs and who verifies depends on the flow. */
export const clinicalSeats: Seats = {
  'data-source': ['provider'],
  'data-consumer': ['payer'],
  payer: ['payer'],
  signer: ['provider', 'payer'],
  verifier: ['payer', 'provider'],
}

/** Formulary and CARIN: a payer publishes, an app or another payer reads. */
export const publisherSeats: Seats = {
  server: ['payer'],
  payer: ['payer'],
  client: ['member app'],
  any: ['payer', 'member app'],
}

/** Member attribution: the payer produces the list, the provider consumes it. */
export const attributionSeats: Seats = {
  producer: ['payer'],
  consumer: ['provider'],
  any: ['payer', 'provider'],
}
