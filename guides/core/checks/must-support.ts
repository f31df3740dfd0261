/** What HRex asks of sources and consumers, as the core ledger counts it: must-support and missing data (conf-1 to conf-7). */
import { type Check, check } from '../../../harness/check.ts'
import { reasonsAreCoded } from '../../conformance/soundness.ts'
import * as conformance from '../../conformance/statements.ts'

export const mustSupportIsFilled = check(
  'CORE-060',
  'SHALL',
  'Each must-support element is filled somewhere',
  conformance.filledSomewhere,
)
export const mustSupportIsBorne = check(
  'CORE-061',
  'SHALL',
  'A consumer handles must-support elements',
  conformance.fullIsBorne,
)
export const requiredIsPresent = check(
  'CORE-062',
  'SHALL',
  'Required elements have a value or a reason',
  conformance.requiredIsThere,
)
export const missingIsCoded = check(
  'CORE-064',
  'SHALL',
  'A reason for a missing value is one of the value set',
  reasonsAreCoded,
)
export const replacedIsBorne = check(
  'CORE-065',
  'SHALL',
  'A consumer processes extensions that stand in for values',
  conformance.replacedIsBorne,
)
export const unexpectedIsNotRejected = check(
  'CORE-066',
  'SHOULD NOT',
  'A consumer rejects what it did not expect',
  conformance.unexpectedIsBorne,
)

export const mustSupportChecks: readonly Check[] = [
  mustSupportIsFilled,
  mustSupportIsBorne,
  requiredIsPresent,
  missingIsCoded,
  replacedIsBorne,
  unexpectedIsNotRejected,
]
