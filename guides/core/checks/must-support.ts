/** What HRex asks of sources and consumers, as the core ledger counts it: must-support and missing data (conf-1 to conf-7). */
import { type Check, check } from '../../../harness/check.ts'
import { validate } from '../../../profiles/validate.ts'
import { conformances, conforming, isMissing, neverSeen } from '../../pdex/conformance.ts'
import { goesOn, hasUnexpectedExtension, isFull, saysWhyMissing } from '../../pdex/consuming.ts'
import { mustSupport } from '../../pdex/must-support.ts'
import { emptyValues, reasonsAreCoded } from '../../pdex/soundness.ts'

export const mustSupportIsFilled = check(
  'CORE-060',
  'SHALL',
  'Each must-support element is filled somewhere',
  (transcript, scene) => neverSeen(conformances(transcript, scene, validate), scene, mustSupport),
)
export const mustSupportIsBorne = check(
  'CORE-061',
  'SHALL',
  'A consumer handles must-support elements',
  (transcript, scene) => goesOn(transcript, scene, isFull, 'a resource with all that its profile supports'),
)
export const requiredIsPresent = check(
  'CORE-062',
  'SHALL',
  'Required elements have a value or a reason',
  (transcript, scene) => [
    ...conforming(
      conformances(transcript, scene, validate),
      ({ is }) => is !== 'unprofiled',
      'resources with a profile',
      isMissing,
    ),
    ...emptyValues(transcript, scene),
  ],
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
  (transcript, scene) => goesOn(transcript, scene, saysWhyMissing, 'an extension that stands in for a value'),
)
export const unexpectedIsNotRejected = check(
  'CORE-066',
  'SHOULD NOT',
  'A consumer rejects what it did not expect',
  (transcript, scene) => goesOn(transcript, scene, hasUnexpectedExtension, 'an element that it did not expect'),
)

export const mustSupportChecks: readonly Check[] = [
  mustSupportIsFilled,
  mustSupportIsBorne,
  requiredIsPresent,
  missingIsCoded,
  replacedIsBorne,
  unexpectedIsNotRejected,
]
