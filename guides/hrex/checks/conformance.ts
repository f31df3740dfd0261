/** HRex conformance: what sources fill and consumers bear, required elements, references to US Core (conf-1 to conf-8). */
import { type Check, check } from '../../../harness/check.ts'
import { validate } from '../../../profiles/validate.ts'
import { sharedTypes } from '../../core/compartment.ts'
import { conformances, conforming, isMissing, neverSeen } from '../../pdex/conformance.ts'
import { goesOn, hasUnexpectedExtension, isFull, saysWhyMissing } from '../../pdex/consuming.ts'
import { mustSupport } from '../../pdex/must-support.ts'
import { emptyValues } from '../../pdex/soundness.ts'

export const sourcesFill = check(
  'HREX-031',
  'SHALL',
  'A source fills each must-support element somewhere',
  (transcript, scene) => neverSeen(conformances(transcript, scene, validate), scene, mustSupport),
)
export const consumersBear = check(
  'HREX-032',
  'SHALL',
  'A consumer takes filled resources and goes on',
  (transcript, scene) => goesOn(transcript, scene, isFull, 'a resource with all that its profile supports'),
)
export const requiredIsThere = check(
  'HREX-033',
  'SHALL',
  'Required elements are there and have a value',
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
export const replacedValuesAreBorne = check(
  'HREX-036',
  'SHALL',
  'A consumer takes elements whose value an extension replaces',
  (transcript, scene) => goesOn(transcript, scene, saysWhyMissing, 'an element whose value an extension replaces'),
)
export const unexpectedIsBorne = check(
  'HREX-037',
  'SHOULD NOT',
  'A consumer stops at an extension that it does not know',
  (transcript, scene) => goesOn(transcript, scene, hasUnexpectedExtension, 'an extension that no guide defines'),
)
export const referencesLeadToUsCore = check(
  'HREX-038',
  'SHOULD',
  'Referenced resources satisfy US Core',
  (transcript, scene) =>
    conforming(
      conformances(transcript, scene, validate),
      ({ received, is }) => sharedTypes.has(received.resource.resourceType) && is !== 'unprofiled',
      'referenced resources',
    ),
)

export const conformanceChecks: readonly Check[] = [
  sourcesFill,
  consumersBear,
  requiredIsThere,
  replacedValuesAreBorne,
  unexpectedIsBorne,
  referencesLeadToUsCore,
]
