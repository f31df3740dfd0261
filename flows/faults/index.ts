/** Every fault of a client, by topic: what a payer that asks can get wrong on its way from trust to data. */
import type { ClientFault } from './client-fault.ts'
import { matchRequestFaults } from './match-request.ts'
import { registrationFaults } from './registration.ts'
import { retrievalFaults } from './retrieval.ts'
import { tokenFaults } from './tokens.ts'

export const clientFaults: readonly ClientFault[] = [
  ...registrationFaults,
  ...tokenFaults,
  ...matchRequestFaults,
  ...retrievalFaults,
]
