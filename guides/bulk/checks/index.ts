/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { fileChecks } from './files.ts'
import { kickOffChecks, kickOffUntested } from './kick-off.ts'
import { manifestChecks } from './manifest.ts'
import { parameterChecks } from './parameters.ts'
import { statusChecks } from './status.ts'

export const bulkChecks: readonly Check[] = [
  ...fileChecks,
  ...kickOffChecks,
  ...manifestChecks,
  ...parameterChecks,
  ...statusChecks,
]

export const bulkUntested: Readonly<Record<string, string>> = {
  ...kickOffUntested,
}
