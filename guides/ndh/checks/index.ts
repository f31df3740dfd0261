/** The checks of this guide, by topic; and what cannot be checked, with the reason. */
import type { Check } from '../../../harness/check.ts'

export const ndhChecks: readonly Check[] = []
export const ndhUntested: Readonly<Record<string, string>> = {}
