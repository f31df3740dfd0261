/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'

export const hrexChecks: readonly Check[] = []
export const hrexUntested: Readonly<Record<string, string>> = {}
