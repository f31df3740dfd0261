/** Checks of a patient-level export, in the order in which it goes; and what this exchange cannot show. */
import type { Check } from '../../../harness/check.ts'
import { fileChecks } from './files.ts'
import { kickOffChecks } from './kick-off.ts'
import { manifestChecks } from './manifest.ts'
import { parameterChecks } from './parameters.ts'
import { statusChecks } from './status.ts'

export const exportChecks: readonly Check[] = [
  ...kickOffChecks,
  ...parameterChecks,
  ...statusChecks,
  ...manifestChecks,
  ...fileChecks,
]

const ofGroups = 'Groups belong to the bulk exchange of many members: this exchange is about one Patient'
const of3 = 'a rule of Bulk Data 3.0 or later, and PDex builds on 2.0.0'
export const exportUntested: Readonly<Record<string, string>> = {
  'BULK-006': 'the files of one member are sent in one go: no download lasts until the export expires',
  'BULK-007': ofGroups,
  'BULK-020': ofGroups,
  'BULK-061': of3,
  'BULK-088': of3,
  'BULK-100': ofGroups,
  'BULK-101': of3,
}
