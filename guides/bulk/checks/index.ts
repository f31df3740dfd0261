/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'

export const bulkChecks: readonly Check[] = []
export const bulkUntested: Readonly<Record<string, string>> = {}
