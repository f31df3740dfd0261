/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'
import { capabilityChecks } from './capability.ts'
import { errorChecks } from './errors.ts'
import { everythingChecks } from './everything.ts'
import { includeChecks } from './include.ts'
import { mediaChecks } from './media.ts'
import { mustSupportChecks } from './must-support.ts'
import { pagingChecks } from './paging.ts'
import { parameterChecks } from './parameters.ts'
import { readChecks, readUntested } from './read.ts'
import { searchChecks } from './search.ts'
import { searchsetChecks } from './searchset.ts'

export const coreChecks: readonly Check[] = [
  ...capabilityChecks,
  ...errorChecks,
  ...everythingChecks,
  ...includeChecks,
  ...mediaChecks,
  ...mustSupportChecks,
  ...pagingChecks,
  ...parameterChecks,
  ...readChecks,
  ...searchChecks,
  ...searchsetChecks,
]

export const coreUntested: Readonly<Record<string, string>> = {
  ...readUntested,
}
