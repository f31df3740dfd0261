/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { conformanceChecks } from './conformance.ts'
import { consentChecks, consentUntested } from './consent.ts'
import { coverageChecks } from './coverage.ts'
import { discoveryChecks, discoveryUntested } from './discovery.ts'
import { matchRequestChecks } from './match-request.ts'
import { memberMatchChecks, memberMatchUntested } from './member-match.ts'
import { provenanceChecks } from './provenance.ts'
import { rightsChecks } from './rights.ts'
import { securityChecks, securityUntested } from './security.ts'
import { tokenChecks } from './token.ts'

export const hrexChecks: readonly Check[] = [
  ...conformanceChecks,
  ...consentChecks,
  ...coverageChecks,
  ...discoveryChecks,
  ...matchRequestChecks,
  ...memberMatchChecks,
  ...provenanceChecks,
  ...rightsChecks,
  ...securityChecks,
  ...tokenChecks,
]

export const hrexUntested: Readonly<Record<string, string>> = {
  ...consentUntested,
  ...discoveryUntested,
  ...memberMatchUntested,
  ...securityUntested,
}
