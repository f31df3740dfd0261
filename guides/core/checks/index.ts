/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'

export const coreChecks: readonly Check[] = []
export const coreUntested: Readonly<Record<string, string>> = {}
