/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { capabilityChecks, capabilityUntested } from './capability.ts'
import { capabilityRowChecks } from './capability-rows.ts'
import { dataChecks } from './data.ts'
import { deviceChecks } from './devices.ts'
import { discoveryChecks } from './discovery.ts'
import { docrefChecks } from './docref.ts'
import { documentChecks } from './documents.ts'
import { everythingChecks } from './everything.ts'
import { exportChecks } from './export.ts'
import { generalChecks } from './general.ts'
import { httpChecks } from './http.ts'
import { includeChecks } from './includes.ts'
import { matchClientChecks } from './match-client.ts'
import { matchConsentChecks } from './match-consent.ts'
import { medicationChecks } from './medications.ts'
import { memberMatchChecks, memberMatchUntested } from './member-match.ts'
import { mutualTlsChecks, mutualTlsUntested } from './mutual-tls.ts'
import { offeredIncludeChecks } from './offered-includes.ts'
import { ownProfileChecks } from './own-profiles.ts'
import { permissionChecks } from './permissions.ts'
import { preciseDateChecks } from './precise-dates.ts'
import { provenanceChecks } from './provenance.ts'
import { publishedBundleChecks } from './published-bundle.ts'
import { registrationChecks } from './registration.ts'
import { resourceNoteChecks } from './resource-notes.ts'
import { retrievalChecks } from './retrieval.ts'
import { searchingChecks } from './searching.ts'
import { sourceFormatChecks } from './source-formats.ts'
import { tokenChecks } from './token.ts'
import { transmissionChecks } from './transmission.ts'
import { trustChecks, trustUntested } from './trust.ts'

export const pdexChecks: readonly Check[] = [
  ...capabilityChecks,
  ...capabilityRowChecks,
  ...dataChecks,
  ...deviceChecks,
  ...discoveryChecks,
  ...docrefChecks,
  ...documentChecks,
  ...everythingChecks,
  ...exportChecks,
  ...generalChecks,
  ...httpChecks,
  ...includeChecks,
  ...matchClientChecks,
  ...matchConsentChecks,
  ...medicationChecks,
  ...memberMatchChecks,
  ...mutualTlsChecks,
  ...offeredIncludeChecks,
  ...ownProfileChecks,
  ...permissionChecks,
  ...preciseDateChecks,
  ...provenanceChecks,
  ...publishedBundleChecks,
  ...registrationChecks,
  ...resourceNoteChecks,
  ...retrievalChecks,
  ...searchingChecks,
  ...sourceFormatChecks,
  ...tokenChecks,
  ...transmissionChecks,
  ...trustChecks,
]

export const pdexUntested: Readonly<Record<string, string>> = {
  ...capabilityUntested,
  ...memberMatchUntested,
  ...mutualTlsUntested,
  ...trustUntested,
}
