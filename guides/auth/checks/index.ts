/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'

export const authChecks: readonly Check[] = []
export const authUntested: Readonly<Record<string, string>> = {}
