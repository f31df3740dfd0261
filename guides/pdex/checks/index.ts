/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { everythingChecks } from './everything.ts'
import { exportChecks } from './export.ts'
import { matchClientChecks } from './match-client.ts'
import { matchConsentChecks } from './match-consent.ts'
import { memberMatchChecks, memberMatchUntested } from './member-match.ts'
import { permissionChecks, rightsChecks } from './permissions.ts'
import { provenanceChecks } from './provenance.ts'
import { retrievalChecks } from './retrieval.ts'

export const pdexChecks: readonly Check[] = [
  ...everythingChecks,
  ...exportChecks,
  ...matchClientChecks,
  ...matchConsentChecks,
  ...memberMatchChecks,
  ...permissionChecks,
  ...rightsChecks,
  ...provenanceChecks,
  ...retrievalChecks,
]

export const pdexUntested: Readonly<Record<string, string>> = {
  ...memberMatchUntested,
}
