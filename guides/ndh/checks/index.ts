/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { bundleChecks, bundleUntested } from './bundle.ts'
import { endpointChecks, endpointUntested } from './endpoint.ts'
import { entriesChecks, entriesUntested } from './entries.ts'
import { registrationChecks, registrationUntested } from './registration.ts'
import { trustChecks, trustUntested } from './trust.ts'

export const ndhChecks: readonly Check[] = [
  ...bundleChecks,
  ...endpointChecks,
  ...entriesChecks,
  ...registrationChecks,
  ...trustChecks,
]

export const ndhUntested: Readonly<Record<string, string>> = {
  ...bundleUntested,
  ...endpointUntested,
  ...entriesUntested,
  ...registrationUntested,
  ...trustUntested,
}
