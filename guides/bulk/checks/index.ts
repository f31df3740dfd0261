/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { capabilityChecks } from './capability.ts'
import { deletedResourceChecks } from './deleted-resources.ts'
import { deletionChecks } from './deletion.ts'
import { fileChecks } from './files.ts'
import { kickOffChecks, kickOffUntested } from './kick-off.ts'
import { listedFileChecks } from './listed-files.ts'
import { manifestChecks } from './manifest.ts'
import { parameterChecks } from './parameters.ts'
import { patienceChecks } from './patience.ts'
import { privacyChecks } from './privacy.ts'
import { provenanceChecks } from './provenance.ts'
import { refusalChecks } from './refusals.ts'
import { sinceChecks } from './since.ts'
import { statusChecks } from './status.ts'
import { typeFilterChecks } from './type-filters.ts'
import { typeChecks } from './types.ts'

export const bulkChecks: readonly Check[] = [
  ...capabilityChecks,
  ...deletedResourceChecks,
  ...deletionChecks,
  ...fileChecks,
  ...kickOffChecks,
  ...listedFileChecks,
  ...manifestChecks,
  ...parameterChecks,
  ...patienceChecks,
  ...privacyChecks,
  ...provenanceChecks,
  ...refusalChecks,
  ...sinceChecks,
  ...statusChecks,
  ...typeFilterChecks,
  ...typeChecks,
]

export const bulkUntested: Readonly<Record<string, string>> = {
  ...kickOffUntested,
}
