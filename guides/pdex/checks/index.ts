/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'

export const pdexChecks: readonly Check[] = []
export const pdexUntested: Readonly<Record<string, string>> = {}
